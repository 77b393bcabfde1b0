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
	return admit(caller, o, m, name, need, err)
}

// Home is Organization by the home of the organization, whatever it is called.
func (g Gate) Home(ctx context.Context, caller registry.Caller, home string, need registry.Role) (registry.Organization, error) {
	o, m, err := g.Catalog.OrganizationAccess(ctx, caller.Account, home)
	o, _, err = admit(caller, o, m, o.Name, need, err)
	return o, err
}

// Member is Organization with the membership of another account, which must be there.
func (g Gate) Member(ctx context.Context, caller registry.Caller, name string, id registry.ID, need registry.Role) (registry.Organization, registry.Role, registry.Membership, error) {
	o, have, m, err := g.Catalog.MemberAccess(ctx, caller.Account, name, id)
	o, role, err := admit(caller, o, have, name, need, err)
	if err == nil && m.Role == registry.RoleNone {
		err = registry.Missing("member")
	}
	return o, role, m, err
}

// JoinRequest is Organization with a request to join it, which must be there.
func (g Gate) JoinRequest(ctx context.Context, caller registry.Caller, name string, id registry.ID, need registry.Role) (registry.Organization, registry.Role, registry.JoinRequest, error) {
	o, have, r, err := g.Catalog.RequestAccess(ctx, caller.Account, name, id)
	o, role, err := admit(caller, o, have, name, need, err)
	if err == nil && r == nil {
		err = registry.Missing("request")
	}
	if err != nil {
		return o, role, registry.JoinRequest{}, err
	}
	return o, role, *r, nil
}

// Webhooks is Organization with its webhooks, and the delivery that is wanted with them.
func (g Gate) Webhooks(ctx context.Context, caller registry.Caller, name string, want catalog.WantedDelivery, need registry.Role) (catalog.Webhooks, error) {
	w, have, err := g.Catalog.WebhookAccess(ctx, caller.Account, name, want)
	_, _, err = admit(caller, w.Organization, have, name, need, err)
	return w, err
}

// Candidate is Organization with the account of a user name, which must be there.
func (g Gate) Candidate(ctx context.Context, caller registry.Caller, name, username string, need registry.Role) (registry.Organization, catalog.Candidate, error) {
	o, have, who, err := g.Catalog.CandidateAccess(ctx, caller.Account, name, username)
	o, _, err = admit(caller, o, have, name, need, err)
	if err == nil && who.Account == 0 {
		err = registry.Missing("account")
	}
	return o, who, err
}

// admit holds a caller with a membership against the role that is needed.
func admit(caller registry.Caller, o registry.Organization, member registry.Role, name string, need registry.Role, err error) (registry.Organization, registry.Role, error) {
	if err != nil {
		return o, registry.RoleNone, err
	}
	role := roleOf(caller, o, member)
	if role == registry.RoleNone {
		return o, role, registry.Missing("organization")
	}
	if err := usable(caller, o, role, name); err != nil {
		return o, role, err
	}
	return o, role, enough(role, need)
}

// usable is an error for an organization that was suspended, or that has another name now. It is
// for a caller who may see that.
func usable(caller registry.Caller, o registry.Organization, role registry.Role, name string) error {
	switch {
	case o.Suspended && role == registry.RoleNone:
		return registry.Missing("organization")
	case o.Suspended && !caller.Admin:
		return registry.Errorf(registry.Forbidden, "the organization %s is suspended: ask the platform's administrator", o.Name)
	case !registry.SameName(o.Name, name):
		return registry.Errorf(registry.Renamed, "the organization %s is called %s now", name, o.Name).With("renamedTo", o.Name)
	}
	return nil
}

// Tree reads a box with its versions, and the caller's role. One Query for a stranger, who may be
// shown the organization as it was a moment ago. NotFound comes with the organization, where there is
// one.
func (g Gate) Tree(ctx context.Context, caller registry.Caller, organization, box string) (catalog.Tree, registry.Role, error) {
	o, role, err := g.look(ctx, caller, organization)
	if err != nil {
		return catalog.Tree{}, role, boxMissing(err)
	}
	tree, err := g.Catalog.Tree(ctx, o, box)
	if err == nil && !tree.Box.Open() && role == registry.RoleNone {
		err = registry.Missing("box")
	}
	if err == nil {
		err = boxMissing(usable(caller, o, role, organization))
	}
	return tree, role, err
}

// View reads an organization for a caller who may be nobody in it, and sees what is public then.
func (g Gate) View(ctx context.Context, caller registry.Caller, name string) (registry.Organization, registry.Role, error) {
	o, role, err := g.look(ctx, caller, name)
	if err == nil {
		err = usable(caller, o, role, name)
	}
	return o, role, err
}

// look reads an organization and the caller's role in it.
func (g Gate) look(ctx context.Context, caller registry.Caller, name string) (registry.Organization, registry.Role, error) {
	if !caller.Known() {
		o, err := g.Catalog.OrganizationSeen(ctx, name)
		return o, registry.RoleNone, err
	}
	o, m, err := g.Catalog.OrganizationAccess(ctx, caller.Account, name)
	return o, roleOf(caller, o, m), err
}

// MaySee reports whether a caller, who is a member with that role or none, may see a box that was read
// with others.
func (g Gate) MaySee(caller registry.Caller, o registry.Organization, member registry.Role, b registry.Box) bool {
	role := roleOf(caller, o, member)
	return (b.Open() || role != registry.RoleNone) && usable(caller, o, role, o.Name) == nil
}

// boxMissing does not tell a missing organization from a missing box.
func boxMissing(err error) error {
	if registry.KindOf(err) == registry.NotFound {
		return registry.Missing("box")
	}
	return err
}

// ReadBox reads a box, and the version of that number when n is not empty. To who is no member, a
// version that is not released does not exist.
func (g Gate) ReadBox(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (catalog.BoxAccess, error) {
	a, err := g.access(ctx, caller, organization, box, catalog.Wanted{Number: n})
	if err != nil {
		return a, err
	}
	if n != "" && (a.Version == nil || a.Role == registry.RoleNone && a.Version.Status != registry.Active) {
		return a, registry.Missing("version")
	}
	return a, nil
}

// WriteBox reads a box that the caller may change: an own one, or any as admin or owner of its
// organization. What is wanted with it comes along; nil when there is none.
func (g Gate) WriteBox(ctx context.Context, caller registry.Caller, organization, box string, want catalog.Wanted) (catalog.BoxAccess, error) {
	if !caller.Known() {
		return catalog.BoxAccess{}, registry.NotSignedIn()
	}
	a, err := g.access(ctx, caller, organization, box, want)
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
	a, err := g.WriteBox(ctx, caller, organization, box, catalog.Wanted{Number: n})
	if err == nil && a.Version == nil {
		err = registry.Missing("version")
	}
	return a, err
}

func (g Gate) access(ctx context.Context, caller registry.Caller, organization, box string, want catalog.Wanted) (catalog.BoxAccess, error) {
	a, err := g.Catalog.BoxAccess(ctx, caller.Account, organization, box, want)
	if err != nil {
		return a, boxMissing(err)
	}
	a.Role = roleOf(caller, a.Organization, a.Role)
	if !a.Box.Open() && a.Role == registry.RoleNone {
		return a, registry.Missing("box")
	}
	return a, boxMissing(usable(caller, a.Organization, a.Role, organization))
}

// roleOf is the role that a membership gives: a platform admin is an owner everywhere, and a
// service account is nobody outside its own organization.
func roleOf(caller registry.Caller, o registry.Organization, member registry.Role) registry.Role {
	switch {
	case caller.Admin:
		return registry.RoleOwner
	case caller.ServiceAccount != 0 && caller.Scope != o.ID:
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
