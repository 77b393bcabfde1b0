package catalog

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateUpload writes a new upload. It stops to exist at its ExpiresAt, and the janitor then takes
// its bytes away.
func (c *Catalog) CreateUpload(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	rev := itemstore.NewRev()
	ops := []itemstore.Op{
		itemstore.Put(uploadItem(u), itemstore.Absent()).Stamped(rev),
		c.dueUpload(u),
	}
	if u.Chunks > 0 {
		pointer := item(chunkedBy(u), chunked{u.ID})
		pointer.Expires = u.ExpiresAt
		ops = append(ops, itemstore.Put(pointer, itemstore.Absent()))
	}
	if err := c.write(ctx, unheard, changed("the upload"), ops...); err != nil {
		return u, err
	}
	u.Rev = rev
	return u, nil
}

func chunkedBy(u registry.Upload) itemstore.Key {
	return chunkedKey(registry.Box{ID: u.BoxID, Home: u.Home}, u.Account, u.Target, u.Chunks)
}

// chunked points from what chunks have in common to their upload.
type chunked struct {
	Upload string `json:"upload"`
}

func uploadItem(u registry.Upload) itemstore.Item {
	it := item(uploadKey(u.Home, u.ID), u)
	it.Expires = u.ExpiresAt
	return it
}

// Upload reads an upload of the box that is at a home.
func (c *Catalog) Upload(ctx context.Context, home, id string) (registry.Upload, error) {
	return get[registry.Upload](ctx, c, uploadKey(home, id), "upload")
}

// ChunkedUpload reads the upload that the chunks of an account for a target belong to. NotFound
// before the first chunk.
func (c *Catalog) ChunkedUpload(ctx context.Context, b registry.Box, account registry.ID, t registry.Target, chunks int) (registry.Upload, error) {
	items, err := c.Store.Get(ctx, chunkedKey(b, account, t, chunks))
	if err != nil || !items[0].Exists() {
		return registry.Upload{}, orMissing(err, "upload")
	}
	var pointer chunked
	if err := json.Unmarshal(items[0].Doc, &pointer); err != nil {
		return registry.Upload{}, err
	}
	return c.Upload(ctx, b.Home, pointer.Upload)
}

// Uploads lists the uploads of a box that have not expired.
func (c *Catalog) Uploads(ctx context.Context, b registry.Box) ([]registry.Upload, error) {
	list, err := all[registry.Upload](ctx, c, itemstore.Query{
		Partition: uploadKey(b.Home, "").Partition, Prefix: uploadPrefix,
	})
	// Of a deleted box of the same name there may be some left; those of a mirror are its own business.
	return slices.DeleteFunc(list, func(u registry.Upload) bool { return u.BoxID != b.ID || u.Keeps != 0 }), err
}

// SaveUpload writes an upload back. Conflict when it has changed since it was read.
func (c *Catalog) SaveUpload(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	return c.saveUpload(ctx, u)
}

func (c *Catalog) saveUpload(ctx context.Context, u registry.Upload, more ...itemstore.Op) (registry.Upload, error) {
	rev := itemstore.NewRev()
	op := itemstore.Put(uploadItem(u), itemstore.Rev(u.Rev)).Stamped(rev)
	if err := c.write(ctx, unheard, changed("the upload"), append([]itemstore.Op{op}, more...)...); err != nil {
		return u, err
	}
	u.Rev = rev
	return u, nil
}

// TakeUpload is SaveUpload by a process that is going to complete the upload; the janitor looks
// after it when its lease is over.
func (c *Catalog) TakeUpload(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	return c.saveUpload(ctx, u, c.dueCheck(u, u.Lease))
}

// EndUpload writes an upload that failed or was given up, and hands its bytes to the janitor.
func (c *Catalog) EndUpload(ctx context.Context, u registry.Upload) error {
	ops := append([]itemstore.Op{
		itemstore.Put(uploadItem(u), itemstore.Rev(u.Rev)),
		itemstore.Delete(dueKey(u.ExpiresAt, u.ID), itemstore.Condition{}),
		c.dueNow(u),
	}, forgetChunks(u)...)
	return c.write(ctx, unheard, changed("the upload"), ops...)
}

// StoreFile lists a verified file, in one write with all that goes with it: the version that now
// has it, the upload that is done, and the file it replaced, which is left to the janitor.
// Released tells that the version can be seen from now on. Conflict when box, version or upload have
// changed since they were read.
func (c *Catalog) StoreFile(ctx context.Context, b registry.Box, v registry.Version, u registry.Upload, replaced *registry.File, released bool) error {
	more := []itemstore.Op{
		itemstore.Put(uploadItem(u), itemstore.Rev(u.Rev)),
		itemstore.Delete(dueKey(u.ExpiresAt, u.ID), itemstore.Condition{}),
	}
	if !u.File.Distinct { // another file may be at its URL up to now
		more = append(more, itemstore.Check(goneKey(b.Place, b.Name), itemstore.Absent()))
	}
	if replaced != nil {
		more = append(more, c.dueFiles([]registry.File{*replaced})...)
	}
	return c.putVersion(ctx, storedEvents(b, v, u, released), b, v, v.Number, append(more, forgetChunks(u)...)...)
}

// storedEvents are what a stored file means: a version may have come with it, or out by it.
func storedEvents(b registry.Box, v registry.Version, u registry.Upload, released bool) (list events) {
	if v.Rev == 0 {
		list = append(list, versionEvent(registry.VersionCreated, b, v))
	}
	list = append(list, with(versionEvent(registry.BoxUploaded, b, v), map[string]any{
		"provider": u.Target.Provider, "architecture": u.Target.Architecture, "fileName": u.File.Name,
		"fileSize": u.File.Size, "checksum": u.File.SHA256, "checksumType": "sha256",
	}))
	if released {
		list = append(list, versionEvent(registry.BoxReleased, b, v))
	}
	return list
}

func forgetChunks(u registry.Upload) []itemstore.Op {
	if u.Chunks == 0 {
		return nil
	}
	return []itemstore.Op{itemstore.Delete(chunkedBy(u), itemstore.Condition{})}
}
