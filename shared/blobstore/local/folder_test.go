package local_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
)

func begin(t *testing.T, s *local.Store) blobstore.Upload {
	t.Helper()
	u, err := s.Begin(t.Context(), strings.ToLower(rand.Text()), blobstore.MinPart)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func complete(t *testing.T, s *local.Store, u blobstore.Upload, parts ...blobstore.Part) {
	t.Helper()
	if _, err := s.Complete(t.Context(), u, parts); err != nil {
		t.Fatal(err)
	}
}

func wantParts(t *testing.T, s *local.Store, u blobstore.Upload, want ...blobstore.Part) {
	t.Helper()
	got, err := s.Parts(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("arrived: %+v, want %+v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("arrived: %+v, want %+v", got[i], want[i])
		}
	}
}

// reopen is what a restart of the process does.
func reopen(t *testing.T, s *local.Store, dir string) *local.Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, dir, options)
}

func TestUploadGoesOnAfterRestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	first := putPart(t, s, u, 1, make([]byte, blobstore.MinPart))
	putPart(t, s, u, 3, []byte("a"))
	third := putPart(t, s, u, 3, []byte("b"))
	s = reopen(t, s, dir)
	wantParts(t, s, u, first, third)
	second := putPart(t, s, u, 2, make([]byte, blobstore.MinPart))
	complete(t, s, u, first, second, third)
	if got := read(t, s, u.Key); len(got) != 2*blobstore.MinPart+1 || got[len(got)-1] != 'b' {
		t.Errorf("the object has %d bytes", len(got))
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	if _, err := local.Open(dir, options); err == nil {
		t.Fatal("the folder was opened twice")
	}
	reopen(t, s, dir)
}

func TestOptionsMustBeWhole(t *testing.T) {
	for _, o := range []local.Options{
		{},
		{BaseURL: options.BaseURL},
		{Keys: options.Keys},
		{BaseURL: "files", Keys: options.Keys},
		{BaseURL: "://", Keys: options.Keys},
	} {
		if _, err := local.Open(t.TempDir(), o); err == nil {
			t.Errorf("opened with %+v", o)
		}
	}
}

// A line of the journal that is not whole was never acknowledged, and spoils no other.
func TestTornJournal(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	first := putPart(t, s, u, 1, []byte("a"))
	s.Close()
	appendTo(t, filepath.Join(dir, "uploads", u.ID, "journal"), "\n"+`{"partNumber":2,"size":1,"etag":"x`)
	s = open(t, dir, options)
	wantParts(t, s, u, first)
	third := putPart(t, s, u, 3, []byte("c"))
	s = reopen(t, s, dir)
	wantParts(t, s, u, first, third)
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// After a loss of power the journal may tell of bytes that never reached the disk.
func TestPartsThatThePowerTookAreNotListed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	content := bytes.Repeat([]byte("content"), 1000)
	putPart(t, s, u, 1, content)
	kept := putPart(t, s, u, 2, content)
	for range 2 {
		putPart(t, s, u, 3, content)
		putPart(t, s, u, 4, content)
	}
	alsoKept := putPart(t, s, u, 4, content)
	s.Close()
	folder := filepath.Join(dir, "uploads", u.ID)
	damage(t, filepath.Join(folder, "data"))
	own, err := filepath.Glob(filepath.Join(folder, "3-*"))
	if err != nil || len(own) != 1 {
		t.Fatalf("%v: %v", own, err)
	}
	damage(t, own[0])
	s = open(t, dir, options)
	if parts, err := s.Parts(t.Context(), u); err != nil || len(parts) != 4 {
		t.Errorf("while the machine runs, parts are not read again: %+v, %v", parts, err)
	}
	s.Close()
	loseBoot(t, filepath.Join(folder, "journal"))
	wantParts(t, open(t, dir, options), u, kept, alsoKept)
}

// damage makes the first bytes of a file other ones.
func damage(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteAt(make([]byte, 10), 0)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// loseBoot makes a journal one of another run of the machine.
func loseBoot(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var header map[string]any
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(&header); err != nil {
		t.Fatal(err)
	}
	boot, _ := json.Marshal(header["boot"])
	b = bytes.Replace(b, append([]byte(`"boot":`), boot...), []byte(`"boot":"another"`), 1)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A process that is killed right after it renamed data leaves an object, and a folder without data.
func TestKilledBetweenObjectAndCleaning(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	part := putPart(t, s, u, 1, []byte("content"))
	s.Close()
	object := filepath.Join(dir, "objects", u.Key[:2], u.Key)
	if err := errors.Join(os.Mkdir(filepath.Dir(object), 0o700), os.Rename(filepath.Join(dir, "uploads", u.ID, "data"), object)); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, options)
	complete(t, s, u, part)
	wantFiles(t, dir, "lock", "objects/"+u.Key[:2]+"/"+u.Key)
}

func TestNothingIsLeftBehind(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u := begin(t, s)
	folder := "uploads/" + u.ID
	cutPart(t, s, u)
	putPart(t, s, u, 1, []byte("content")) // in the place that is free again
	wantFiles(t, dir, "lock", folder+"/data", folder+"/journal")
	second := putPart(t, s, u, 1, []byte("content"))
	wantFiles(t, dir, "lock", folder+"/1-"+second.ETag, folder+"/data", folder+"/journal")
	third := putPart(t, s, u, 1, []byte("content"))
	cutPart(t, s, u)
	wantFiles(t, dir, "lock", folder+"/data", folder+"/journal")
	complete(t, s, u, third)
	if err := s.Abort(t.Context(), begin(t, s)); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, "lock", "objects/"+u.Key[:2]+"/"+u.Key)
}

func cutPart(t *testing.T, s *local.Store, u blobstore.Upload) {
	t.Helper()
	if _, err := s.PutPart(t.Context(), u, 1, strings.NewReader("cont"), 7); err == nil {
		t.Fatal("a short part was taken")
	}
}

func TestOpenClearsAwayWhatWasLeft(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	kept := begin(t, s)
	s.Close()
	for _, name := range []string{"uploads/BEGUN/journal", "uploads/EMPTY/data"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, dir, options)
	wantFiles(t, dir, "lock", "uploads/"+kept.ID+"/data", "uploads/"+kept.ID+"/journal")
	wantParts(t, s, kept)
}

func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	var got []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			got = append(got, path)
		}
		return err
	})
	if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("files %v, want %v (%v)", got, want, err)
	}
}

func TestIDsAreNoPaths(t *testing.T) {
	s := open(t, t.TempDir(), options)
	u := begin(t, s)
	for _, id := range []string{"", ".", "..", "../uploads/" + u.ID, u.ID + "/", "./" + u.ID} {
		stray := u
		stray.ID = id
		_, put := s.PutPart(t.Context(), stray, 1, strings.NewReader("x"), 1)
		_, parts := s.Parts(t.Context(), stray)
		if !errors.Is(put, blobstore.ErrNoUpload) || !errors.Is(parts, blobstore.ErrNoUpload) {
			t.Errorf("%q: %v, %v", id, put, parts)
		}
		if err := s.Abort(t.Context(), stray); err != nil {
			t.Error(err)
		}
	}
	wantParts(t, s, u)
}
