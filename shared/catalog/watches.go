package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// WatchBox writes down that an account watches a box. Conflict when it does so already, or when the box
// has changed since it was read.
func (c *Catalog) WatchBox(ctx context.Context, b registry.Box, account registry.ID) error {
	w := registry.Watch{Account: account, Box: b.ID, Home: b.Home, CreatedAt: c.Now()}
	return c.write(ctx, unheard, func(op int) error {
		if op == 0 {
			return changed("the box")(op)
		}
		return registry.Errorf(registry.Conflict, "you watch %s already", b.Tag())
	}, c.boxStays(b), create(watchKey(b.ID, account), w), create(accountWatchKey(account, b.ID), w))
}

// UnwatchBox ends that. It is no error when there was nothing to end.
func (c *Catalog) UnwatchBox(ctx context.Context, box, account registry.ID) error {
	return c.write(ctx, unheard, changed("the watch"), withoutWatch(box, account)...)
}

func withoutWatch(box, account registry.ID) []itemstore.Op {
	return []itemstore.Op{
		itemstore.Delete(watchKey(box, account), itemstore.Condition{}),
		itemstore.Delete(accountWatchKey(account, box), itemstore.Condition{}),
	}
}

// Watched is a box that an account watches, and the role it has in the box's organization.
type Watched struct {
	registry.Watch
	Box          registry.Box
	Organization registry.Organization
	Role         registry.Role
}

// WatchesOf lists the boxes that an account watches, by their ids, at most limit behind `after`; those
// that are gone are left out. next is the `after` of the following page. A page costs three reads.
func (c *Catalog) WatchesOf(ctx context.Context, account registry.ID, after string, limit int) (list []Watched, next string, err error) {
	q := itemstore.Query{Partition: accountKey(account).Partition, Prefix: watchPrefix, Limit: limit}
	if after != "" {
		q.After = watchPrefix + after
	}
	page, err := c.Store.Query(ctx, q)
	if err != nil {
		return nil, "", err
	}
	watches, err := readAll[registry.Watch](page.Items)
	if err != nil {
		return nil, "", err
	}
	if page.Next != "" {
		next = watches[len(watches)-1].Box.String()
	}
	list, err = c.watchedBy(ctx, account, watches)
	return list, next, err
}

func (c *Catalog) watchedBy(ctx context.Context, account registry.ID, watches []registry.Watch) ([]Watched, error) {
	boxes, err := c.boxesAt(ctx, watches)
	if err != nil {
		return nil, err
	}
	list := make([]Watched, 0, len(boxes))
	var keys []itemstore.Key
	for i, b := range boxes {
		if b.Box.ID != 0 {
			list = append(list, Watched{Watch: watches[i], Box: b.Box, Organization: b.Organization})
			keys = append(keys, memberKey(b.Box.Place, account))
		}
	}
	found, err := c.lookUp(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i := range list {
		m, err := memberOf(list[i].Organization, found[keys[i]])
		if err != nil {
			return nil, err
		}
		list[i].Role = m.Role
	}
	return list, nil
}

// clearWatches ends every watch of a box that is gone.
func (c *Catalog) clearWatches(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: watchKey(d.Box, 0).Partition}, func(it itemstore.Item) ([]itemstore.Op, error) {
		w, _, err := read[registry.Watch](it)
		return withoutWatch(d.Box, w.Account), err
	})
}
