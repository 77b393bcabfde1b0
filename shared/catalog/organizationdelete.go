package catalog

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// DeleteOrganization removes an organization that has no boxes, with its memberships and service
// accounts. Conflict when it still has boxes. When it stops half-way, the organization is still
// there, takes no new box, and can be deleted again by its owners, who go last.
func (c *Catalog) DeleteOrganization(ctx context.Context, o registry.Organization) error {
	o, err := c.setDeleting(ctx, o, true)
	if err != nil {
		return err
	}
	// From here on no box is created: creating one depends on the organization's revision.
	page, err := c.Store.Query(ctx, itemstore.Query{Partition: boxListKey(o.Name, "").Partition, Limit: 1})
	if err != nil {
		return err
	}
	if len(page.Items) > 0 || page.Next != "" {
		if _, err := c.setDeleting(ctx, o, false); err != nil {
			return err
		}
		return registry.Errorf(registry.Conflict, "%s still has boxes: delete them first", o.Name)
	}
	if err := c.deleteServiceAccounts(ctx, o.Name); err != nil {
		return err
	}
	return c.deleteMembers(ctx, o)
}

func (c *Catalog) setDeleting(ctx context.Context, o registry.Organization, deleting bool) (registry.Organization, error) {
	o.Deleting = deleting
	if err := c.SaveOrganization(ctx, o); err != nil {
		return o, err
	}
	return c.Organization(ctx, o.Name)
}

func (c *Catalog) deleteServiceAccounts(ctx context.Context, organization string) error {
	services, err := c.ServiceAccountsIn(ctx, organization)
	for _, s := range services {
		if err := c.DeleteServiceAccount(ctx, s); err != nil {
			return err
		}
	}
	return err
}

// deleteMembers removes the members, and with the last batch, the one with the owners, the
// organization.
func (c *Catalog) deleteMembers(ctx context.Context, o registry.Organization) error {
	members, err := c.Members(ctx, o.Name)
	if err != nil {
		return err
	}
	slices.SortFunc(members, func(a, b registry.Membership) int { return int(a.Role) - int(b.Role) })
	const batch = (itemstore.MaxOps - 1) / leaveOps
	for len(members) > batch {
		if err := c.dismiss(ctx, members[:batch]); err != nil {
			return err
		}
		members = members[batch:]
	}
	return c.dismiss(ctx, members, itemstore.Delete(organizationKey(o.Name), itemstore.Rev(o.Rev)))
}

// dismiss ends memberships in one write, together with further operations.
func (c *Catalog) dismiss(ctx context.Context, members []registry.Membership, more ...itemstore.Op) error {
	ops := more
	for _, m := range members {
		leave, err := c.leave(ctx, m)
		if err != nil {
			return err
		}
		ops = append(ops, leave...)
	}
	return c.write(ctx, changed("the organization"), ops...)
}
