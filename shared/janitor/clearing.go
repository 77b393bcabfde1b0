package janitor

import (
	"context"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/upload"
)

// clearing is the work on bytes and uploads.
type clearing struct {
	catalog *catalog.Catalog
	store   blobstore.Store
	uploads *upload.Uploads
}

func (c clearing) blobs(ctx context.Context, d catalog.Due) error {
	if d.BlobID != "" {
		if err := c.store.Abort(ctx, blobstore.Upload{Key: d.Blobs[0], ID: d.BlobID, PartSize: d.PartSize}); err != nil {
			return err
		}
	}
	for _, key := range d.Blobs {
		if err := c.store.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// check takes a verification over when its process went away, and comes back later to one that is
// still going on.
func (c clearing) check(ctx context.Context, d catalog.Due) error {
	u, err := c.catalog.Upload(ctx, d.Home, d.Upload)
	if registry.KindOf(err) == registry.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	u, err = c.uploads.Resume(ctx, u)
	if registry.KindOf(err) == registry.Internal && err != nil {
		return err
	}
	if u.Done() || u.State == registry.UploadOpen {
		return nil
	}
	return c.catalog.Watch(ctx, u, u.Lease)
}
