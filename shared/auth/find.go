package auth

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// Find searches the boxes that the caller may see: public ones, and private ones of his organizations.
// A platform admin sees private ones of any organization that the query names. A page may be short,
// or even empty, and still have a next.
func (g Gate) Find(ctx context.Context, caller registry.Caller, q search.Query) (list []catalog.Found, next string, err error) {
	if q, err = q.Checked(); err != nil || q.Hopeless() {
		return nil, "", err
	}
	members, home, err := g.reach(ctx, caller, q.Organization)
	if registry.KindOf(err) == registry.NotFound {
		return nil, "", nil // an organization that is not there has no boxes
	}
	if err != nil {
		return nil, "", err
	}
	found, next, err := g.Catalog.Find(ctx, q, home, members)
	for _, f := range found {
		shown := f.Box.Open() || slices.Contains(members, f.Organization.ID)
		if shown && (!f.Organization.Suspended || caller.Admin) {
			list = append(list, f)
		}
	}
	return list, next, err
}

// reach returns the organizations whose private boxes the caller sees, and the home of the one that
// was asked for, if any.
func (g Gate) reach(ctx context.Context, caller registry.Caller, organization string) (members []registry.ID, home string, err error) {
	if organization != "" {
		o, role, err := g.look(ctx, caller, organization)
		if role != registry.RoleNone {
			members = []registry.ID{o.ID}
		}
		return members, o.Home, err
	}
	if !caller.Known() {
		return nil, "", nil
	}
	memberships, err := g.Catalog.MembershipsOf(ctx, caller.Account)
	for _, m := range memberships {
		if caller.ServiceAccount == 0 || caller.Scope == m.OrganizationID {
			members = append(members, m.OrganizationID)
		}
	}
	return members, "", err
}
