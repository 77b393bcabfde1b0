// Package janitor does the work that writes leave behind: it deletes the bytes of files that are
// gone, clears away what belonged to deleted boxes, takes back uploads that were given up, and
// takes over verifications whose process went away. Everything it does can be done twice, and by
// two janitors at once.
package janitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/upload"
)

// Janitor clears up. Its fields must be set.
type Janitor struct {
	Catalog *catalog.Catalog
	Blobs   blobstore.Store
	Uploads *upload.Uploads
}

// batch is how many pieces of work are taken at a time.
const batch = 50

// Patience is how long work that failed is left alone.
const Patience = 10 * time.Minute

// Sweep does the work whose time has come, and returns how many pieces it did. A piece that fails is
// put back on the list for later, and told in the error; the others are done all the same.
func (j *Janitor) Sweep(ctx context.Context) (done int, err error) {
	for {
		list, listErr := j.Catalog.Due(ctx, batch)
		if listErr != nil {
			return done, errors.Join(err, listErr)
		}
		for _, d := range list {
			failed := j.do(ctx, d)
			if failed == nil {
				done++
				continue
			}
			err = errors.Join(err, fmt.Errorf("%s: %w", d.Kind, failed))
			if err := j.Catalog.Postpone(ctx, d, j.Catalog.Now().Add(Patience)); err != nil {
				return done, errors.Join(failed, err)
			}
		}
		if len(list) < batch {
			return done, err
		}
	}
}

func (j *Janitor) do(ctx context.Context, d catalog.Due) (err error) {
	switch d.Kind {
	case catalog.DueBlobs:
		err = j.blobs(ctx, d)
	case catalog.DueBox:
		err = j.Catalog.ClearBox(ctx, d)
	case catalog.DueCheck:
		err = j.check(ctx, d)
	default:
		err = fmt.Errorf("unknown kind of work")
	}
	if err != nil {
		return err
	}
	return j.Catalog.Finish(ctx, d)
}

func (j *Janitor) blobs(ctx context.Context, d catalog.Due) error {
	if d.BlobID != "" {
		if err := j.Blobs.Abort(ctx, blobstore.Upload{Key: d.Blobs[0], ID: d.BlobID, PartSize: d.PartSize}); err != nil {
			return err
		}
	}
	for _, key := range d.Blobs {
		if err := j.Blobs.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// check takes a verification over when its process went away, and comes back later to one that is
// still going on.
func (j *Janitor) check(ctx context.Context, d catalog.Due) error {
	u, err := j.Catalog.Upload(ctx, d.Box, d.Upload)
	if registry.KindOf(err) == registry.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	u, err = j.Uploads.Resume(ctx, u)
	if registry.KindOf(err) == registry.Internal && err != nil {
		return err
	}
	if u.Done() || u.State == registry.UploadOpen {
		return nil
	}
	return j.Catalog.Watch(ctx, u, u.Lease)
}
