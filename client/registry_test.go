package client_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

const mib = 1 << 20

// ada is a client of a registry where she has the organization acme with the box debian12.
func ada(t *testing.T, r *embeddedtest.Registry, opts ...client.Option) *client.Client {
	t.Helper()
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	r.Box(t, token, "acme", "debian12", true)
	return connect(t, r, token, opts...)
}

// connect makes a client that does not wait between attempts.
func connect(t *testing.T, r *embeddedtest.Registry, token string, opts ...client.Option) *client.Client {
	t.Helper()
	atOnce := client.WithBackoff(func(int) time.Duration { return time.Millisecond })
	c, err := client.New(r.URL, token, append([]client.Option{atOnce}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var target = registry.Target{Organization: "acme", Box: "debian12", Version: "1.0.0", Provider: "virtualbox", Architecture: "amd64"}

// writeFile writes a file of random bytes, the same for the same seed.
func writeFile(t *testing.T, path string, size int, seed uint64) string {
	t.Helper()
	random := rand.NewChaCha8([32]byte{byte(seed)})
	bytes := make([]byte, size)
	random.Read(bytes)
	if err := os.WriteFile(path, bytes, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// boxFile is a new file of so many MiB.
func boxFile(t *testing.T, size int) string {
	t.Helper()
	return writeFile(t, filepath.Join(t.TempDir(), "debian12.box"), size*mib, 1)
}

func sum(t *testing.T, path string) string {
	t.Helper()
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(bytes)
	return hex.EncodeToString(digest[:])
}

// wantStored checks that the registry has the very bytes of a file.
func wantStored(t *testing.T, c *client.Client, path string) {
	t.Helper()
	file, err := c.File(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	if file.Checksum != sum(t, path) {
		t.Errorf("stored file has SHA-256 %s, want %s", file.Checksum, sum(t, path))
	}
}

func wantKind(t *testing.T, err error, kind registry.Kind) {
	t.Helper()
	if err == nil || registry.KindOf(err) != kind {
		t.Errorf("error %v, want one of kind %s", err, registry.Kinds[kind].Code)
	}
}

// beforeDeadline is a context that ends a test that hangs.
func beforeDeadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
