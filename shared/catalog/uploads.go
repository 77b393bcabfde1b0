package catalog

import (
	"context"
	"encoding/json"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateUpload writes a new upload. It stops to exist at its ExpiresAt, and the janitor then takes
// its bytes away.
func (c *Catalog) CreateUpload(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	ops := []itemstore.Op{
		itemstore.Put(uploadItem(u), itemstore.Absent()),
		c.dueUpload(u),
	}
	if u.Chunks > 0 {
		pointer := item(chunkedKey(u.BoxID, u.Account, u.Target, u.Chunks), chunked{u.ID})
		pointer.Expires = u.ExpiresAt
		ops = append(ops, itemstore.Put(pointer, itemstore.Absent()))
	}
	err := c.write(ctx, changed("the upload"), ops...)
	if err != nil {
		return u, err
	}
	return c.Upload(ctx, u.BoxID, u.ID)
}

// chunked points from what chunks have in common to their upload.
type chunked struct {
	Upload string `json:"upload"`
}

func uploadItem(u registry.Upload) itemstore.Item {
	it := item(uploadKey(u.BoxID, u.ID), u)
	it.Expires = u.ExpiresAt
	return it
}

// Upload reads an upload of a box.
func (c *Catalog) Upload(ctx context.Context, box registry.ID, id string) (registry.Upload, error) {
	if err := named("upload", id); err != nil {
		return registry.Upload{}, err
	}
	return get[registry.Upload](ctx, c, uploadKey(box, id), "upload")
}

// ChunkedUpload reads the upload that the chunks of an account for a target belong to. NotFound
// before the first chunk.
func (c *Catalog) ChunkedUpload(ctx context.Context, box, account registry.ID, t registry.Target, chunks int) (registry.Upload, error) {
	items, err := c.Store.Get(ctx, chunkedKey(box, account, t, chunks))
	if err != nil || !items[0].Exists() {
		return registry.Upload{}, orMissing(err, "upload")
	}
	var pointer chunked
	if err := json.Unmarshal(items[0].Doc, &pointer); err != nil {
		return registry.Upload{}, err
	}
	return c.Upload(ctx, box, pointer.Upload)
}

// Uploads lists the uploads of a box that have not expired.
func (c *Catalog) Uploads(ctx context.Context, box registry.ID) ([]registry.Upload, error) {
	return all[registry.Upload](ctx, c, itemstore.Query{
		Partition: uploadKey(box, "").Partition, Prefix: uploadPrefix,
	})
}

// SaveUpload writes an upload back. Conflict when it has changed since it was read.
func (c *Catalog) SaveUpload(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	if err := c.write(ctx, changed("the upload"), itemstore.Put(uploadItem(u), itemstore.Rev(u.Rev))); err != nil {
		return u, err
	}
	return c.Upload(ctx, u.BoxID, u.ID)
}

// EndUpload writes an upload that failed or was given up, and hands its bytes to the janitor.
func (c *Catalog) EndUpload(ctx context.Context, u registry.Upload) error {
	ops := append([]itemstore.Op{
		itemstore.Put(uploadItem(u), itemstore.Rev(u.Rev)),
		itemstore.Delete(dueKey(u.ExpiresAt, u.ID), itemstore.Condition{}),
		c.dueNow(u),
	}, forgetChunks(u)...)
	return c.write(ctx, changed("the upload"), ops...)
}

// StoreFile lists a verified file, in one write with all that goes with it: the version that now
// has it, the upload that is done, and the file it replaced, which is left to the janitor.
// Conflict when box, version or upload have changed since they were read.
func (c *Catalog) StoreFile(ctx context.Context, b registry.Box, v registry.Version, u registry.Upload, replaced *registry.File) error {
	more := []itemstore.Op{
		itemstore.Put(uploadItem(u), itemstore.Rev(u.Rev)),
		itemstore.Delete(dueKey(u.ExpiresAt, u.ID), itemstore.Condition{}),
	}
	if replaced != nil {
		more = append(more, c.dueFiles([]registry.File{*replaced})...)
	}
	return c.putVersion(ctx, b, v, v.Number, append(more, forgetChunks(u)...)...)
}

func forgetChunks(u registry.Upload) []itemstore.Op {
	if u.Chunks == 0 {
		return nil
	}
	return []itemstore.Op{itemstore.Delete(chunkedKey(u.BoxID, u.Account, u.Target, u.Chunks), itemstore.Condition{})}
}
