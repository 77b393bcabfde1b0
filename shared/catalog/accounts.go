package catalog

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// login says whose name or address it is.
type login struct {
	Account  registry.ID `json:"account,omitempty"`
	Username string      `json:"username,omitempty"` // as the account spells it
	Service  registry.ID `json:"service,omitempty"`
}

// firstAccount says who became platform admin.
type firstAccount struct {
	Account registry.ID `json:"account"`
}

// CreateAccount writes a new account. The very first one becomes platform admin, in the same
// write, so that of two that come at once just one does. The letters go out with it. Conflict when
// name or address is taken.
func (c *Catalog) CreateAccount(ctx context.Context, a registry.Account, letters ...Mailed) (registry.Account, error) {
	first, err := c.Store.Get(ctx, firstAccountKey)
	if err != nil {
		return a, err
	}
	a.Admin = !first[0].Exists()
	err = c.createAccount(ctx, a, letters)
	if err == errNotFirst {
		a.Admin = false
		err = c.createAccount(ctx, a, letters)
	}
	return a, err
}

var errNotFirst = fmt.Errorf("another account came first")

func (c *Catalog) createAccount(ctx context.Context, a registry.Account, letters []Mailed) error {
	ops := append(newAccount(a), c.mail(letters)...)
	if a.Admin {
		ops = append(ops, create(firstAccountKey, firstAccount{a.ID}))
	}
	return c.write(ctx, events{userCreated(a)}, func(op int) error {
		if err := taken(a, op); err != nil {
			return err
		}
		return errNotFirst
	}, ops...)
}

// newAccount is what makes an account. When the operation of that index fails, taken tells why.
func newAccount(a registry.Account) []itemstore.Op {
	return []itemstore.Op{
		create(accountKey(a.ID), a),
		create(loginKey(a.Username), login{Account: a.ID, Username: a.Username}),
		create(emailKey(a.Email), login{Account: a.ID, Username: a.Username}),
		itemstore.Put(item(accountListKey(a.Username), listedAccount(a)), itemstore.Condition{}),
	}
}

func taken(a registry.Account, op int) error {
	switch op {
	case 1:
		return registry.Errorf(registry.Conflict, "the username %s is taken", a.Username)
	case 2:
		return registry.Errorf(registry.Conflict, "the e-mail address is taken")
	default:
		return nil
	}
}

func userCreated(a registry.Account) registry.Event {
	return with(accountEvent(registry.UserCreated, a), map[string]any{"email": a.Email, "name": a.Name})
}

// HasAccounts reports whether anybody has signed up yet.
func (c *Catalog) HasAccounts(ctx context.Context) (bool, error) {
	items, err := c.Store.Get(ctx, firstAccountKey)
	return err == nil && items[0].Exists(), err
}

// Account reads an account.
func (c *Catalog) Account(ctx context.Context, id registry.ID) (registry.Account, error) {
	return get[registry.Account](ctx, c, accountKey(id), "account")
}

// AccountByName reads an account by its username.
func (c *Catalog) AccountByName(ctx context.Context, username string) (registry.Account, error) {
	who, err := c.login(ctx, username)
	if err != nil || who.Account == 0 {
		return registry.Account{}, orMissing(err, "account")
	}
	return c.Account(ctx, who.Account)
}

// SaveAccount writes an account back, for what happened to it. Conflict when it has changed since it
// was read.
func (c *Catalog) SaveAccount(ctx context.Context, a registry.Account, what registry.EventType, more ...itemstore.Op) error {
	a.UpdatedAt = c.Now()
	return c.write(ctx, events{accountEvent(what, a)}, changed("the account"), append(c.putAccount(a), more...)...)
}

// putAccount is what writes an account back. The first operation holds its revision.
func (c *Catalog) putAccount(a registry.Account) []itemstore.Op {
	return []itemstore.Op{
		replace(accountKey(a.ID), a, a.Rev),
		itemstore.Put(item(accountListKey(a.Username), listedAccount(a)), itemstore.Condition{}),
	}
}

// listedAccount is the copy of an account for lists, without what nobody is shown.
func listedAccount(a registry.Account) registry.Account {
	a.PasswordHash = ""
	return a
}

// Accounts lists accounts by their user names, at most limit of them behind `after`, without their
// passwords. next is the `after` of the following page, empty on the last one.
func (c *Catalog) Accounts(ctx context.Context, after string, limit int) (list []registry.Account, next string, err error) {
	page, err := c.Store.Query(ctx, itemstore.Query{Partition: accountListKey("").Partition, After: registry.Fold(after), Limit: limit})
	if err != nil {
		return nil, "", err
	}
	list, err = readAll[registry.Account](page.Items)
	return list, page.Next, err
}

// ServiceAccountByName reads a service account by its client id.
func (c *Catalog) ServiceAccountByName(ctx context.Context, username string) (registry.ServiceAccount, error) {
	who, err := c.login(ctx, username)
	if err != nil || who.Service == 0 {
		return registry.ServiceAccount{}, orMissing(err, "service account")
	}
	return c.ServiceAccount(ctx, who.Service)
}

// login is the zero value when the name is nobody's.
func (c *Catalog) login(ctx context.Context, username string) (who login, err error) {
	if named("account", username) != nil {
		return who, nil
	}
	items, err := c.Store.Get(ctx, loginKey(username))
	if err != nil {
		return who, err
	}
	return readLogin(items[0])
}

// readLogin is the zero value for an absent item.
func readLogin(it itemstore.Item) (who login, err error) {
	if it.Exists() {
		err = json.Unmarshal(it.Doc, &who)
	}
	return who, err
}

func orMissing(err error, what string) error {
	if err != nil {
		return err
	}
	return registry.Missing(what)
}
