package catalog

import (
	"context"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// homes remembers organizations by the names that were asked for. Where an organization is kept
// stays true for as long as it exists, so a belief saves the second read that a renamed one would
// need; what else is remembered is believed for organizationLife, and only where strangers read
// public boxes.
type homes struct {
	mu    sync.RWMutex
	known map[string]remembered
	// age counts how often everything was forgotten: what was read before is not learnt after.
	age int
}

type remembered struct {
	organization registry.Organization
	at           time.Time
}

// organizationLife is how long another process may go on to show the public boxes of an
// organization that was suspended or renamed. The process that did it forgets at once.
const organizationLife = 5 * time.Second

// maxHomes bounds the memory; beyond it everything is forgotten.
const maxHomes = 10_000

func (h *homes) of(name string) (r remembered, age int, ok bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r, ok = h.known[registry.Fold(name)]
	return r, h.age, ok
}

func (h *homes) learn(name string, age int, r remembered) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if age != h.age {
		return
	}
	if h.known == nil || len(h.known) >= maxHomes {
		h.known = map[string]remembered{}
	}
	h.known[registry.Fold(name)] = r
}

// forget is called after every write to an organization's record.
func (h *homes) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = nil
	h.age++
}

// inOrganization reads an organization together with what is kept at its home. NotFound when no
// organization has or had the name. Where the name is not the one it has now, that is for the
// caller to tell (registry.Organization.Name).
func (c *Catalog) inOrganization(ctx context.Context, name string, more func(home string) []itemstore.Key) (o registry.Organization, items []itemstore.Item, err error) {
	if err := named("organization", name); err != nil {
		return o, nil, err
	}
	home := registry.Fold(name)
	r, age, ok := c.homes.of(name)
	if ok {
		home = r.organization.Home
	}
	now := c.Now()
	for range 3 { // a name leads to a home, or what was believed is no more
		items, err = c.Store.Get(ctx, append([]itemstore.Key{organizationKey(home)}, more(home)...)...)
		if err != nil {
			return o, nil, err
		}
		var next string
		if o, next, err = c.settle(items[0], name, home); err != nil {
			return o, nil, err
		}
		if next == "" {
			c.homes.learn(name, age, remembered{o, now})
			return o, items[1:], nil
		}
		home = next
	}
	return o, nil, registry.Missing("organization")
}

// settle decodes what was found at a home: the organization, or where else to look for it.
func (c *Catalog) settle(it itemstore.Item, name, home string) (o registry.Organization, next string, err error) {
	o, ok, err := read[registry.Organization](it)
	switch folded := registry.Fold(name); {
	case err != nil:
		return o, "", err
	case ok && o.ID == 0: // one of its other names
		return o, o.Home, nil
	case ok && !o.Deleting && o.LedToBy(folded):
		return o, "", nil
	case home != folded: // what was believed is not true any more
		c.homes.forget()
		return o, folded, nil
	default:
		return o, "", registry.Missing("organization")
	}
}

// OrganizationSeen is Organization as it was a moment ago at the most: one that is remembered is not
// read again.
func (c *Catalog) OrganizationSeen(ctx context.Context, name string) (registry.Organization, error) {
	if r, _, ok := c.homes.of(name); ok && c.Now().Sub(r.at) < organizationLife {
		return r.organization, nil
	}
	return c.Organization(ctx, name)
}
