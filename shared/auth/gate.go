package auth

import (
	"context"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Gate reads records for a caller. What the caller may not see is NotFound, just as what does not
// exist; what the caller may see but not do is Forbidden.
type Gate struct {
	Catalog *catalog.Catalog
}

// Organization reads an organization in which the caller has at least the role.
func (g Gate) Organization(ctx context.Context, caller registry.Caller, name string, need registry.Role) (registry.Organization, registry.Role, error) {
	o, m, err := g.Catalog.OrganizationAccess(ctx, caller.Account, name)
	if err != nil {
		return o, registry.RoleNone, err
	}
	role := roleOf(caller, o, m)
	if role == registry.RoleNone {
		return o, role, registry.Missing("organization")
	}
	return o, role, enough(role, need)
}

// Tree reads a box with its versions, and the caller's role. One Query for a public box.
func (g Gate) Tree(ctx context.Context, caller registry.Caller, organization, box string) (catalog.Tree, registry.Role, error) {
	tree, err := g.Catalog.Tree(ctx, organization, box)
	if err != nil {
		return tree, registry.RoleNone, err
	}
	if tree.Box.Public && !caller.Known() {
		return tree, registry.RoleNone, nil
	}
	role, err := g.role(ctx, caller, organization)
	if err == nil && !tree.Box.Public && role == registry.RoleNone {
		err = registry.Missing("box")
	}
	return tree, role, err
}

// ReadBox reads a box, and the version of that number when n is not empty. To who is no member, a
// version that is not released does not exist.
func (g Gate) ReadBox(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (catalog.BoxAccess, error) {
	a, err := g.access(ctx, caller, organization, box, n)
	if err != nil {
		return a, err
	}
	if n != "" && (a.Version == nil || a.Role == registry.RoleNone && a.Version.Status != registry.Active) {
		return a, registry.Missing("version")
	}
	return a, nil
}

// WriteBox reads a box that the caller may change: an own one, or any as admin or owner of its
// organization. The version of that number comes along when n is not empty; nil when there is
// none.
func (g Gate) WriteBox(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (catalog.BoxAccess, error) {
	if !caller.Known() {
		return catalog.BoxAccess{}, registry.NotSignedIn()
	}
	a, err := g.access(ctx, caller, organization, box, n)
	if err != nil {
		return a, err
	}
	if a.Role == registry.RoleMember && a.Box.Creator == caller.Account {
		return a, nil
	}
	return a, enough(a.Role, registry.RoleAdmin)
}

// WriteVersion is WriteBox with a version that must be there.
func (g Gate) WriteVersion(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (catalog.BoxAccess, error) {
	a, err := g.WriteBox(ctx, caller, organization, box, n)
	if err == nil && a.Version == nil {
		err = registry.Missing("version")
	}
	return a, err
}

func (g Gate) access(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (catalog.BoxAccess, error) {
	a, err := g.Catalog.BoxAccess(ctx, caller.Account, organization, box, n)
	if err != nil {
		return a, err
	}
	a.Role = roleOf(caller, a.Organization, a.Role)
	if !a.Box.Public && a.Role == registry.RoleNone {
		return a, registry.Missing("box")
	}
	return a, nil
}

// role reads the caller's role in an organization.
func (g Gate) role(ctx context.Context, caller registry.Caller, organization string) (registry.Role, error) {
	if !caller.Known() {
		return registry.RoleNone, nil
	}
	o, m, err := g.Catalog.OrganizationAccess(ctx, caller.Account, organization)
	return roleOf(caller, o, m), err
}

// roleOf is the role that a membership gives: a platform admin is an owner everywhere, and a
// service account is nobody outside its own organization.
func roleOf(caller registry.Caller, o registry.Organization, member registry.Role) registry.Role {
	switch {
	case caller.Admin:
		return registry.RoleOwner
	case caller.ServiceAccount != 0 && caller.ScopeID != o.ID:
		return registry.RoleNone
	default:
		return member
	}
}

func enough(have, need registry.Role) error {
	if have < need {
		return registry.Denied(need.String(), have.String())
	}
	return nil
}
