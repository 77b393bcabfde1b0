package catalog

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateOrganization writes a new organization with its creator as the owner. It becomes the
// creator's primary organization when there was none. Conflict when the name is taken.
func (c *Catalog) CreateOrganization(ctx context.Context, o registry.Organization, owner registry.Account) (registry.Organization, error) {
	o.Owners, o.Members, o.Home = 1, 1, registry.Fold(o.Name)
	ops := append([]itemstore.Op{create(organizationKey(o.Home), o)}, c.join(o, owner.ID, owner.Username, registry.RoleOwner)...)
	if owner.Primary == "" {
		owner.Primary = o.Home
		ops = append(ops, c.putAccount(owner)...)
	}
	err := c.write(ctx, events{organizationEvent(registry.OrganizationCreated, o)}, func(op int) error {
		if op == 0 {
			return registry.Errorf(registry.Conflict, "the organization %s already exists", o.Name)
		}
		return changed("the account")(op)
	}, append(ops, listOrganization(o)...)...)
	return o, err
}

// listOrganization keeps the lists right: of all, and of those that everyone may find.
func listOrganization(o registry.Organization) []itemstore.Op {
	open := itemstore.Delete(openOrganizationKey(o.Home), itemstore.Condition{})
	if o.Listed() {
		open = itemstore.Put(item(openOrganizationKey(o.Home), o), itemstore.Condition{})
	}
	all := itemstore.Put(item(organizationListKey(o.Home), o), itemstore.Condition{})
	if o.Deleting {
		all = itemstore.Delete(organizationListKey(o.Home), itemstore.Condition{})
	}
	return []itemstore.Op{all, open}
}

// SaveOrganization writes an organization back, for what happened to it. Conflict when it has
// changed since it was read.
func (c *Catalog) SaveOrganization(ctx context.Context, o registry.Organization, what registry.EventType) error {
	o.UpdatedAt = c.Now()
	ops := append([]itemstore.Op{replace(organizationKey(o.Home), o, o.Rev)}, listOrganization(o)...)
	return c.write(ctx, events{organizationEvent(what, o)}, changed("the organization"), ops...)
}

// maxNames is how many names can lead to an organization beside its first one; the oldest is given
// up then.
const maxNames = 10

// RenameOrganization gives an organization another name, at once for all that belongs to it; the
// names it had go on to lead to it. Conflict when the name is taken.
func (c *Catalog) RenameOrganization(ctx context.Context, o registry.Organization, name string) (registry.Organization, error) {
	before, folded := o.Name, registry.Fold(name)
	o.Name, o.UpdatedAt = name, c.Now()
	known := folded == o.Home || slices.Contains(o.Names, folded)
	var ops []itemstore.Op
	if !known {
		ops = append(ops, create(organizationKey(folded), registry.Organization{Home: o.Home}))
		if o.Names = append(o.Names, folded); len(o.Names) > maxNames {
			ops = append(ops, itemstore.Delete(organizationKey(o.Names[0]), itemstore.Condition{}))
			o.Names = o.Names[1:]
		}
	}
	ops = append(ops, replace(organizationKey(o.Home), o, o.Rev))
	e := organizationEvent(registry.OrganizationRenamed, o)
	e.Data["renamedFrom"] = before
	err := c.write(ctx, events{e}, func(op int) error {
		if op == 0 && !known {
			return registry.Errorf(registry.Conflict, "the organization %s already exists", name)
		}
		return changed("the organization")(op)
	}, append(ops, listOrganization(o)...)...)
	return o, err
}

// Organization reads an organization by a name it has or had.
func (c *Catalog) Organization(ctx context.Context, name string) (registry.Organization, error) {
	o, _, err := c.inOrganization(ctx, name, func(string) []itemstore.Key { return nil })
	return o, err
}

// OrganizationAccess reads an organization and the role an account has in it, in one Get. An
// account of 0 is a stranger.
func (c *Catalog) OrganizationAccess(ctx context.Context, account registry.ID, name string) (registry.Organization, registry.Role, error) {
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return []itemstore.Key{memberKey(home, account)}
	})
	if err != nil {
		return o, registry.RoleNone, err
	}
	m, err := memberOf(o, items[0])
	return o, m.Role, err
}

// MemberAccess is OrganizationAccess with another account's membership; the zero value is none.
func (c *Catalog) MemberAccess(ctx context.Context, account registry.ID, name string, member registry.ID) (o registry.Organization, role registry.Role, m registry.Membership, err error) {
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return []itemstore.Key{memberKey(home, account), memberKey(home, member)}
	})
	if err != nil {
		return o, role, m, err
	}
	own, err := memberOf(o, items[0])
	if err != nil {
		return o, role, m, err
	}
	m, err = memberOf(o, items[1])
	return o, own.Role, m, err
}

// AccountAccess is Organization with an account and its membership there; the zero value is none.
func (c *Catalog) AccountAccess(ctx context.Context, account registry.ID, name string) (a registry.Account, o registry.Organization, m registry.Membership, err error) {
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return []itemstore.Key{accountKey(account), memberKey(home, account)}
	})
	if err != nil {
		return a, o, m, err
	}
	if a, err = present[registry.Account](items[0], "account"); err != nil {
		return a, o, m, err
	}
	m, err = memberOf(o, items[1])
	return a, o, m, err
}

// SetPrimary makes the organization of a membership the account's primary one.
func (c *Catalog) SetPrimary(ctx context.Context, a registry.Account, m registry.Membership) error {
	a.Primary = m.Home
	return c.SaveAccount(ctx, a, registry.UserUpdated, itemstore.Check(memberKey(m.Home, m.Account), itemstore.Rev(m.Rev)))
}

// Candidate is somebody who may become a member.
type Candidate struct {
	Account  registry.ID // 0 when nobody has the name
	Username string
}

// CandidateAccess is OrganizationAccess with the account of a user name.
func (c *Catalog) CandidateAccess(ctx context.Context, account registry.ID, name, username string) (o registry.Organization, role registry.Role, who Candidate, err error) {
	if named("account", username) != nil {
		username = "-" // nobody's: names begin with a letter or digit
	}
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return []itemstore.Key{memberKey(home, account), loginKey(username)}
	})
	if err != nil {
		return o, role, who, err
	}
	m, err := memberOf(o, items[0])
	if err != nil {
		return o, role, who, err
	}
	l, err := readLogin(items[1])
	return o, m.Role, Candidate{l.Account, l.Username}, err
}

// memberOf decodes a membership; one that was left over from an earlier organization is none.
func memberOf(o registry.Organization, it itemstore.Item) (registry.Membership, error) {
	m, _, err := read[registry.Membership](it)
	if err != nil || m.OrganizationID != o.ID {
		return registry.Membership{}, err
	}
	m.Organization = o.Name
	return m, nil
}

// Organizations lists organizations by their first names, at most limit behind `after`: all, or
// those that everyone may find. next is the `after` of the following page.
func (c *Catalog) Organizations(ctx context.Context, all bool, after string, limit int) (list []registry.Organization, next string, err error) {
	partition := openOrganizationKey("").Partition
	if all {
		partition = organizationListKey("").Partition
	}
	page, err := c.Store.Query(ctx, itemstore.Query{Partition: partition, After: registry.Fold(after), Limit: limit})
	if err != nil {
		return nil, "", err
	}
	list, err = readAll[registry.Organization](page.Items)
	return list, page.Next, err
}
