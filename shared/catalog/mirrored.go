package catalog

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// mirrored says that the upstream was asked about a box. It expires, and is there no more when the
// upstream is to be asked again.
type mirrored struct {
	Box registry.ID `json:"box"`
}

// MarkFresh notes that the upstream need not be asked again about a box before the time given.
func (c *Catalog) MarkFresh(ctx context.Context, b registry.Box, until time.Time) error {
	it := item(mirroredKey(b.Home), mirrored{b.ID})
	it.Expires = until
	return c.write(ctx, unheard, changed("the box"), itemstore.Put(it, itemstore.Condition{}))
}

// Fresh reports whether the upstream of a mirrored box was asked a short while ago.
func (t Tree) Fresh() bool { return t.fresh }

// takeFreshness takes the mark out of the items: it says nothing about the versions, and must not
// change their Stamp.
func (t *Tree) takeFreshness() error {
	i := slices.IndexFunc(t.items, func(it itemstore.Item) bool { return it.Key == mirroredKey(t.Box.Home) })
	if i < 0 {
		return nil
	}
	var m mirrored
	err := json.Unmarshal(t.items[i].Doc, &m)
	t.fresh = err == nil && m.Box == t.Box.ID
	t.items = slices.Delete(slices.Clone(t.items), i, i+1)
	return err
}

// mirroredBatch is how many new versions are written together: each is one operation, and the event of
// a released one makes four more.
const mirroredBatch = 15

// AddVersions writes new versions of a box, many in one write. Told says whether each of them is told as
// released; otherwise the box is told as changed. Of versions that are there already none is
// written: Conflict, as when the box has changed.
func (c *Catalog) AddVersions(ctx context.Context, b registry.Box, list []registry.Version, told bool) error {
	for len(list) > 0 {
		n := together(list)
		if err := c.addVersions(ctx, b, list[:n], told); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// together is how many of the versions fit into one write: one at least.
func together(list []registry.Version) (n int) {
	for size := 0; n < min(len(list), mirroredBatch); n++ {
		size += len(item(versionKey("", list[n].Number), list[n]).Doc)
		if n > 0 && size > itemstore.MaxWrite/2 {
			break
		}
	}
	return n
}

func (c *Catalog) addVersions(ctx context.Context, b registry.Box, batch []registry.Version, told bool) error {
	what := events{boxEvent(registry.BoxUpdated, b)}
	if told {
		what = nil
	}
	ops := []itemstore.Op{c.boxStays(b)}
	for _, v := range batch {
		ops = append(ops, create(versionKey(b.Home, v.Number), v))
		if told {
			e := events{versionEvent(registry.BoxReleased, b, v)}
			what = append(what, e...)
			ops = append(ops, c.dueWatchers(ctx, e, b, v.Number)...)
		}
	}
	err := c.write(ctx, what, changed("the box"), ops...)
	if !registry.Retryable(err) {
		return err
	}
	return c.addEach(ctx, what, b, batch) // a record may be left over from an earlier box of the name
}

func (c *Catalog) addEach(ctx context.Context, what events, b registry.Box, batch []registry.Version) error {
	for i, v := range batch {
		e := what
		if len(what) == len(batch) {
			e = what[i : i+1]
		}
		if err := c.putVersion(ctx, e, b, v, v.Number); err != nil {
			return err
		}
	}
	return nil
}
