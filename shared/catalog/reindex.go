package catalog

import (
	"context"
	"fmt"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// ReindexAfter brings up to date what boxes are found by, after something happened.
func (c *Catalog) ReindexAfter(ctx context.Context, e registry.Event) error {
	switch {
	case e.Box.ID != 0:
		return c.Reindex(ctx, e.Box)
	case e.Type == registry.OrganizationRenamed, e.Type == registry.OrganizationSuspended, e.Type == registry.OrganizationResumed:
		return c.ReindexOrganization(ctx, Due{Home: e.Home})
	default:
		return nil
	}
}

// reindexBatch is how many boxes of an organization are done in one piece of work.
const reindexBatch = 20

// ReindexOrganization is Reindex for boxes of the organization at d.Home behind the name d.After; the
// rest of them is put on the janitor's list.
func (c *Catalog) ReindexOrganization(ctx context.Context, d Due) error {
	page, err := c.Store.Query(ctx, itemstore.Query{
		Partition: boxListKey(d.Home, "").Partition, After: d.After, Limit: reindexBatch,
	})
	if err != nil {
		return err
	}
	list, err := readAll[registry.Box](page.Items)
	if err != nil {
		return err
	}
	for _, b := range list {
		if err := c.Reindex(ctx, b.Ref()); err != nil {
			return err
		}
	}
	if page.Next == "" {
		return nil
	}
	rest := Due{Kind: DueIndex, Home: d.Home, After: page.Next}
	return c.write(ctx, unheard, changed("the janitor's list"), c.due(rest, c.Now()))
}

// maxRounds bounds how often one call writes: each time but the first, something has changed since.
const maxRounds = 20

// Reindex brings up to date what a box is found by; the box may be gone. Of a box that was indexed
// before, the ID alone is enough. Doing it twice, by several at once, or again after it broke off
// does no harm: what stays is of one who read the box after all changes.
func (c *Catalog) Reindex(ctx context.Context, ref registry.BoxRef) error {
	return c.indexing.do(fmt.Sprint(ref), func() error { return c.reindex(ctx, ref) })
}

func (c *Catalog) reindex(ctx context.Context, ref registry.BoxRef) error {
	for range maxRounds {
		was, err := get[indexed](ctx, c, indexedKey(ref.ID), "entry")
		if err != nil && registry.KindOf(err) != registry.NotFound {
			return err
		}
		now, o, err := c.entry(ctx, ref, was)
		if err != nil || was.settledAt(now) {
			return err
		}
		// Then once more: another one may have looked while the box changed, found nothing to do
		// before this was written, and be gone.
		overtaken, err := c.index(ctx, ref.ID, was, now, o)
		if err != nil || overtaken {
			return err
		}
	}
	return fmt.Errorf("box %s changes faster than it can be indexed", ref.ID)
}

// entry reads what a box is to be found by, nil for one that is gone, and its organization, of which
// the same is true.
func (c *Catalog) entry(ctx context.Context, ref registry.BoxRef, was indexed) (*search.Entry, *registry.Organization, error) {
	names := []string{ref.Name}
	if was.Entry != nil { // it may have been renamed after the event
		ref.Place, names = was.Entry.Place, append(names, was.Entry.Name)
	}
	items, err := c.Store.Get(ctx, organizationKey(ref.Place), downloadTotalKey(ref.ID))
	if err != nil {
		return nil, nil, err
	}
	o, ok, err := read[registry.Organization](items[0])
	if err != nil || !ok || o.ID == 0 || o.Deleting {
		return nil, nil, err
	}
	total, err := totalOf(items[1])
	if err != nil {
		return nil, &o, err
	}
	for _, name := range names {
		tree, err := c.Tree(ctx, o, name)
		if registry.KindOf(err) == registry.NotFound || err == nil && tree.Box.ID != ref.ID {
			continue
		}
		if err != nil {
			return nil, &o, err
		}
		versions, err := tree.Versions()
		e := search.NewEntry(o, tree.Box, versions, total.Downloads)
		return &e, &o, err
	}
	return nil, &o, nil
}
