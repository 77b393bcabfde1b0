package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// BoxAccess is what must be read to decide what an account may do with a box, and to do it: one
// Get for all of it.
type BoxAccess struct {
	Box          registry.Box
	Role         registry.Role // of the account in the box's organization
	Organization registry.Organization
	Version      *registry.Version // when a number was asked for and there is such a version
	Upload       *registry.Upload  // when an id was asked for and there is such an upload
	// Gone tells, of a box that was read by its home, that a file has left its URL a short while ago.
	Gone bool
}

// Wanted is what is read together with a box.
type Wanted struct {
	Number registry.Number // of a version; empty for none
	Upload string          // id of an upload; empty for none
}

// BoxAccess reads a box (NotFound when there is none) with the account's role in the organization,
// the organization, and what else is wanted. An account of 0 is a stranger.
func (c *Catalog) BoxAccess(ctx context.Context, account registry.ID, organization, box string, want Wanted) (a BoxAccess, err error) {
	if err := named("box", box); err != nil {
		return a, err
	}
	if want.Upload != "" {
		if err := named("upload", want.Upload); err != nil {
			return a, err
		}
	}
	o, items, err := c.inOrganization(ctx, organization, func(home string) []itemstore.Key {
		keys := []itemstore.Key{boxKey(home, box), memberKey(home, account)}
		return append(keys, want.keys(boxHome(home, box))...)
	})
	if err != nil {
		return a, err
	}
	a.Organization = o
	if a.Box, err = boxOf(o, items[0]); err != nil {
		return a, err
	}
	m, err := memberOf(o, items[1])
	if err != nil {
		return a, err
	}
	a.Role = m.Role
	return a, c.belongings(ctx, &a, boxHome(o.Home, box), want, items[2:])
}

func (w Wanted) keys(home string) (keys []itemstore.Key) {
	if w.Number != "" {
		keys = append(keys, versionKey(home, w.Number))
	}
	if w.Upload != "" {
		keys = append(keys, uploadKey(home, w.Upload))
	}
	return keys
}

// belongings decodes what was read at a guessed home of the box; one that was renamed has another.
func (c *Catalog) belongings(ctx context.Context, a *BoxAccess, guess string, want Wanted, items []itemstore.Item) (err error) {
	if a.Box.Home != guess && len(items) > 0 {
		if items, err = c.Store.Get(ctx, want.keys(a.Box.Home)...); err != nil {
			return err
		}
	}
	if want.Number != "" {
		v, ok, err := read[registry.Version](items[0])
		if err != nil {
			return err
		}
		if ok && a.Box.Has(v) {
			a.Version = &v
		}
		items = items[1:]
	}
	if want.Upload != "" {
		u, ok, err := read[registry.Upload](items[0])
		if err != nil {
			return err
		}
		if ok && u.BoxID == a.Box.ID && u.Keeps == 0 { // a mirror's are its own business
			a.Upload = &u
		}
	}
	return nil
}
