package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// flipped is a body whose first byte is another one than was sent.
type flipped struct {
	io.ReadCloser
	done bool
}

func (f *flipped) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if n > 0 && !f.done {
		p[0] ^= 1
		f.done = true
	}
	return n, err
}

func isDownload(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/_blobs/")
}

// pullFrom pushes a file and returns it with the path that it is to be pulled to.
func pullFrom(t *testing.T, c *client.Client, size int) (pushed, out string) {
	t.Helper()
	pushed = boxFile(t, size)
	if _, err := push(t.Context(), c, pushed); err != nil {
		t.Fatal(err)
	}
	return pushed, filepath.Join(t.TempDir(), "out.box")
}

func pull(ctx context.Context, c *client.Client, out string) (client.Pulled, error) {
	return c.Pull(ctx, client.PullOptions{Target: target, Path: out})
}

// wantOnly checks that a folder has one file, and that it is a copy.
func wantOnly(t *testing.T, out, original string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(out))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || !equalFiles(t, out, original) {
		t.Errorf("there is %v, want nothing but the file that was pushed", entries)
	}
}

// However often the connection is cut: while something comes through, it goes on.
func TestPullSurvivesCuts(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	pushed, out := pullFrom(t, c, 32)
	w.cutEvery(down, 2*mib)
	done, err := pull(beforeDeadline(t), c, out)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed != 0 {
		t.Errorf("resumed %d bytes of a pull that is this one", done.Resumed)
	}
	wantOnly(t, out, pushed)
}

func TestPullTakesUpWhatBrokeOff(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	pushed, out := pullFrom(t, c, 20)
	w.cutAfter(down, 12*mib, true)
	_, err := pull(beforeDeadline(t), c, out)
	var unreachable *client.Unreachable
	if !errors.As(err, &unreachable) {
		t.Fatalf("pull over a cut wire: %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("half a file has the whole one's name")
	}
	w.mend()
	done, err := pull(beforeDeadline(t), c, out)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed < 4*mib || done.Resumed > 12*mib { // what was under way when it was cut is lost
		t.Errorf("resumed %d bytes, want those that had come", done.Resumed)
	}
	wantOnly(t, out, pushed)
	file, err := c.File(t.Context(), target)
	if err != nil || *file.DownloadCount != 1 {
		t.Errorf("the registry counted %d downloads, want the one that was taken up: %v", *file.DownloadCount, err)
	}
}

// The file was replaced since the pull broke off: what came of the old one is not taken up.
func TestPullDoesNotMixTwoFiles(t *testing.T) {
	var w wire
	c := ada(t, startBehind(t, w.front))
	number, release := string(target.Version), false
	if _, err := c.CreateVersion(t.Context(), "acme", "debian12", api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number, Release: &release}}); err != nil {
		t.Fatal(err)
	}
	pushed, out := pullFrom(t, c, 20)
	w.cutAfter(down, 12*mib, true)
	if _, err := pull(beforeDeadline(t), c, out); err == nil {
		t.Fatal("pull over a cut wire succeeded")
	}
	w.mend()
	writeFile(t, pushed, 20*mib, 2)
	if _, err := push(beforeDeadline(t), c, pushed); err != nil {
		t.Fatal(err)
	}
	done, err := pull(beforeDeadline(t), c, out)
	if err != nil {
		t.Fatal(err)
	}
	if done.Resumed != 0 || !equalFiles(t, out, pushed) {
		t.Errorf("resumed %d bytes of another file", done.Resumed)
	}
}

func TestPullRenewsAnExpiredURL(t *testing.T) {
	var r *embeddedtest.Registry
	expire := sync.OnceFunc(func() { r.Clock.Advance(registry.LinkLife + time.Minute) })
	r = startBehind(t, meddler(func(w http.ResponseWriter, req *http.Request) bool {
		if isDownload(req) {
			expire()
		}
		return false
	}))
	c := ada(t, r)
	pushed, out := pullFrom(t, c, 1)
	if _, err := pull(beforeDeadline(t), c, out); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, out, pushed)
}

func TestPullThrowsAwayWhatIsNotTheFile(t *testing.T) {
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isDownload(r) {
			w.Write(make([]byte, mib))
		}
		return isDownload(r)
	})))
	_, out := pullFrom(t, c, 1)
	_, err := pull(beforeDeadline(t), c, out)
	var mismatch *client.ChecksumError
	if !errors.As(err, &mismatch) {
		t.Fatalf("pull of other bytes: %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(out)); len(entries) != 0 {
		t.Errorf("%v was left", entries)
	}
}

// Some proxies know no ranges: they answer with the whole file.
func TestPullFromWhereRangesDoNotWork(t *testing.T) {
	var w wire
	var ranges atomic.Int32
	ignore := meddler(func(_ http.ResponseWriter, r *http.Request) bool {
		if isDownload(r) && r.Header.Get("Range") != "" {
			ranges.Add(1)
			r.Header.Del("Range")
		}
		return false
	})
	c := ada(t, startBehind(t, func(t *testing.T, registry string) string {
		return w.front(t, strings.TrimPrefix(ignore(t, registry), "http://"))
	}))
	pushed, out := pullFrom(t, c, 20)
	w.cutAfter(down, 12*mib, false)
	if _, err := pull(beforeDeadline(t), c, out); err != nil {
		t.Fatal(err)
	}
	if ranges.Load() == 0 {
		t.Error("nothing was resumed: the test tests nothing")
	}
	wantOnly(t, out, pushed)
}

// The connection stays open, and nothing comes any more.
func TestPullFromAServerThatFallsSilent(t *testing.T) {
	var content []byte
	var asked atomic.Int32
	over := make(chan struct{})
	r := startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if !isDownload(r) || asked.Add(1) > 1 {
			return false
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		w.Write(content[:1000])
		w.(http.Flusher).Flush()
		<-over
		return true
	}))
	t.Cleanup(func() { close(over) })
	c := ada(t, r, client.WithStallTimeout(100*time.Millisecond))
	pushed, out := pullFrom(t, c, 1)
	content, _ = os.ReadFile(pushed)
	if _, err := pull(beforeDeadline(t), c, out); err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 2 {
		t.Errorf("the file was asked for %d times, want 2", asked.Load())
	}
	wantOnly(t, out, pushed)
}

func TestPullOntoAFile(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	pushed, out := pullFrom(t, c, 1)
	writeFile(t, out, mib, 1)
	if done, err := pull(t.Context(), c, out); err != nil || !done.AlreadyThere {
		t.Errorf("pull onto the same file: %+v, %v", done, err)
	}
	for _, size := range []int{mib, mib - 1} {
		writeFile(t, out, size, 2)
		_, err := pull(t.Context(), c, out)
		wantKind(t, err, registry.Conflict)
	}
	_, err := c.Pull(t.Context(), client.PullOptions{Target: target, Path: out, Overwrite: true})
	if err != nil {
		t.Fatal(err)
	}
	wantOnly(t, out, pushed)
}

func TestPullChoosesTheNewestRelease(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	for i, version := range []registry.Number{"1.9.0", "1.10.0", "1.10.0-rc1"} {
		at := target
		at.Version = version
		path := writeFile(t, filepath.Join(t.TempDir(), "a.box"), 100, uint64(i))
		if _, err := c.Push(t.Context(), client.PushOptions{Target: at, Path: path}); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(t.TempDir())
	done, err := c.Pull(t.Context(), client.PullOptions{Target: registry.Target{Organization: "acme", Box: "debian12"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "debian12_1.10.0_virtualbox_amd64.box"; done.Path != want || done.Target.Version != "1.10.0" {
		t.Errorf("pulled %s, want %s", done.Path, want)
	}
	if _, err := os.Stat(done.Path); err != nil {
		t.Error(err)
	}
}

func TestPullWhatIsNotThere(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	_, err := pull(t.Context(), c, filepath.Join(t.TempDir(), "out.box"))
	wantKind(t, err, registry.NotFound)
	_, err = c.Pull(t.Context(), client.PullOptions{Target: registry.Target{Organization: "acme", Box: "debian12"}})
	wantKind(t, err, registry.NotFound)
}

// ordered is a Progress that wants to know of a stage before anything moves in it.
type ordered struct {
	t       *testing.T
	entered atomic.Bool
}

func (o *ordered) Enter(client.Stage, int64, int64) { o.entered.Store(true) }

func (o *ordered) Moved(n int64) {
	if !o.entered.Load() {
		o.t.Errorf("%d bytes moved before there was a stage", n)
	}
}

func TestPullTellsItsStageFirst(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	pushed, out := pullFrom(t, c, 1)
	part := out + "." + sum(t, pushed)[:12] + ".part"
	for what, size := range map[string]int{"nothing": 0, "too much": 2 * mib} {
		writeFile(t, part, size, 2)
		done, err := c.Pull(t.Context(), client.PullOptions{Target: target, Path: out, Overwrite: true, Progress: &ordered{t: t}})
		if err != nil || done.Resumed != 0 {
			t.Errorf("with %s gathered: %+v, %v", what, done, err)
		}
		wantOnly(t, out, pushed)
		if err := os.Remove(out); err != nil {
			t.Fatal(err)
		}
	}
}
