package local

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

// When the system could not write bytes to the disk, it may say so only once. The upload is not
// to be completed by asking again.
func TestBytesThatCouldNotBeFlushedAreNoObject(t *testing.T) {
	s, err := Open(t.TempDir(), Options{BaseURL: "http://127.0.0.1", Keys: keyringtest.Fixed(keyringtest.Ring("a secret"))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	u, err := s.Begin(t.Context(), "key", blobstore.MinPart)
	if err != nil {
		t.Fatal(err)
	}
	part, err := s.PutPart(t.Context(), u, 1, strings.NewReader("x"), 1)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk is broken")
	s.fsync = func(*os.File) error { return broken }
	if _, err := s.Complete(t.Context(), u, []blobstore.Part{part}); !errors.Is(err, broken) {
		t.Errorf("error %v, want: %v", err, broken)
	}
	s.fsync = (*os.File).Sync
	if _, err := s.Complete(t.Context(), u, []blobstore.Part{part}); !errors.Is(err, blobstore.ErrNoUpload) {
		t.Errorf("error %v, want: %v", err, blobstore.ErrNoUpload)
	}
	if _, err := s.Head(t.Context(), "key"); !errors.Is(err, blobstore.ErrNotFound) {
		t.Errorf("error %v, want: %v", err, blobstore.ErrNotFound)
	}
}
