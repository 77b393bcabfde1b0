package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGeneratedFilesAreFresh(t *testing.T) {
	if err := fresh("../..", files); err != nil {
		t.Error(err)
	}
}

func TestWhatWasWrittenIsFresh(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir, files); err != nil {
		t.Fatal(err)
	}
	if err := fresh(dir, files); err != nil {
		t.Error(err)
	}
}

func TestStaleFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	text := func(s string) func() ([]byte, error) {
		return func() ([]byte, error) { return []byte(s), nil }
	}
	made := []file{{"same.txt", text("same")}, {"edited.txt", text("made")}, {"absent.txt", text("made")}}
	if err := write(dir, made[:2]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "edited.txt"), []byte("by hand"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := fresh(dir, made)
	if err == nil {
		t.Fatal("nothing is stale")
	}
	for name, want := range map[string]bool{"same.txt": false, "edited.txt": true, "absent.txt": true} {
		if got := strings.Contains(err.Error(), name); got != want {
			t.Errorf("%s named: %v, want %v, in %q", name, got, want, err)
		}
	}
}
