//go:build unix

package embedded_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// Root rotates the keys of a registry that runs as somebody else, who has to read them.
func TestTheSecretStaysItsOwners(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	data := t.TempDir()
	embeddedtest.Start(t, func(o *embedded.Options) { o.Data = data }).Stop()
	secret := filepath.Join(data, "secret")
	if err := os.Chown(secret, 12345, 23456); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.RotateKeys(t.Context(), data, false, time.Now); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(secret)
	if err != nil {
		t.Fatal(err)
	}
	if s := info.Sys().(*syscall.Stat_t); s.Uid != 12345 || s.Gid != 23456 || info.Mode() != 0o600 {
		t.Errorf("it is of %d:%d, %v", s.Uid, s.Gid, info.Mode())
	}
}
