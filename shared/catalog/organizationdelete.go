package catalog

import (
	"context"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// DeleteOrganization puts an organization out of sight, with its boxes and all else that belongs to
// it, which the janitor clears away. Its names are free again when that is done.
func (c *Catalog) DeleteOrganization(ctx context.Context, o registry.Organization) error {
	o.Deleting, o.UpdatedAt = true, c.Now()
	ops := append([]itemstore.Op{
		replace(organizationKey(o.Home), o, o.Rev),
		c.due(Due{Kind: DueOrganization, Organization: &o}, c.Now()),
	}, listOrganization(o)...)
	return c.write(ctx, events{organizationEvent(registry.OrganizationDeleted, o)}, changed("the organization"), ops...)
}

// ClearOrganization removes what belonged to a deleted organization, and in the end its names.
func (c *Catalog) ClearOrganization(ctx context.Context, d Due) error {
	o, err := get[registry.Organization](ctx, c, organizationKey(d.Organization.Home), "organization")
	if registry.KindOf(err) == registry.NotFound || err == nil && o.ID != d.Organization.ID {
		return nil // it was done before
	}
	if err != nil {
		return err
	}
	if err := c.clearBoxes(ctx, o); err != nil {
		return err
	}
	if err := c.clearHome(ctx, o); err != nil {
		return err
	}
	var ops []itemstore.Op
	for _, name := range append([]string{o.Home}, o.Names...) {
		ops = append(ops, itemstore.Delete(organizationKey(name), itemstore.Condition{}))
	}
	return c.write(ctx, unheard, changed("the organization"), ops...)
}

// clearBoxes deletes the boxes as if each had been deleted, in batches below MaxOps.
func (c *Catalog) clearBoxes(ctx context.Context, o registry.Organization) error {
	return c.clear(ctx, itemstore.Query{Partition: boxListKey(o.Home, "").Partition}, func(it itemstore.Item) ([]itemstore.Op, error) {
		b, err := boxOf(o, it)
		if registry.KindOf(err) == registry.NotFound {
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Condition{})}, nil
		}
		return append(c.withoutBox(b, itemstore.Condition{}), c.record(ctx, events{boxEvent(registry.BoxDeleted, b)})...), err
	})
}

// clearHome removes members, service accounts and whatever else is kept at the organization's home,
// each with its copies elsewhere.
func (c *Catalog) clearHome(ctx context.Context, o registry.Organization) error {
	return c.clear(ctx, itemstore.Query{Partition: organizationKey(o.Home).Partition}, func(it itemstore.Item) ([]itemstore.Op, error) {
		if it.Sort == organizationKey(o.Home).Sort {
			return nil, nil
		}
		copies, err := copiesOf(it)
		for _, key := range copies {
			if key == it.Key {
				return opsOf(copies), err
			}
		}
		return opsOf(append(copies, it.Key)), err
	})
}

// copiesOf are the other places that a record at an organization's home is kept at.
func copiesOf(it itemstore.Item) ([]itemstore.Key, error) {
	switch {
	case strings.HasPrefix(it.Sort, memberPrefix):
		m, _, err := read[registry.Membership](it)
		return []itemstore.Key{accountMemberKey(m.Account, m.Home)}, err
	case strings.HasPrefix(it.Sort, servicePrefix):
		s, _, err := read[registry.ServiceAccount](it)
		return append(serviceKeys(s), loginKey(s.Username)), err
	case strings.HasPrefix(it.Sort, requestPrefix):
		r, _, err := read[registry.JoinRequest](it)
		return []itemstore.Key{accountRequestKey(r.Account, r.ID)}, err
	case strings.HasPrefix(it.Sort, invitePrefix):
		i, _, err := read[registry.Invitation](it)
		return ticketKeys(i), err
	default:
		return nil, nil
	}
}

func opsOf(keys []itemstore.Key) []itemstore.Op {
	ops := make([]itemstore.Op, len(keys))
	for i, key := range keys {
		ops[i] = itemstore.Delete(key, itemstore.Condition{})
	}
	return ops
}
