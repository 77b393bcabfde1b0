package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// join is what makes an account a member.
func (c *Catalog) join(o registry.Organization, account registry.ID, username string, role registry.Role) []itemstore.Op {
	m := registry.Membership{
		Account: account, Username: username, OrganizationID: o.ID, Home: o.Home, Role: role, JoinedAt: c.Now(),
	}
	return []itemstore.Op{
		create(memberKey(o.Home, account), m),
		// Of an earlier organization there may be one left here.
		itemstore.Put(item(accountMemberKey(account, o.Home), m), itemstore.Condition{}),
	}
}

// Members lists the members of an organization.
func (c *Catalog) Members(ctx context.Context, o registry.Organization) ([]registry.Membership, error) {
	list, err := all[registry.Membership](ctx, c, itemstore.Query{
		Partition: organizationKey(o.Home).Partition, Prefix: memberPrefix,
	})
	members := list[:0]
	for _, m := range list {
		if m.OrganizationID == o.ID {
			m.Organization = o.Name
			members = append(members, m)
		}
	}
	return members, err
}

// MembershipsOf lists the organizations of an account, by the names they have now.
func (c *Catalog) MembershipsOf(ctx context.Context, id registry.ID) ([]registry.Membership, error) {
	memberships, _, err := c.OrganizationsOf(ctx, id)
	return memberships, err
}

// OrganizationsOf lists the memberships of an account with their organizations.
func (c *Catalog) OrganizationsOf(ctx context.Context, id registry.ID) (memberships []registry.Membership, organizations []registry.Organization, err error) {
	list, err := all[registry.Membership](ctx, c, itemstore.Query{
		Partition: accountKey(id).Partition, Prefix: memberPrefix,
	})
	if err != nil {
		return nil, nil, err
	}
	homes := make([]string, len(list))
	for i, m := range list {
		homes[i] = m.Home
	}
	found, err := c.organizationsAt(ctx, homes)
	if err != nil {
		return nil, nil, err
	}
	for i, m := range list {
		if o := found[i]; o.ID == m.OrganizationID && !o.Deleting {
			m.Organization = o.Name
			memberships, organizations = append(memberships, m), append(organizations, o)
		}
	}
	return memberships, organizations, nil
}

// organizationsAt reads the organizations at some homes; the zero value is none.
func (c *Catalog) organizationsAt(ctx context.Context, homes []string) ([]registry.Organization, error) {
	keys := make([]itemstore.Key, len(homes))
	for i, home := range homes {
		keys[i] = organizationKey(home)
	}
	items, err := c.getAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	list := make([]registry.Organization, len(items))
	for i, it := range items {
		if list[i], _, err = read[registry.Organization](it); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// AddMember makes an account a member. Conflict when it is one already.
func (c *Catalog) AddMember(ctx context.Context, o registry.Organization, who Candidate, role registry.Role) error {
	ops := append(c.join(o, who.Account, who.Username, role), c.admission(o, registry.RoleNone, role)...)
	e := memberEvent(registry.MemberAdded, o, who.Account, who.Username, role)
	return c.write(ctx, events{e}, func(op int) error {
		if op == 0 {
			return registry.Errorf(registry.Conflict, "%s is already a member of %s", who.Username, o.Name)
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
	e := memberEvent(registry.MemberRoleChanged, o, m.Account, m.Username, role)
	e.Data["roleBefore"] = m.Role.String()
	return c.write(ctx, events{e}, changed("the membership"), append(c.admission(o, m.Role, role),
		replace(memberKey(o.Home, m.Account), after, m.Rev),
		itemstore.Put(item(accountMemberKey(m.Account, o.Home), after), itemstore.Exists()),
	)...)
}

// RemoveMember ends a membership, by leaving or by being removed: from then on the account and its
// service accounts have no more right in the organization than a stranger. Conflict for the last
// owner.
func (c *Catalog) RemoveMember(ctx context.Context, o registry.Organization, m registry.Membership) error {
	if err := keepsOwner(o, m.Role, registry.RoleNone); err != nil {
		return err
	}
	e := memberEvent(registry.MemberRemoved, o, m.Account, m.Username, m.Role)
	return c.write(ctx, events{e}, changed("the membership"), append(c.admission(o, m.Role, registry.RoleNone),
		itemstore.Delete(memberKey(o.Home, m.Account), itemstore.Rev(m.Rev)),
		itemstore.Delete(accountMemberKey(m.Account, o.Home), itemstore.Condition{}),
	)...)
}

// admission keeps the counts of members and owners right, when an account's role changes. The
// organization must be as it was read: a membership that came while it was being deleted would be one
// in a later organization of its name.
func (c *Catalog) admission(o registry.Organization, before, after registry.Role) []itemstore.Op {
	o = counted(o, before, after)
	return append([]itemstore.Op{replace(organizationKey(o.Home), o, o.Rev)}, listOrganization(o)...)
}

func counted(o registry.Organization, before, after registry.Role) registry.Organization {
	o.Members += counts(after != registry.RoleNone) - counts(before != registry.RoleNone)
	o.Owners += counts(after == registry.RoleOwner) - counts(before == registry.RoleOwner)
	return o
}

func counts(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func keepsOwner(o registry.Organization, before, after registry.Role) error {
	if before == registry.RoleOwner && after != registry.RoleOwner && o.Owners < 2 {
		return registry.Errorf(registry.Conflict, "%s needs an owner: make someone else owner first", o.Name)
	}
	return nil
}
