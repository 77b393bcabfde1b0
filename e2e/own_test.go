package e2e

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"time"
)

// serve starts a registry that the test has for itself, and stops it at the end unless the test has
// done so.
func serve(t *testing.T, data string, flags ...string) *Process {
	t.Helper()
	return serveWith(t, ServeOptions{Data: data, Flags: flags})
}

func serveWith(t *testing.T, o ServeOptions) *Process {
	t.Helper()
	needOwn(t)
	o.Log = target.Log
	return beside(t, o)
}

// beside starts a registry beside the target, wherever that is.
func beside(t *testing.T, o ServeOptions) *Process {
	t.Helper()
	o.Binary = target.Binary
	p := must[*Process](t)(Serve(o))
	t.Cleanup(func() {
		select {
		case <-p.ended:
		default:
			if err := p.Stop(); err != nil {
				t.Error(err)
			}
		}
	})
	return p
}

// serveBehind starts a registry that clients reach through a proxy only.
func serveBehind(t *testing.T) *Proxy {
	t.Helper()
	p := must[*Proxy](t)(NewProxy())
	registry := serve(t, t.TempDir(), "--url", p.URL)
	t.Cleanup(func() { p.Close() }) // before the registry stops, which waits for its connections
	p.Forward(registry.Addr)
	return p
}

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// wait waits until the channel is closed.
func wait(t *testing.T, happened <-chan struct{}, what string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case <-happened:
	case <-ctx.Done():
		t.Fatalf("%s did not happen", what)
	}
}

// until waits until something is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not so", what)
		}
	}
}

// findFile finds the one file of that size in a folder.
func findFile(t *testing.T, dir string, size int64) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Size() == size {
			found = path
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("no file of %d bytes in the data folder: %v", size, err)
	}
	return found
}
