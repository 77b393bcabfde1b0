package catalog

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateVersion writes a new version. Conflict when the number is taken.
func (c *Catalog) CreateVersion(ctx context.Context, b registry.Box, v registry.Version) error {
	return c.putVersion(ctx, events{versionEvent(registry.VersionCreated, b, v)}, b, v, v.Number)
}

// SaveVersion writes a version back, for what happened to it, and hands the files that went out of
// it to the janitor. Conflict when it has changed since it was read.
func (c *Catalog) SaveVersion(ctx context.Context, b registry.Box, v registry.Version, what registry.EventType, gone ...registry.File) error {
	v.UpdatedAt = c.Now()
	return c.putVersion(ctx, events{versionEvent(what, b, v)}, b, v, v.Number, c.dueFiles(gone)...)
}

// putVersion writes a version under a number, together with further operations. A new one may
// find a record that was left over from a deleted box of the same name, and takes its place.
func (c *Catalog) putVersion(ctx context.Context, what events, b registry.Box, v registry.Version, n registry.Number, more ...itemstore.Op) error {
	err := c.tryPutVersion(ctx, what, b, v, n, v.Rev, more)
	if v.Rev != 0 || registry.KindOf(err) != registry.Conflict {
		return err
	}
	old, leftover, readErr := c.leftover(ctx, b, n)
	if readErr != nil || !leftover {
		return cmp.Or(readErr, err)
	}
	// The janitor would no longer find the old one's files by the record.
	return c.tryPutVersion(ctx, what, b, v, n, old.Rev, append(more, c.dueFiles(old.Files())...))
}

func (c *Catalog) tryPutVersion(ctx context.Context, what events, b registry.Box, v registry.Version, n registry.Number, rev int64, more []itemstore.Op) error {
	ops := append([]itemstore.Op{c.boxStays(b), replace(versionKey(b.Home, n), v, rev)}, more...)
	return c.write(ctx, what, func(op int) error {
		switch {
		case op == 0:
			return changed("the box")(op)
		case op == 1 && v.Rev == 0:
			return registry.Errorf(registry.Conflict, "version %s already exists in box %s", n, b.Tag())
		default:
			return changed("the version")(op)
		}
	}, ops...)
}

// leftover reads the record of a version that belongs to a box that is no more.
func (c *Catalog) leftover(ctx context.Context, b registry.Box, n registry.Number) (v registry.Version, ok bool, err error) {
	items, err := c.Store.Get(ctx, versionKey(b.Home, n))
	if err != nil {
		return v, false, err
	}
	v, there, err := read[registry.Version](items[0])
	return v, there && v.Box != b.ID, err
}

// boxStays makes a write depend on the box being the one that was read.
func (c *Catalog) boxStays(b registry.Box) itemstore.Op {
	return itemstore.Check(boxKey(b.Place, b.Name), itemstore.Rev(b.Rev))
}

// RenumberVersion gives a version another number. Conflict when that is taken.
func (c *Catalog) RenumberVersion(ctx context.Context, b registry.Box, v registry.Version, n registry.Number) (registry.Version, error) {
	before := v
	v.Number, v.UpdatedAt = n, c.Now()
	what := events{with(versionEvent(registry.VersionUpdated, b, v), map[string]any{"renumberedFrom": before.Number})}
	if before.Number.Key() == n.Key() {
		return v, c.putVersion(ctx, what, b, v, n)
	}
	v.Rev = 0
	err := c.putVersion(ctx, what, b, v, n, itemstore.Delete(versionKey(b.Home, before.Number), itemstore.Rev(before.Rev)))
	return v, err
}

// DeleteVersion removes a version; its files follow by the janitor.
func (c *Catalog) DeleteVersion(ctx context.Context, b registry.Box, v registry.Version) error {
	ops := append([]itemstore.Op{itemstore.Delete(versionKey(b.Home, v.Number), itemstore.Rev(v.Rev))},
		c.dueFiles(v.Files())...)
	return c.write(ctx, events{versionEvent(registry.VersionDeleted, b, v)}, changed("the version"), ops...)
}

// CountDownload adds one to the downloads of a file.
func (c *Catalog) CountDownload(ctx context.Context, box, file registry.ID) error {
	return c.write(ctx, unheard, changed("the count"), itemstore.Add(countKey(box, file), 1), count(totalDownloads, 1))
}

// Downloads returns how often a file was downloaded.
func (c *Catalog) Downloads(ctx context.Context, box, file registry.ID) (int64, error) {
	items, err := c.Store.Get(ctx, countKey(box, file))
	if err != nil {
		return 0, err
	}
	return items[0].Count, nil
}
