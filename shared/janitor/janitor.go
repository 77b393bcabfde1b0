// Package janitor does the work that writes leave behind (catalog.Due): it deletes the bytes of
// files that are gone, clears away what belonged to deleted boxes and organizations, takes back
// uploads that were given up, takes over verifications whose process went away, and has events told
// on and letters sent. Everything it does can be done twice, and by two janitors at once.
package janitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/upload"
)

// Work does one piece of work of a kind.
type Work func(context.Context, catalog.Due) error

// Janitor clears up. New makes one.
type Janitor struct {
	Catalog *catalog.Catalog
	// Work has what is done for each kind.
	Work map[catalog.DueKind]Work
}

// New makes a janitor for all that is done to records and bytes alone.
func New(c *catalog.Catalog, blobs blobstore.Store, uploads *upload.Uploads) *Janitor {
	clear := clearing{c, blobs, uploads}
	return &Janitor{Catalog: c, Work: map[catalog.DueKind]Work{
		catalog.DueBlobs:        clear.blobs,
		catalog.DueBox:          c.ClearBox,
		catalog.DueBoxes:        c.ClearBoxes,
		catalog.DueVersions:     c.ClearVersions,
		catalog.DueOrganization: c.ClearOrganization,
		catalog.DueWatchers:     c.WriteToWatchers,
		catalog.DueAccount:      c.ClearAccount,
		catalog.DueCheck:        clear.check,
		catalog.DueIndex:        c.ReindexOrganization,
	}}
}

// Work that failed is left alone for a while, which doubles each time.
const (
	Patience    = time.Minute
	maxPatience = 6 * time.Hour
)

// Do does a piece of work and strikes it off the list, or puts it back for later when it fails.
func (j *Janitor) Do(ctx context.Context, d catalog.Due) error {
	work, known := j.Work[d.Kind]
	if !known {
		work = func(context.Context, catalog.Due) error { return errors.New("nobody does this kind of work") }
	}
	failed := work(ctx, d)
	if failed == nil {
		return j.Catalog.Finish(ctx, d)
	}
	until := j.Catalog.Now().Add(min(Patience<<min(d.Tries, 16), maxPatience))
	return errors.Join(fmt.Errorf("%s: %w", d.Kind, failed), j.Catalog.Postpone(ctx, d, until))
}
