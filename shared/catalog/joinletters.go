package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Letters about joining go to addresses that are proven, and to no others: else somebody could have
// them sent to anyone, by asking an organization of the own.

// maxTold is how many admins are written to about who asks.
const maxTold = 20

// TellAdmins writes to the admins and owners of an organization that somebody asks to join, once in a
// while for each who asks. The event may come more than once.
func (c *Catalog) TellAdmins(ctx context.Context, asked registry.Event) error {
	o, err := c.Organization(ctx, asked.Organization)
	if err != nil || o.ID != asked.OrganizationID {
		return unlessMissing(err)
	}
	admins, err := c.admins(ctx, o)
	if err != nil {
		return err
	}
	mark := itemstore.Item{Key: toldKey(o.Home, asked.About()), Doc: []byte("{}"), Expires: c.Now().Add(registry.JoinLetterPause)}
	ops := []itemstore.Op{itemstore.Put(mark, itemstore.Absent())}
	by, _ := asked.Data["username"].(string)
	for _, a := range admins {
		if a.Verified && !a.Suspended {
			ops = append(ops, c.dueLetter(registry.Letter{
				Kind: registry.LetterJoinRequested, To: a.Email, Username: a.Username, By: by, Organization: o.Name,
			}))
		}
	}
	return c.write(ctx, unheard, func(int) error { return nil }, ops...) // told before: nothing to do
}

// admins reads the accounts of admins and owners, at most maxTold of them.
func (c *Catalog) admins(ctx context.Context, o registry.Organization) ([]registry.Account, error) {
	members, err := c.Members(ctx, o)
	if err != nil {
		return nil, err
	}
	var keys []itemstore.Key
	for _, m := range members {
		if m.Role >= registry.RoleAdmin && len(keys) < maxTold {
			keys = append(keys, accountKey(m.Account))
		}
	}
	items, err := c.Store.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	return readAll[registry.Account](items)
}

// TellAsker writes to somebody whose request to join an organization was decided.
func (c *Catalog) TellAsker(ctx context.Context, decided registry.Event, kind registry.LetterKind) error {
	a, err := c.Account(ctx, decided.About())
	if err != nil || !a.Verified || a.Suspended {
		return unlessMissing(err)
	}
	text, _ := decided.Data["role"].(string)
	role, _ := registry.ParseRole(text) // none when it was denied
	return c.Send(ctx, registry.Letter{
		Kind: kind, To: a.Email, Username: a.Username, Organization: decided.Organization, Role: role,
	})
}
