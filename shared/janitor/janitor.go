// Package janitor does the work that writes leave behind (catalog.Due): it deletes the bytes of
// files that are gone, clears away what belonged to deleted boxes and organizations, takes back
// uploads that were given up, takes over verifications whose process went away, and has events told
// on and letters sent. Everything it does can be done twice, and by two janitors at once.
package janitor

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
		catalog.DueOrganization: c.ClearOrganization,
		catalog.DueCheck:        clear.check,
	}}
}

// batch is how many pieces of work are taken at a time, hands how many are done at a time: some wait
// for servers of others.
const (
	batch = 50
	hands = 16
)

// Work that failed is left alone for a while, which doubles each time.
const (
	Patience    = time.Minute
	maxPatience = 6 * time.Hour
)

// Sweep does the work whose time has come, and returns how many pieces it did. A piece that fails is
// put back on the list for later, and told in the error; the others are done all the same.
func (j *Janitor) Sweep(ctx context.Context) (done int, err error) {
	for {
		list, listErr := j.Catalog.Due(ctx, batch)
		if listErr != nil {
			return done, errors.Join(err, listErr)
		}
		some, failed := j.doAll(ctx, list)
		done, err = done+some, errors.Join(err, failed)
		if len(list) < batch || ctx.Err() != nil {
			return done, err
		}
	}
}

func (j *Janitor) doAll(ctx context.Context, list []catalog.Due) (done int, err error) {
	var wg sync.WaitGroup
	outcomes, free := make([]error, len(list)), make(chan struct{}, hands)
	for i, d := range list {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			outcomes[i] = j.Do(ctx, d)
		})
	}
	wg.Wait()
	for _, outcome := range outcomes {
		if outcome == nil {
			done++
		}
	}
	return done, errors.Join(outcomes...)
}

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
