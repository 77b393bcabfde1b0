package local

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// inNamespace marks the child of TestFullDevice, which may mount.
const inNamespace = "LOCAL_TEST_FULL_DEVICE"

const (
	deviceSize  = 3 << 20
	ballastSize = 1 << 20
)

// TestFullDevice fills a real file system of 3 MiB. Mounting one needs rights that the test does
// not have, so it runs itself again in a user and mount namespace of its own.
func TestFullDevice(t *testing.T) {
	if os.Getenv(inNamespace) == "" {
		runInNamespace(t)
		return
	}
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", deviceSize)); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) }()
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, ballastSize), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "records.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}

	docs := fillDevice(t, s)
	wantDocs(t, s, docs...)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	docs = append(docs, writeAroundTooMuch(t, s)...)
	wantDocs(t, s, docs...)
	checkFile(t, s)

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := openFile(t, path, nil)
	wantDocs(t, again, docs...)
	checkFile(t, again)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func runInNamespace(t *testing.T) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFullDevice$", "-test.v")
	child.Env = append(os.Environ(), inNamespace+"=yes")
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := child.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSPC) {
		t.Skipf("no full device without a user namespace, which this machine refuses: %v", err)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: TestFullDevice") {
		t.Errorf("%v\n%s", err, out)
	}
}

// fillDevice writes until there is no room and returns the documents that were acknowledged.
func fillDevice(t *testing.T, s *Store) (docs []string) {
	t.Helper()
	for i := range deviceSize >> 16 {
		doc := strings.Repeat(string(rune('a'+i%26)), 1<<16)
		err := s.Write(t.Context(), put(fmt.Sprintf("%03d", i), doc))
		switch {
		case errors.Is(err, itemstore.ErrFull):
			return docs
		case err != nil:
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	t.Fatal("the device never filled up")
	return nil
}

// writeAroundTooMuch has two small Writes share a commit with one that there is no room for, and
// returns the documents of the small ones.
func writeAroundTooMuch(t *testing.T, s *Store) (docs []string) {
	t.Helper()
	var tooMuch []itemstore.Op
	for i := range 9 {
		tooMuch = append(tooMuch, put(fmt.Sprint("too much ", i), strings.Repeat("x", itemstore.MaxDoc)))
	}
	errs := queue(t.Context(), t, s, []itemstore.Op{put("small 1", `1`)}, tooMuch, []itemstore.Op{put("small 2", `2`)})()
	if errs[0] != nil || !errors.Is(errs[1], itemstore.ErrFull) || errs[2] != nil {
		t.Errorf("got %v, want only the second one to find no room", errs)
	}
	return []string{`1`, `2`}
}
