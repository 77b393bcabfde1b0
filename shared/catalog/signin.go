package catalog

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Candidacy is whom a name that wants to sign in belongs to. Nobody's has the zero Account, and was
// read in just as many calls.
type Candidacy struct {
	Account registry.Account
	// Service is set when the name is a service account's client id.
	Service *registry.ServiceAccount
	// Config are the settings that were changed.
	Config registry.Config
	Tries
}

// Tries are the wrong passwords of a name or an account.
type Tries struct {
	registry.Tally
	key itemstore.Key
}

// Asked are the letters that were asked for in somebody's name.
type Asked struct {
	registry.Tally
	key itemstore.Key
}

// SignIn reads who wants to sign in by a name.
func (c *Catalog) SignIn(ctx context.Context, username string) (who Candidacy, err error) {
	if named("account", username) != nil {
		username = "-" // nobody's: names begin with a letter or digit
	}
	items, err := c.Store.Get(ctx, loginKey(username), failedKey(username), configKey)
	if err != nil {
		return who, err
	}
	who.Tries = triesOf(items[1])
	if who.Config, _, err = read[registry.Config](items[2]); err != nil {
		return who, err
	}
	l, err := readLogin(items[0])
	if err != nil {
		return who, err
	}
	if l.Service == 0 {
		who.Account, err = c.accountOrNobody(ctx, l.Account)
		return who, err
	}
	items, err = c.Store.Get(ctx, serviceKey(l.Service))
	if err != nil {
		return who, err
	}
	s, ok, err := read[registry.ServiceAccount](items[0])
	if ok {
		who.Service = &s
	}
	return who, err
}

// accountOrNobody reads an account; the zero value when there is none.
func (c *Catalog) accountOrNobody(ctx context.Context, id registry.ID) (registry.Account, error) {
	items, err := c.Store.Get(ctx, accountKey(id))
	if err != nil {
		return registry.Account{}, err
	}
	a, _, err := read[registry.Account](items[0])
	return a, err
}

// Failed counts a wrong password.
func (c *Catalog) Failed(ctx context.Context, t Tries) error {
	return c.write(ctx, unheard, changed("the count"), itemstore.AddUntil(t.key, 1, c.Now().Add(registry.FailuresLife)))
}

// Forgive forgets wrong passwords, once the right one has come.
func (c *Catalog) Forgive(ctx context.Context, t Tries) error {
	return c.write(ctx, unheard, changed("the count"), itemstore.Delete(t.key, itemstore.Condition{}))
}

func triesOf(it itemstore.Item) Tries {
	return Tries{tallyOf(it, registry.FailuresLife), it.Key}
}

// tallyOf reads a count that ends its life after its first time.
func tallyOf(it itemstore.Item, life time.Duration) registry.Tally {
	if !it.Exists() {
		return registry.Tally{}
	}
	return registry.Tally{Count: int(it.Count), Since: it.Expires.Add(-life)}
}
