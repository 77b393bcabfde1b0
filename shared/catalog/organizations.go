package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateOrganization writes a new organization with its creator as the owner. It becomes the
// creator's primary organization when there was none. Conflict when the name is taken.
func (c *Catalog) CreateOrganization(ctx context.Context, o registry.Organization, owner registry.Account) error {
	o.Owners = 1
	ops := append([]itemstore.Op{create(organizationKey(o.Name), o)}, c.join(o.Name, &owner, registry.RoleOwner)...)
	return c.write(ctx, func(op int) error {
		if op == 0 {
			return registry.Errorf(registry.Conflict, "the organization %s already exists", o.Name)
		}
		return changed("the account")(op)
	}, ops...)
}

// join is what makes an account a member.
func (c *Catalog) join(organization string, a *registry.Account, role registry.Role) []itemstore.Op {
	m := registry.Membership{
		Account: a.ID, Username: a.Username, Organization: organization, Role: role, JoinedAt: c.Now(),
	}
	ops := []itemstore.Op{
		create(memberKey(organization, a.ID), m),
		create(accountMemberKey(a.ID, organization), m),
	}
	if a.Primary == "" {
		a.Primary = organization
		ops = append(ops, replace(accountKey(a.ID), *a, a.Rev))
	}
	return ops
}

// Organization reads an organization.
func (c *Catalog) Organization(ctx context.Context, name string) (registry.Organization, error) {
	return get[registry.Organization](ctx, c, organizationKey(name), "organization")
}

// SaveOrganization writes an organization back. Conflict when it has changed since it was read.
func (c *Catalog) SaveOrganization(ctx context.Context, o registry.Organization) error {
	o.UpdatedAt = c.Now()
	return c.write(ctx, changed("the organization"), replace(organizationKey(o.Name), o, o.Rev))
}

// Membership reads an account's membership in an organization; the zero value is none.
func (c *Catalog) Membership(ctx context.Context, organization string, id registry.ID) (registry.Membership, error) {
	items, err := c.Store.Get(ctx, memberKey(organization, id))
	if err != nil {
		return registry.Membership{}, err
	}
	m, _, err := read[registry.Membership](items[0])
	return m, err
}

// Members lists the members of an organization.
func (c *Catalog) Members(ctx context.Context, organization string) ([]registry.Membership, error) {
	return all[registry.Membership](ctx, c, itemstore.Query{
		Partition: organizationKey(organization).Partition, Prefix: memberPrefix,
	})
}

// MembershipsOf lists the organizations of an account.
func (c *Catalog) MembershipsOf(ctx context.Context, id registry.ID) ([]registry.Membership, error) {
	return all[registry.Membership](ctx, c, itemstore.Query{
		Partition: accountKey(id).Partition, Prefix: memberPrefix,
	})
}

// AddMember makes an account a member. Conflict when it is one already, or the organization is being
// deleted.
func (c *Catalog) AddMember(ctx context.Context, o registry.Organization, a registry.Account, role registry.Role) error {
	if o.Deleting {
		return registry.Errorf(registry.Conflict, "%s is being deleted", o.Name)
	}
	ops := append([]itemstore.Op{c.owners(o, registry.RoleNone, role)}, c.join(o.Name, &a, role)...)
	return c.write(ctx, func(op int) error {
		if op == 1 || op == 2 {
			return registry.Errorf(registry.Conflict, "%s is already a member of %s", a.Username, o.Name)
		}
		return changed("the organization")(op)
	}, ops...)
}

// SetRole gives a member another role. The organization keeps an owner: Conflict for its last one.
func (c *Catalog) SetRole(ctx context.Context, o registry.Organization, m registry.Membership, role registry.Role) error {
	if err := keepsOwner(o, m.Role, role); err != nil {
		return err
	}
	after := m
	after.Role = role
	return c.write(ctx, changed("the membership"),
		c.owners(o, m.Role, role),
		replace(memberKey(o.Name, m.Account), after, m.Rev),
		itemstore.Put(item(accountMemberKey(m.Account, o.Name), after), itemstore.Exists()),
	)
}

// RemoveMember ends a membership, by leaving or by being removed: from then on the account and its
// service accounts have no more right in the organization than a stranger. Conflict for the last
// owner. A primary organization moves on to another one of the account's, if there is one.
func (c *Catalog) RemoveMember(ctx context.Context, o registry.Organization, m registry.Membership) error {
	if err := keepsOwner(o, m.Role, registry.RoleNone); err != nil {
		return err
	}
	leave, err := c.leave(ctx, m)
	if err != nil {
		return err
	}
	return c.write(ctx, changed("the membership"), append(leave, c.owners(o, m.Role, registry.RoleNone))...)
}

// leave is what ends a membership: leaveOps operations at most.
func (c *Catalog) leave(ctx context.Context, m registry.Membership) ([]itemstore.Op, error) {
	ops := []itemstore.Op{
		itemstore.Delete(memberKey(m.Organization, m.Account), itemstore.Rev(m.Rev)),
		itemstore.Delete(accountMemberKey(m.Account, m.Organization), itemstore.Condition{}),
	}
	a, err := c.Account(ctx, m.Account)
	if registry.KindOf(err) == registry.NotFound {
		return ops, nil
	}
	if err != nil || !registry.SameName(a.Primary, m.Organization) {
		return ops, err
	}
	a.Primary, err = c.otherOrganization(ctx, a.ID, m.Organization)
	return append(ops, replace(accountKey(a.ID), a, a.Rev)), err
}

const leaveOps = 3

func (c *Catalog) otherOrganization(ctx context.Context, id registry.ID, not string) (string, error) {
	list, err := c.MembershipsOf(ctx, id)
	for _, m := range list {
		if !registry.SameName(m.Organization, not) {
			return m.Organization, err
		}
	}
	return "", err
}

// owners keeps the count of owners right. Either way the organization must be as it was read: a
// membership that came while it was being deleted would be one in a later organization of its name.
func (c *Catalog) owners(o registry.Organization, before, after registry.Role) itemstore.Op {
	delta := 0
	if before == registry.RoleOwner {
		delta--
	}
	if after == registry.RoleOwner {
		delta++
	}
	if delta == 0 {
		return itemstore.Check(organizationKey(o.Name), itemstore.Rev(o.Rev))
	}
	o.Owners += delta
	return replace(organizationKey(o.Name), o, o.Rev)
}

func keepsOwner(o registry.Organization, before, after registry.Role) error {
	if before == registry.RoleOwner && after != registry.RoleOwner && o.Owners < 2 {
		return registry.Errorf(registry.Conflict, "%s needs an owner: make someone else owner first", o.Name)
	}
	return nil
}

// OrganizationAccess reads an organization and the role an account has in it, in one Get. An
// account of 0 is a stranger.
func (c *Catalog) OrganizationAccess(ctx context.Context, account registry.ID, name string) (o registry.Organization, role registry.Role, err error) {
	if err := named("organization", name); err != nil {
		return o, role, err
	}
	items, err := c.Store.Get(ctx, organizationKey(name), memberKey(name, account))
	if err != nil {
		return o, role, err
	}
	if o, err = present[registry.Organization](items[0], "organization"); err != nil {
		return o, role, err
	}
	m, _, err := read[registry.Membership](items[1])
	return o, m.Role, err
}
