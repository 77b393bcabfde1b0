package catalog

import (
	"context"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Leaver is an account that is to be deleted, with what it belongs to.
type Leaver struct {
	Account registry.Account
	Tries
	// SoleOwner are the organizations that nobody else owns.
	SoleOwner []registry.Organization

	owned []registry.Organization
	// copies are the account's memberships, by their places and revisions.
	copies []itemstore.Item
}

// maxLeave bounds the one write that an account leaves by: each organization that it owns is three
// operations, each other one.
const maxLeave = itemstore.MaxOps - 15

// Leaver reads an account and the organizations that it owns: one Query and one Get.
func (c *Catalog) Leaver(ctx context.Context, id registry.ID) (l Leaver, err error) {
	page, err := c.Store.Query(ctx, itemstore.Query{Partition: accountKey(id).Partition, Until: servicePrefix})
	if err != nil {
		return l, err
	}
	var memberships []registry.Membership
	for _, it := range page.Items {
		switch {
		case it.Sort == accountKey(id).Sort:
			l.Account, _, err = read[registry.Account](it)
		case strings.HasPrefix(it.Sort, memberPrefix):
			var m registry.Membership
			m, _, err = read[registry.Membership](it)
			memberships, l.copies = append(memberships, m), append(l.copies, it)
		}
		if err != nil {
			return l, err
		}
	}
	if l.Account.ID == 0 {
		return l, registry.Missing("account")
	}
	if page.Next != "" || len(memberships) > maxLeave {
		return l, tooManyOrganizations()
	}
	return l, c.readOwned(ctx, &l, memberships)
}

func tooManyOrganizations() error {
	return registry.Errorf(registry.Conflict, "the account belongs to too many organizations: leave some first")
}

// readOwned reads the organizations that the account is an owner of, and its wrong passwords.
func (c *Catalog) readOwned(ctx context.Context, l *Leaver, memberships []registry.Membership) error {
	keys := []itemstore.Key{failedProofKey(l.Account.ID)}
	var owned []registry.Membership
	for _, m := range memberships {
		if m.Role == registry.RoleOwner {
			keys, owned = append(keys, organizationKey(m.Home)), append(owned, m)
		}
	}
	items, err := c.Store.Get(ctx, keys...)
	if err != nil {
		return err
	}
	l.Tries = triesOf(items[0])
	for i, m := range owned {
		o, _, err := read[registry.Organization](items[i+1])
		switch {
		case err != nil:
			return err
		case o.ID != m.OrganizationID || o.Deleting: // left over
		case o.Owners < 2:
			l.SoleOwner = append(l.SoleOwner, o)
		default:
			l.owned = append(l.owned, o)
		}
	}
	return nil
}

// DeleteAccount deletes an account that is nowhere the only owner. From then on nobody is signed in as
// it or as one of its service accounts, its name and address are free again, and the organizations
// that it owned have an owner less. What else is left of it the janitor clears away.
func (c *Catalog) DeleteAccount(ctx context.Context, l Leaver) error {
	a := l.Account
	ops := []itemstore.Op{
		itemstore.Delete(accountKey(a.ID), itemstore.Rev(a.Rev)),
		itemstore.Delete(accountListKey(a.Username), itemstore.Condition{}),
		itemstore.Delete(loginKey(a.Username), itemstore.Condition{}),
		itemstore.Delete(emailKey(a.Email), itemstore.Condition{}),
		itemstore.Delete(l.key, itemstore.Condition{}),
		c.due(Due{Kind: DueAccount, Account: a.ID}, c.Now()),
	}
	for _, it := range l.copies { // nobody makes it an owner meanwhile
		ops = append(ops, itemstore.Check(it.Key, itemstore.Rev(it.Rev)))
	}
	for _, o := range l.owned {
		o = counted(o, registry.RoleOwner, registry.RoleNone)
		ops = append(ops, replace(organizationKey(o.Home), o, o.Rev), itemstore.Delete(memberKey(o.Home, a.ID), itemstore.Exists()))
	}
	told := events{accountEvent(registry.UserDeleted, a)}
	if len(ops)+len(c.record(ctx, told)) > itemstore.MaxOps {
		return tooManyOrganizations()
	}
	return c.write(ctx, told, changed("the account"), ops...)
}

// ClearAccount removes what is left of a deleted account: memberships, service accounts, watches and
// requests.
func (c *Catalog) ClearAccount(ctx context.Context, d Due) error {
	memberships, err := all[registry.Membership](ctx, c, itemstore.Query{
		Partition: accountKey(d.Account).Partition, Prefix: memberPrefix,
	})
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if err := registry.Again(dismissTries, func() error { return c.dismiss(ctx, m) }); err != nil {
			return err
		}
	}
	return c.clear(ctx, itemstore.Query{Partition: accountKey(d.Account).Partition}, func(it itemstore.Item) ([]itemstore.Op, error) {
		switch {
		case strings.HasPrefix(it.Sort, servicePrefix):
			s, _, err := read[registry.ServiceAccount](it)
			return withoutService(s), err
		case strings.HasPrefix(it.Sort, watchPrefix):
			w, _, err := read[registry.Watch](it)
			return withoutWatch(w.Box, d.Account), err
		case strings.HasPrefix(it.Sort, requestPrefix):
			r, _, err := read[registry.JoinRequest](it)
			return opsOf(requestKeys(r)), err
		default:
			return nil, nil
		}
	})
}

const dismissTries = 5

// dismiss ends the membership of an account that is gone.
func (c *Catalog) dismiss(ctx context.Context, m registry.Membership) error {
	o, _, there, err := c.MemberAccess(ctx, 0, m.Home, m.Account)
	copied := itemstore.Delete(accountMemberKey(m.Account, m.Home), itemstore.Condition{})
	switch {
	case registry.KindOf(err) == registry.NotFound || err == nil && o.ID != m.OrganizationID:
		return c.write(ctx, unheard, changed("the membership"), copied)
	case err != nil:
		return err
	case there.Role != registry.RoleNone:
		return c.RemoveMember(ctx, o, there)
	}
	// It was an owner, and went with the account; the lists of organizations follow.
	told := events{memberEvent(registry.MemberRemoved, o, m.Account, m.Username, m.Role)}
	ops := append(listOrganization(o), copied, itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev)))
	return c.write(ctx, told, changed("the organization"), ops...)
}
