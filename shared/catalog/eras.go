package catalog

import (
	"context"
	"maps"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// DeleteBoxes removes all boxes of an organization from sight, however many there are, by one write: a
// new era begins. They follow by the janitor. Conflict when the organization has changed since it was
// read.
func (c *Catalog) DeleteBoxes(ctx context.Context, o registry.Organization) error {
	o.Era++
	o.UpdatedAt = c.Now()
	e := organizationEvent(registry.BoxesDeleted, o)
	d := Due{Kind: DueBoxes, Organization: &o, Event: authored(ctx, e)}
	ops := append([]itemstore.Op{
		replace(organizationKey(o.Home), o, o.Rev), c.due(d, c.Now()),
	}, listOrganization(o)...)
	return c.write(ctx, events{e}, changed("the organization"), ops...)
}

// authored is an event that tells later, too, who made the change.
func authored(ctx context.Context, e registry.Event) *registry.Event {
	e.By = registry.AuthorOf(ctx)
	return &e
}

// ClearBoxes deletes the boxes of earlier eras as if each had been deleted.
func (c *Catalog) ClearBoxes(ctx context.Context, d Due) error {
	ctx = registry.WithAuthor(ctx, d.Event.By)
	return c.clear(ctx, itemstore.Query{Partition: boxListKey(d.Organization.Home, "").Partition}, func(it itemstore.Item) ([]itemstore.Op, error) {
		b, _, err := read[registry.Box](it)
		if err != nil || b.OrganizationID != d.Organization.ID || b.OrganizationEra >= d.Organization.Era {
			return nil, err
		}
		b.Organization = d.Event.Organization
		// Box and copy change together: a new box at its name keeps this from being done.
		ops := []itemstore.Op{
			itemstore.Delete(it.Key, itemstore.Rev(it.Rev)),
			itemstore.Delete(boxKey(b.Place, b.Name), itemstore.Condition{}),
			c.dueBox(b), c.gone(b.Place, b.Name),
		}
		return append(ops, c.record(ctx, deletedBox(b))...), nil
	})
}

// DeleteVersions removes all versions of a box from sight, by one write; they follow by the janitor.
// Conflict when the box has changed since it was read.
func (c *Catalog) DeleteVersions(ctx context.Context, b registry.Box) error {
	b.Era++
	b.UpdatedAt = c.Now()
	e := boxEvent(registry.VersionsDeleted, b)
	d := Due{Kind: DueVersions, Box: b.ID, Home: b.Home, Era: b.Era, Event: authored(ctx, e)}
	return c.write(ctx, events{e}, changed("the box"),
		replace(boxKey(b.Place, b.Name), b, b.Rev),
		itemstore.Put(item(boxListKey(b.Place, b.Name), listed(b)), itemstore.Exists()),
		c.due(d, c.Now()), c.gone(b.Place, b.Name),
	)
}

// ClearVersions deletes the versions of earlier eras as if each had been deleted.
func (c *Catalog) ClearVersions(ctx context.Context, d Due) error {
	return c.clearVersions(registry.WithAuthor(ctx, d.Event.By), d)
}

// deletedVersion tells of a version that was deleted with all others; with its box, nothing is told.
func (d Due) deletedVersion(v registry.Version) events {
	if d.Event == nil {
		return nil
	}
	e := *d.Event
	e.Type, e.Data = registry.VersionDeleted, maps.Clone(e.Data)
	return events{with(e, map[string]any{"version": v.Number, "versionId": v.ID, "status": v.Status})}
}
