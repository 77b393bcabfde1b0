package files_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// fullBlobs is a blob store whose disk is full as long as full is set.
type fullBlobs struct {
	blobstore.Store
	full *atomic.Bool
}

func (s fullBlobs) PutPart(ctx context.Context, u blobstore.Upload, n int, r io.Reader, size int64) (blobstore.Part, error) {
	if s.full.Load() {
		return blobstore.Part{}, fmt.Errorf("part %d: %w", n, blobstore.ErrFull)
	}
	return s.Store.PutPart(ctx, u, n, r, size)
}

func (s fullBlobs) Complete(ctx context.Context, u blobstore.Upload, parts []blobstore.Part) (blobstore.Object, error) {
	if s.full.Load() {
		return blobstore.Object{}, fmt.Errorf("complete: %w", blobstore.ErrFull)
	}
	return s.Store.Complete(ctx, u, parts)
}

// fullItems is an item store whose disk is full as long as full is set: it can still delete.
type fullItems struct {
	itemstore.Store
	full *atomic.Bool
}

func (s fullItems) Write(ctx context.Context, ops ...itemstore.Op) error {
	for _, op := range ops {
		if s.full.Load() && op.Verb != itemstore.VerbDelete {
			return fmt.Errorf("write: %w", itemstore.ErrFull)
		}
	}
	return s.Store.Write(ctx, ops...)
}

func TestAFullDiskIsToldAndLeavesWhatWasThere(t *testing.T) {
	for name, fill := range map[string]func(*core.Options, *atomic.Bool){
		"files":   func(o *core.Options, full *atomic.Bool) { o.Blobs = fullBlobs{o.Blobs, full} },
		"records": func(o *core.Options, full *atomic.Bool) { o.Items = fullItems{o.Items, full} },
	} {
		t.Run(name, func(t *testing.T) {
			var full atomic.Bool
			r, ada := start(t, func(o *core.Options) { fill(o, &full) })
			policy(t, r, ada, `{"mutableReleases":true}`)
			good := virtualbox(t, "good")
			r.Upload(t, ada, target, good).Want(t, 200)
			u := begin(t, r, ada, []byte("hello"))
			embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
			_, chunks := chunked(t)
			form, contentType := formOf(t, "file", "x.box", virtualbox(t, "other"))

			full.Store(true)
			r.Upload(t, ada, target, virtualbox(t, "other")).WantError(t, 507, "INSUFFICIENT_STORAGE")
			r.Ask(t, "POST", file, ada, form, "Content-Type", contentType).WantError(t, 507, "INSUFFICIENT_STORAGE")
			sendChunk(t, r, ada, 0, 3, chunks[0]).WantError(t, 507, "INSUFFICIENT_STORAGE")
			complete(t, r, ada, u.ID).WantError(t, 507, "INSUFFICIENT_STORAGE")
			if name == "records" {
				r.Do(t, "POST", strings.TrimSuffix(box, "/debian"), ada, `{"name":"fedora"}`).WantError(t, 507, "INSUFFICIENT_STORAGE")
			}
			wantFile(t, r, ada, file, good)
			r.Do(t, "GET", file+"/download", ada, nil).Want(t, 302)

			full.Store(false) // room was made, and the upload goes on
			complete(t, r, ada, u.ID).Want(t, 200)
			wantFile(t, r, ada, file, []byte("hello"))
			r.Clock.Advance(registry.UploadLife + time.Hour)
			r.Sweep(t)
			if n := stored(t, r); n != 1 {
				t.Errorf("%d files take room for one that is listed", n)
			}
		})
	}
}
