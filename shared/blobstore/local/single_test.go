package local_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
)

// beginLargest starts an upload for a file of unknown size, in parts as large as can be.
func beginLargest(t *testing.T, s *local.Store) blobstore.Upload {
	t.Helper()
	u, err := s.Begin(t.Context(), "largest", blobstore.MaxPart)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A full disk shows that nothing is reserved there, see TestFullDisk.
func TestNothingIsTakenForWhatWasNotSent(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	u := beginLargest(t, s)
	data := filepath.Join(dir, "uploads", u.ID, "data")
	wantSize(t, data, 0)
	url := signPart(t, s, u)
	for _, content := range []string{"content", "again"} {
		if w := ask(s, http.MethodPut, url, strings.NewReader(content)); w.Code != http.StatusOK {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		wantSize(t, data, 7)
	}
	parts, err := s.Parts(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	complete(t, s, u, parts...)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d bytes were allocated to take a few", used)
	}
	wantSize(t, filepath.Join(dir, "objects", u.Key[:2], u.Key), 5)
}

func wantSize(t *testing.T, path string, want int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != want {
		t.Errorf("%s has %d bytes, want %d", filepath.Base(path), info.Size(), want)
	}
}
