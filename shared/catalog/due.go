package catalog

import (
	"context"
	"encoding/json"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Due is work that a write leaves behind for the janitor: what is out of sight already and has to
// be cleared away. It is written with the change that causes it, so none is forgotten, and doing
// it twice does no harm.
type Due struct {
	Kind DueKind `json:"kind"`
	// Blobs are objects to delete.
	Blobs []string `json:"blobs,omitempty"`
	// BlobID is the multipart upload to Blobs[0] that is to be aborted first.
	BlobID   string `json:"blobId,omitempty"`
	PartSize int64  `json:"partSize,omitempty"`
	// Box and Home tell a box whose versions, counts and uploads are to go.
	Box  registry.ID `json:"box,omitempty"`
	Home string      `json:"home,omitempty"`
	// Upload is the upload to Box that is to be looked after.
	Upload string `json:"upload,omitempty"`

	key itemstore.Key
}

// DueKind says what is to be done.
type DueKind string

// The kinds of work.
const (
	DueBlobs DueKind = "blobs" // delete objects, and abort an upload
	DueBox   DueKind = "box"   // clear away what belonged to a box
	DueCheck DueKind = "check" // see that an upload's verification came to an end
)

// SetRevision does nothing: due work is never changed.
func (d *Due) SetRevision(int64) {}

func (c *Catalog) due(d Due, at time.Time) itemstore.Op {
	return itemstore.Put(item(dueKey(at, registry.NewID().String()), d), itemstore.Absent())
}

// dueFiles hands files to the janitor, in one operation for all of them. They can still be
// downloaded for a while, by links that were given out before.
func (c *Catalog) dueFiles(files []registry.File) []itemstore.Op {
	if len(files) == 0 {
		return nil
	}
	d := Due{Kind: DueBlobs}
	for _, f := range files {
		d.Blobs = append(d.Blobs, f.Blob)
	}
	return []itemstore.Op{c.due(d, c.Now().Add(registry.LinkLife))}
}

// dueUpload takes the bytes of an upload away once it has expired.
func (c *Catalog) dueUpload(u registry.Upload) itemstore.Op {
	return itemstore.Put(item(dueKey(u.ExpiresAt, u.ID), uploadDue(u)), itemstore.Condition{})
}

// dueNow takes them away at once.
func (c *Catalog) dueNow(u registry.Upload) itemstore.Op { return c.due(uploadDue(u), c.Now()) }

func uploadDue(u registry.Upload) Due {
	return Due{Kind: DueBlobs, Blobs: []string{u.Blob}, BlobID: u.BlobID, PartSize: u.PartSize}
}

// Watch has the janitor look after an upload at the time given.
func (c *Catalog) Watch(ctx context.Context, u registry.Upload, at time.Time) error {
	return c.write(ctx, changed("the janitor's list"), c.due(Due{Kind: DueCheck, Box: u.BoxID, Upload: u.ID}, at))
}

// Due lists work whose time has come, at most limit pieces of it, the oldest first.
func (c *Catalog) Due(ctx context.Context, limit int) ([]Due, error) {
	page, err := c.Store.Query(ctx, itemstore.Query{
		Partition: dueKey(c.Now(), "").Partition, Until: dueTime(c.Now()) + "$", Limit: limit,
	})
	if err != nil {
		return nil, err
	}
	list, err := readAll[Due](page.Items)
	for i := range list {
		list[i].key = page.Items[i].Key
	}
	return list, err
}

// Finish strikes work off the list.
func (c *Catalog) Finish(ctx context.Context, d Due) error {
	return c.Store.Write(ctx, itemstore.Delete(d.key, itemstore.Condition{}))
}

// Postpone puts work that could not be done back on the list, for later: it must not stand in the
// way of the rest.
func (c *Catalog) Postpone(ctx context.Context, d Due, until time.Time) error {
	return c.Store.Write(ctx, itemstore.Delete(d.key, itemstore.Condition{}), c.due(d, until))
}

// ClearBox removes the records that a deleted box left; its files are on the janitor's list when
// it returns.
func (c *Catalog) ClearBox(ctx context.Context, d Due) error {
	for _, part := range []func(context.Context, Due) error{c.clearVersions, c.clearMoved, c.clearUploads, c.clearCounts} {
		if err := part(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// clearBatch keeps one write below MaxOps, with an operation or two for each record.
const clearBatch = itemstore.MaxOps/2 - 1

func (c *Catalog) clearVersions(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: "box#" + d.Home, Prefix: versionPrefix},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			v, _, err := read[registry.Version](it)
			if err != nil || v.Box != d.Box { // of a new box of the same name
				return nil, err
			}
			return append(c.dueFiles(v.Files()), itemstore.Delete(it.Key, itemstore.Rev(it.Rev))), nil
		})
}

// clearMoved comes behind clearVersions: from here on a new box may have the place.
func (c *Catalog) clearMoved(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: "box#" + d.Home, Prefix: movedKey(d.Home).Sort},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			var m moved
			if err := json.Unmarshal(it.Doc, &m); err != nil || m.Box != d.Box {
				return nil, err
			}
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Rev(it.Rev))}, nil
		})
}

func (c *Catalog) clearUploads(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: uploadKey(d.Box, "").Partition},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			// The bytes go when the upload would have expired; that is on the list already.
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Condition{})}, nil
		})
}

func (c *Catalog) clearCounts(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: countKey(d.Box, 0).Partition},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Condition{})}, nil
		})
}

// clear removes what a query finds, batch by batch, and reports whether it came to the end.
func (c *Catalog) clear(ctx context.Context, q itemstore.Query, remove func(itemstore.Item) ([]itemstore.Op, error)) error {
	q.Limit = clearBatch
	for {
		page, err := c.Store.Query(ctx, q)
		if err != nil {
			return err
		}
		var ops []itemstore.Op
		for _, it := range page.Items {
			some, err := remove(it)
			if err != nil {
				return err
			}
			ops = append(ops, some...)
		}
		if len(ops) > 0 {
			if err := c.Store.Write(ctx, ops...); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}
