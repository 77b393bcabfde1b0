//go:build unix

package embedded_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// stopped returns the data folder of a registry that ran, and its secret, which is somebody else's than root's.
func stopped(t *testing.T) (data, secret string) {
	t.Helper()
	data = t.TempDir()
	embeddedtest.Start(t, func(o *embedded.Options) { o.Data = data }).Stop()
	secret = filepath.Join(data, "secret")
	if os.Geteuid() == 0 { // only root can give files away
		if err := os.Chown(secret, 12345, 23456); err != nil {
			t.Fatal(err)
		}
	}
	return data, secret
}

// wantOwner fails the test unless a file is somebody's, for whose eyes only.
func wantOwner(t *testing.T, path string, uid, gid int) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	if os.Geteuid() == 0 && (int(s.Uid) != uid || int(s.Gid) != gid) || info.Mode() != 0o600 {
		t.Errorf("%s is of %d:%d, %v", path, s.Uid, s.Gid, info.Mode())
	}
}

// Root rotates the keys of a registry that runs as somebody else, who has to read them.
func TestTheSecretStaysItsOwners(t *testing.T) {
	data, secret := stopped(t)
	if _, err := embedded.RotateKeys(t.Context(), data, false, time.Now); err != nil {
		t.Fatal(err)
	}
	wantOwner(t, secret, 12345, 23456)
}

// The registry's user can put links into its folder, and wait for root to rotate.
func TestRotatingWritesNothingThatALinkLeadsTo(t *testing.T) {
	data, secret := stopped(t)
	shadow := filepath.Join(t.TempDir(), "shadow")
	if err := os.WriteFile(shadow, []byte("root's"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{shadow, filepath.Join(data, "records.db"), filepath.Join(data, "nowhere")} {
		if err := os.Symlink(to, secret+".new"); err != nil {
			t.Fatal(err)
		}
		if _, err := embedded.RotateKeys(t.Context(), data, true, time.Now); err != nil {
			t.Errorf("with a link to %s: %v", to, err)
		}
		wantOwner(t, secret, 12345, 23456)
	}
	if raw, err := os.ReadFile(shadow); err != nil || string(raw) != "root's" {
		t.Errorf("root's file became %s, %v", raw, err)
	}
	wantOwner(t, shadow, os.Geteuid(), os.Getegid())
}

// What root can read, such as the keys of another registry, does not become the user's.
func TestRotatingReadsNothingOutsideOfItsFolder(t *testing.T) {
	data, secret := stopped(t)
	_, others := stopped(t)
	was, err := os.ReadFile(others)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(secret), os.Symlink(others, secret)); err != nil {
		t.Fatal(err)
	}
	if ring, err := embedded.RotateKeys(t.Context(), data, false, time.Now); err == nil {
		t.Errorf("another registry's keys became %v", ring)
	}
	if raw, err := os.ReadFile(secret); err != nil || !bytes.Equal(raw, was) {
		t.Errorf("the other registry's keys changed, %v", err)
	}
}

// A process that died while it wrote is no hindrance.
func TestAHalfSecretIsWrittenAnew(t *testing.T) {
	data, secret := stopped(t)
	if err := os.WriteFile(secret+".new", []byte("half a"), 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.RotateKeys(t.Context(), data, false, time.Now); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(secret + ".new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there, %v", err)
	}
	wantOwner(t, secret, 12345, 23456)
}
