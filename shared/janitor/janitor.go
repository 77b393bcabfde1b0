// Package janitor does the work that writes leave behind (catalog.Due): it deletes the bytes of
// files that are gone, clears away what belonged to deleted boxes and organizations, takes back
// uploads that were given up, takes over verifications whose process went away, and has events told
// on and letters sent. Everything it does can be done twice, and by two janitors at once.
package janitor

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
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

// Postponed is the error of work that failed and was put back on the list.
type Postponed struct {
	Kind  catalog.DueKind
	Until time.Time
	Err   error
}

// Error says what kind of work failed, and why.
func (p *Postponed) Error() string { return fmt.Sprintf("%s: %v", p.Kind, p.Err) }

// Unwrap returns why the work failed.
func (p *Postponed) Unwrap() error { return p.Err }

// Do does a piece of work and strikes it off the list. When it fails it is put back for later, and
// the error is a *Postponed; after any other error the work stays where it is.
func (j *Janitor) Do(ctx context.Context, d catalog.Due) error {
	failed := j.try(ctx, d)
	if failed == nil {
		return j.Catalog.Finish(ctx, d)
	}
	p := &Postponed{d.Kind, j.Catalog.Now().Add(min(Patience<<min(d.Tries, 16), maxPatience)), failed}
	if err := j.Catalog.Postpone(ctx, d, p.Until); err != nil {
		return fmt.Errorf("%s: %w", d.Kind, errors.Join(failed, err))
	}
	return p
}

// try makes an error of a panic: one piece of work must not keep the process, and with it all the
// others, from coming to an end.
func (j *Janitor) try(ctx context.Context, d catalog.Due) (err error) {
	work, known := j.Work[d.Kind]
	if !known {
		return errors.New("nobody does this kind of work")
	}
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	return work(ctx, d)
}
