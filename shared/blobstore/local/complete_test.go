package local_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
)

// Here, unlike on some servers, all who complete at the same time succeed.
func TestCompletesAtTheSameTimeAllSucceed(t *testing.T) {
	s := open(t, t.TempDir(), options)
	u := begin(t, s)
	part := putPart(t, s, u, 1, make([]byte, blobstore.MinPart))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if o, err := s.Complete(t.Context(), u, []blobstore.Part{part}); err != nil || o.Size != part.Size {
				t.Errorf("%+v, %v", o, err)
			}
		})
	}
	wait.Wait()
}

// obstruct puts a file where the folder of an object should be, so that Complete fails at its last
// step. It returns what takes it away again.
func obstruct(t *testing.T, dir, key string) (clear func()) {
	t.Helper()
	path := filepath.Join(dir, "objects", key[:2])
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func wantNotComplete(t *testing.T, s *local.Store, u blobstore.Upload, parts ...blobstore.Part) {
	t.Helper()
	if o, err := s.Complete(t.Context(), u, parts); err == nil || errors.Is(err, blobstore.ErrNoUpload) {
		t.Fatalf("%+v, %v", o, err)
	}
}

func TestCompleteThatFailedIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	content := bytes.Repeat([]byte("1"), blobstore.MinPart)
	putPart(t, s, u, 1, make([]byte, blobstore.MinPart))
	first, second := putPart(t, s, u, 1, content), putPart(t, s, u, 2, []byte("2"))
	clear := obstruct(t, dir, u.Key)
	wantNotComplete(t, s, u, first, second)
	wantParts(t, s, u, first, second)
	s = reopen(t, s, dir)
	wantParts(t, s, u, first, second)
	clear()
	complete(t, s, u, first, second)
	if got := read(t, s, u.Key); !bytes.Equal(got, append(content, '2')) {
		t.Errorf("%d other bytes", len(got))
	}
}

// Complete cuts off what is behind the last part. A part whose bytes may be gone is not listed.
func TestPartsThatWereDroppedStayDropped(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	first := putPart(t, s, u, 1, make([]byte, blobstore.MinPart))
	second := putPart(t, s, u, 2, []byte("2"))
	clear := obstruct(t, dir, u.Key)
	wantNotComplete(t, s, u, first)
	wantParts(t, s, u, first)
	s = reopen(t, s, dir)
	wantParts(t, s, u, first)
	clear()
	wantNotComplete(t, s, u, first, second)
	second = putPart(t, s, u, 2, []byte("second"))
	complete(t, s, u, first, second)
	if got := read(t, s, u.Key); !bytes.HasSuffix(got, []byte("\x00second")) {
		t.Errorf("the object ends with %q", got[blobstore.MinPart-1:])
	}
}

// Complete puts parts in their place even where another is just being written. When it then
// fails, that one must not go on as if half of it were there.
func TestPartUnderWayIsLostToComplete(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	slow, bytesOfSlow := io.Pipe()
	failed := make(chan error)
	go func() {
		_, err := s.PutPart(t.Context(), u, 1, slow, blobstore.MinPart)
		slow.CloseWithError(io.ErrClosedPipe)
		failed <- err
	}()
	bytesOfSlow.Write(make([]byte, 2<<20)) // so it has begun, in its place
	content := bytes.Repeat([]byte("1"), blobstore.MinPart)
	part := putPart(t, s, u, 1, content)
	clear := obstruct(t, dir, u.Key)
	wantNotComplete(t, s, u, part)
	clear()
	bytesOfSlow.Write(make([]byte, blobstore.MinPart))
	if err := <-failed; err == nil {
		t.Error("a part arrived that Complete had overwritten")
	}
	wantParts(t, s, u, part)
	complete(t, s, u, part)
	if got := read(t, s, u.Key); !bytes.Equal(got, content) {
		t.Errorf("%d other bytes", len(got))
	}
}
