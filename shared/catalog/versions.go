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
	_, err := c.ChangeVersion(ctx, b, v, v.Number, []registry.EventType{what}, gone)
	return err
}

// ChangeVersion is SaveVersion under another number, when it is one, and for all of what happened to
// it. It returns what was written. Conflict also when the number is taken.
func (c *Catalog) ChangeVersion(ctx context.Context, b registry.Box, v registry.Version, n registry.Number, what []registry.EventType, gone []registry.File) (registry.Version, error) {
	before := v
	v.UpdatedAt = c.Now()
	v.Renumber(n)
	list := versionEvents(what, b, v)
	more := c.dueFiles(gone)
	if len(gone) > 0 || len(v.Files()) > 0 { // what has a URL of its names may get another one
		more = append(more, c.gone(b.Place, b.Name))
	}
	if n != before.Number {
		list[0] = with(list[0], map[string]any{"renumberedFrom": before.Number})
	}
	if before.Number.Key() != n.Key() {
		v.Rev = 0
		more = append(more, itemstore.Delete(versionKey(b.Home, before.Number), itemstore.Rev(before.Rev)))
	}
	return v, c.putVersion(ctx, list, b, v, n, more...)
}

func versionEvents(what []registry.EventType, b registry.Box, v registry.Version) (list events) {
	for _, what := range what {
		list = append(list, versionEvent(what, b, v))
	}
	return list
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
	ops = append(ops, c.dueWatchers(ctx, what, b, n)...)
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
	return v, there && !b.Has(v), err
}

// boxStays makes a write depend on the box being the one that was read.
func (c *Catalog) boxStays(b registry.Box) itemstore.Op {
	return itemstore.Check(boxKey(b.Place, b.Name), itemstore.Rev(b.Rev))
}

// RenumberVersion gives a version another number. Conflict when that is taken.
func (c *Catalog) RenumberVersion(ctx context.Context, b registry.Box, v registry.Version, n registry.Number) (registry.Version, error) {
	return c.ChangeVersion(ctx, b, v, n, []registry.EventType{registry.VersionUpdated}, nil)
}

// DeleteVersion removes a version; its files follow by the janitor.
func (c *Catalog) DeleteVersion(ctx context.Context, b registry.Box, v registry.Version) error {
	ops := append([]itemstore.Op{itemstore.Delete(versionKey(b.Home, v.Number), itemstore.Rev(v.Rev))},
		c.dueFiles(v.Files())...)
	if len(v.Files()) > 0 {
		ops = append(ops, c.gone(b.Place, b.Name))
	}
	return c.write(ctx, events{versionEvent(registry.VersionDeleted, b, v)}, changed("the version"), ops...)
}
