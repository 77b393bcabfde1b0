package client_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

func push(ctx context.Context, c *client.Client, path string) (client.Pushed, error) {
	return c.Push(ctx, client.PushOptions{Target: target, Path: path})
}

func TestPushAndPullRoundTrip(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	for name, size := range map[string]int{
		"one byte": 1, "a part": 16 * mib, "a part and a byte": 16*mib + 1, "three parts": 40 * mib,
	} {
		t.Run(name, func(t *testing.T) {
			at := target
			at.Version = registry.Number("1." + strings.Repeat("1", len(name)))
			path := writeFile(t, filepath.Join(t.TempDir(), "in.box"), size, 7)
			done, err := c.Push(t.Context(), client.PushOptions{Target: at, Path: path})
			if err != nil {
				t.Fatal(err)
			}
			if done.AlreadyThere || done.Resumed != 0 || done.File.FileSize != int64(size) || done.File.FileName != "in.box" {
				t.Errorf("pushed %+v", done)
			}
			out := filepath.Join(t.TempDir(), "out.box")
			if _, err := c.Pull(t.Context(), client.PullOptions{Target: at, Path: out}); err != nil {
				t.Fatal(err)
			}
			if !equalFiles(t, path, out) {
				t.Error("what was pulled is not what was pushed")
			}
		})
	}
}

func equalFiles(t *testing.T, a, b string) bool {
	t.Helper()
	left, errLeft := os.ReadFile(a)
	right, errRight := os.ReadFile(b)
	if err := errors.Join(errLeft, errRight); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(left, right)
}

func TestPushOfTheSameFileSendsNothing(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	path := boxFile(t, 17)
	if _, err := push(t.Context(), c, path); err != nil {
		t.Fatal(err)
	}
	w.mend()
	done, err := push(t.Context(), c, path)
	if err != nil {
		t.Fatal(err)
	}
	if !done.AlreadyThere || done.File.Checksum != sum(t, path) {
		t.Errorf("pushed %+v, want AlreadyThere", done)
	}
	if w.sent() > mib {
		t.Errorf("%d bytes were sent", w.sent())
	}
}

func TestPushDoesNotReplaceAReleasedFile(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	path := boxFile(t, 1)
	if _, err := push(t.Context(), c, path); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"same size": mib, "other size": mib + 1} {
		other := writeFile(t, filepath.Join(t.TempDir(), "debian12.box"), size, 2)
		_, err := push(t.Context(), c, other)
		t.Log(name, err)
		wantKind(t, err, registry.Conflict)
	}
	wantStored(t, c, path)
}

// A connection that is cut in the middle of a part costs that part's bytes, and nothing else.
func TestPushSurvivesACut(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	path := boxFile(t, 48)
	w.cutAfter(up, 20*mib, false)
	done, err := push(beforeDeadline(t), c, path)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed != 0 {
		t.Errorf("resumed %d bytes of an upload that is this one", done.Resumed)
	}
	wantStored(t, c, path)
}

func TestPushTakesUpWhatBrokeOff(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	path := boxFile(t, 64)
	w.cutAfter(up, 40*mib, true)
	_, err := c.Push(beforeDeadline(t), client.PushOptions{Target: target, Path: path, Parallel: 1})
	var unreachable *client.Unreachable
	if !errors.As(err, &unreachable) {
		t.Fatalf("push over a cut wire: %v", err)
	}
	if strings.Contains(err.Error(), "signature") {
		t.Errorf("the error gives the signed URL away: %v", err)
	}
	w.mend()
	done, err := push(beforeDeadline(t), c, path)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed != 32*mib {
		t.Errorf("resumed %d bytes, want the two parts that had arrived", done.Resumed)
	}
	if w.sent() > 33*mib {
		t.Errorf("%d bytes were sent for 32 MiB that were missing", w.sent())
	}
	wantStored(t, c, path)
}

// The new contents have the old name and the old size: parts that arrived are of no use.
func TestPushDoesNotMixTwoFiles(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	path := boxFile(t, 48)
	w.cutAfter(up, 40*mib, true)
	if _, err := push(beforeDeadline(t), c, path); err == nil {
		t.Fatal("push over a cut wire succeeded")
	}
	w.mend()
	writeFile(t, path, 48*mib, 2)
	done, err := push(beforeDeadline(t), c, path)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed != 0 {
		t.Errorf("resumed %d bytes of another file", done.Resumed)
	}
	wantStored(t, c, path)
}

func TestPushStoppedByItsCallerIsTakenUp(t *testing.T) {
	ctx, stop := context.WithCancel(beforeDeadline(t))
	var parts atomic.Int32
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isPart(r) && parts.Add(1) == 3 {
			stop()
		}
		return false
	})))
	path := boxFile(t, 64)
	_, err := c.Push(ctx, client.PushOptions{Target: target, Path: path, Parallel: 1})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped push: %v", err)
	}
	done, err := push(beforeDeadline(t), c, path)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed < 32*mib {
		t.Errorf("resumed %d bytes, want two parts at least", done.Resumed)
	}
	wantStored(t, c, path)
}

func isPart(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/_blobs/")
}

// Each part is held until as many are on their way as are wanted at once: sent one after the other
// they would never get through.
func TestPushSendsPartsInParallel(t *testing.T) {
	const parallel = 3
	var onTheirWay sync.WaitGroup
	onTheirWay.Add(parallel)
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isPart(r) {
			onTheirWay.Done()
			onTheirWay.Wait()
		}
		return false
	})))
	path := boxFile(t, parallel*16)
	_, err := c.Push(beforeDeadline(t), client.PushOptions{Target: target, Path: path, Parallel: parallel})
	if err != nil {
		t.Fatal(err)
	}
	wantStored(t, c, path)
}

// The part URLs are the credential: the token stays with the API.
func TestPushSendsNoTokenWithParts(t *testing.T) {
	var parts, withToken atomic.Int32
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isPart(r) {
			parts.Add(1)
			if r.Header.Get("Authorization") != "" || r.Header.Get("X-Access-Token") != "" {
				withToken.Add(1)
			}
		}
		return false
	})))
	if _, err := push(t.Context(), c, boxFile(t, 1)); err != nil {
		t.Fatal(err)
	}
	if parts.Load() != 1 || withToken.Load() != 0 {
		t.Errorf("%d of %d parts came with a token", withToken.Load(), parts.Load())
	}
}

// Time passes between the URLs' being signed and their use. A part whose URL is refused is not sent
// for nothing.
func TestPushRenewsExpiredURLs(t *testing.T) {
	var r *embeddedtest.Registry
	expire := sync.OnceFunc(func() { r.Clock.Advance(registry.LinkLife + time.Minute) })
	var tried atomic.Int32
	proxy := meddler(func(w http.ResponseWriter, req *http.Request) bool {
		if isPart(req) {
			expire()
			tried.Add(1)
		}
		return false
	})
	var w wire
	r = startBehind(t, func(t *testing.T, registry string) string {
		return w.front(t, strings.TrimPrefix(proxy(t, registry), "http://"))
	})
	c := ada(t, r)
	path := boxFile(t, 48)
	if _, err := c.Push(beforeDeadline(t), client.PushOptions{Target: target, Path: path, Parallel: 1}); err != nil {
		t.Fatal(err)
	}
	if tried.Load() != 4 {
		t.Errorf("%d parts were tried, want the three and the one that was refused", tried.Load())
	}
	if w.sent() > 49*mib {
		t.Errorf("%d bytes were sent for 48 MiB", w.sent())
	}
	wantStored(t, c, path)
}

func TestPushOfBytesThatChangeOnTheirWay(t *testing.T) {
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isPart(r) {
			r.Body = &flipped{ReadCloser: r.Body}
		}
		return false
	})))
	path := boxFile(t, 1)
	_, err := push(t.Context(), c, path)
	var mismatch *client.ChecksumError
	if !errors.As(err, &mismatch) {
		t.Fatalf("push of bytes that changed on their way: %v", err)
	}
	if mismatch.Want != sum(t, path) {
		t.Errorf("the error says %v", mismatch)
	}
	_, err = c.File(t.Context(), target)
	wantKind(t, err, registry.NotFound)
}

func TestPushOfAFileThatChanges(t *testing.T) {
	path := boxFile(t, 32)
	var parts atomic.Int32
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isPart(r) && parts.Add(1) == 2 {
			writeFile(t, path, 32*mib, 2)
		}
		return false
	})))
	_, err := c.Push(t.Context(), client.PushOptions{Target: target, Path: path, Parallel: 1})
	if err == nil || !strings.Contains(err.Error(), "was changed while it was being uploaded") {
		t.Fatalf("push of a file that changes: %v", err)
	}
	_, err = c.File(t.Context(), target)
	wantKind(t, err, registry.NotFound)
}

func TestPushOfWhatIsNoFile(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	empty := filepath.Join(t.TempDir(), "empty.box")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{empty, t.TempDir(), filepath.Join(t.TempDir(), "missing.box")} {
		if _, err := push(t.Context(), c, path); err == nil {
			t.Errorf("push of %s succeeded", path)
		}
	}
}

func TestPushNeedsTheBox(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	elsewhere := target
	elsewhere.Box = "missing"
	_, err := c.Push(t.Context(), client.PushOptions{Target: elsewhere, Path: boxFile(t, 1)})
	wantKind(t, err, registry.NotFound)
}

// What is told of a push adds up to its size, also when a part is sent twice.
func TestPushTellsHowItGoes(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	w.cutAfter(up, 20*mib, false)
	told := &watcher{}
	path := boxFile(t, 40)
	_, err := c.Push(beforeDeadline(t), client.PushOptions{Target: target, Path: path, Parallel: 1, Progress: told})
	if err != nil {
		t.Fatal(err)
	}
	if want := []client.Stage{client.Sending, client.Verifying}; !slices.Equal(told.stages, want) {
		t.Errorf("stages %v, want %v", told.stages, want)
	}
	if told.wentTooHigh {
		t.Error("more bytes were told of than the file has")
	}
}
