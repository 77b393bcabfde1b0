package catalog

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// A file that a mirror fetches comes in by an upload as any other does, but that its id is made of the
// file's, so that there is one at a time, and that the janitor sends the bytes.

// FetchOf reads the upload by which a file of a box is fetched. NotFound when nobody has asked for it.
func (c *Catalog) FetchOf(ctx context.Context, b registry.Box, file registry.ID) (registry.Upload, error) {
	return c.Upload(ctx, b.Home, FetchID(file))
}

// FetchID is the id of the upload by which a file is fetched.
func FetchID(file registry.ID) string { return "file-" + file.String() }

// Want has the janitor fetch a file at once. Conflict, with Retry, when another has asked for it
// meanwhile.
func (c *Catalog) Want(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	return c.saveUpload(ctx, u, c.dueFetch(u, c.Now()))
}

// TakeFetch is SaveUpload by a process that begins to fetch: what comes of it is thrown away when the
// upload expires, and it is looked after when its lease is over.
func (c *Catalog) TakeFetch(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	return c.saveUpload(ctx, u, c.dueUpload(u), c.dueFetch(u, u.Lease))
}

// BeginFetch is SaveUpload with another place for the bytes; those that came to the place before are
// left to the janitor.
func (c *Catalog) BeginFetch(ctx context.Context, before, u registry.Upload) (registry.Upload, error) {
	ops := []itemstore.Op{c.dueUpload(u)}
	if before.BlobID != "" {
		ops = append(ops, c.dueNow(before))
	}
	return c.saveUpload(ctx, u, ops...)
}

// WatchFetch has the janitor look after a fetch at the time given.
func (c *Catalog) WatchFetch(ctx context.Context, u registry.Upload, at time.Time) error {
	return c.write(ctx, unheard, changed("the janitor's list"), c.dueFetch(u, at))
}

// RetryFetch is SaveUpload of a fetch that failed, which the janitor tries again when its lease is over.
func (c *Catalog) RetryFetch(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	return c.saveUpload(ctx, u, c.dueFetch(u, u.Lease))
}

func (c *Catalog) dueFetch(u registry.Upload, at time.Time) itemstore.Op {
	return c.due(Due{Kind: DueFetch, Box: u.BoxID, Home: u.Home, Upload: u.ID}, at)
}
