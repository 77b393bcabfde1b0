package client_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

// onS3 starts a registry that keeps its files in a bucket, as the one on AWS does, and that does
// not wait for the verification of a file.
func onS3(t *testing.T) *embeddedtest.Registry {
	t.Helper()
	bucket := s3test.Start(t)
	items, err := local.Open(filepath.Join(t.TempDir(), "records.db"), local.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { items.Close() })
	server := httptest.NewServer(functions.Handler(core.New(core.Options{
		Items: items, Blobs: s3.Open(bucket.Client, bucket.Presign, bucket.Name), Now: time.Now,
		Tokens: auth.Tokens{Now: time.Now, Keys: keyringtest.Fixed(keyringtest.Ring("a secret of 32 bytes, for a test"))}, Signup: auth.SignupOpen, Patience: time.Nanosecond, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})))
	t.Cleanup(server.Close)
	return &embeddedtest.Registry{URL: server.URL}
}

// watcher is a Progress that adds up, and calls at when so many bytes have been sent.
type watcher struct {
	mu          sync.Mutex
	stages      []client.Stage
	size, done  int64
	passed      int64 // bytes of Sending at which to call `at`
	at          func()
	wentTooHigh bool
}

func (w *watcher) Enter(stage client.Stage, size, done int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stages, w.size, w.done = append(w.stages, stage), size, done
}

func (w *watcher) Moved(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
	w.wentTooHigh = w.wentTooHigh || w.done > w.size
	if w.at != nil && w.stages[len(w.stages)-1] == client.Sending && w.done > w.passed {
		w.at()
	}
}

// On S3 a part's ETag is the MD5 of its bytes: what has arrived is known by that, though the file
// is younger than the upload, as it is when a CI job fetches it anew.
func TestPushToS3IsTakenUpByMD5(t *testing.T) {
	c := ada(t, onS3(t))
	path := boxFile(t, 56)
	ctx, stop := context.WithCancel(beforeDeadline(t))
	first := &watcher{passed: 40 * mib, at: stop}
	_, err := c.Push(ctx, client.PushOptions{Target: target, Path: path, Parallel: 1, Progress: first})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped push: %v", err)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	done, err := push(beforeDeadline(t), c, path)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed != 32*mib {
		t.Errorf("resumed %d bytes, want two parts", done.Resumed)
	}
	wantStored(t, c, path)
	out := filepath.Join(t.TempDir(), "out.box")
	if _, err := pull(beforeDeadline(t), c, out); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, out, path)
}

// Nobody tells the checksum, nor when the file was changed: what has arrived is read again, and known by its
// MD5.
func TestRelayToS3IsTakenUpByMD5(t *testing.T) {
	c := ada(t, onS3(t))
	s := &shelf{content: noise(56 * mib)}
	o := relayed(t, c, s)
	ctx, stop := context.WithCancel(beforeDeadline(t))
	first := o
	first.Progress = &watcher{passed: 40 * mib, at: stop}
	if _, err := c.Relay(ctx, first); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped relay: %v", err)
	}
	told := &watcher{}
	o.Progress = told
	done, err := c.Relay(beforeDeadline(t), o)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed < 16*mib || told.wentTooHigh {
		t.Errorf("resumed %d bytes, and told of too many: %t", done.Resumed, told.wentTooHigh)
	}
	wantRelayed(t, c, s.content)
	small := relayed(t, c, &shelf{content: noise(100)})
	small.Target.Version = "1.0.1"
	if _, err := c.Relay(beforeDeadline(t), small); err != nil {
		t.Errorf("a small file: %v", err)
	}
}
