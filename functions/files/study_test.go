package files_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

var errDied = errors.New("the process has died")

// dyingBlobs is a blob store that has not seen the bytes go by, as S3 has not. Its first reader dies on the
// way, while time goes by.
type dyingBlobs struct {
	blobstore.Store
	at      int64 // where it dies
	opened  []int64
	advance func(time.Duration)
}

func (s *dyingBlobs) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	object, err := s.Store.Open(ctx, key, offset)
	if s.opened = append(s.opened, offset); len(s.opened) > 1 || err != nil {
		return object, err
	}
	return &dying{object, s}, nil
}

type dying struct {
	io.ReadCloser
	s *dyingBlobs
}

func (d *dying) Read(p []byte) (int, error) {
	if d.s.at <= 0 {
		return 0, errDied
	}
	n, err := d.ReadCloser.Read(p[:min(len(p), 1<<20)])
	d.s.at -= int64(n)
	d.s.advance(5 * time.Second)
	return n, err
}

// A file that takes longer to verify than a process lives is not begun again by each that comes.
func TestAVerificationGoesOnWhereItsProcessDied(t *testing.T) {
	blobs := &dyingBlobs{at: 25 << 20}
	r, ada := start(t, func(o *core.Options) { blobs.Store, o.Blobs = o.Blobs, blobs })
	blobs.advance = r.Clock.Advance
	content := large(t)
	u := begin(t, r, ada, content)
	for i, part := range slices.Collect(slices.Chunk(content, int(u.PartSize))) {
		if status := embeddedtest.Put(t, u.URLs[i].URL, part); status != 200 {
			t.Fatalf("part %d: %d", i+1, status)
		}
	}
	read := func() registry.Upload {
		t.Helper()
		a, err := r.Core.Catalog.BoxAccess(t.Context(), 0, "acme", "debian", catalog.Wanted{Upload: u.ID})
		if err != nil {
			t.Fatal(err)
		}
		return *a.Upload
	}
	if _, err := r.Core.Uploads.Complete(t.Context(), read()); !errors.Is(err, errDied) {
		t.Fatalf("the first process ends with %v", err)
	}
	if left := read(); left.State != registry.UploadVerifying || left.Study == nil || left.Study.Offset < 8<<20 {
		t.Fatalf("it leaves %+v", left)
	}
	r.Clock.Advance(2 * time.Minute)
	r.Sweep(t)
	if len(blobs.opened) != 2 || blobs.opened[1] < 8<<20 {
		t.Errorf("the object is read from %v", blobs.opened)
	}
	if done := read(); done.State != registry.UploadStored || done.Study != nil || done.File.SHA256 != sum(content) || done.File.Contents != registry.ContentsBox {
		t.Errorf("in the end it is %+v", done)
	}
	wantFile(t, r, ada, file, content)
}
