package cli

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/cmd/boxvault/internal/cli/boxtest"
	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

// watched starts a registry behind a proxy that tells of each part that goes up.
func watched(t *testing.T, part func()) *embeddedtest.Registry {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // the address is the registry's from here on
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: l.Addr().String()})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/_blobs/") {
			part()
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return embeddedtest.Start(t, func(o *embedded.Options) { o.Addr, o.URL = l.Addr().String(), front.URL })
}

func writeBox(t *testing.T, b boxtest.Box) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "debian12.box")
	if err := b.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantNoRelease checks that there is no version of acme/debian12 to be had.
func (s *session) wantNoRelease() {
	s.t.Helper()
	out := filepath.Join(s.t.TempDir(), "out.box")
	s.run(s.t.Context(), 4, "pull", "acme/debian12", "--provider", "virtualbox", "-o", out)
	s.wantErr("acme/debian12 has no released version")
}

func TestStoppedPushSaysHowToGoOn(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var parts atomic.Int32
	r := watched(t, func() {
		if parts.Add(1) == 3 {
			stop()
		}
	})
	s := signedInAt(t, r, "")
	path := writeBox(t, boxtest.Box{Provider: "virtualbox", Size: 50 << 20})
	command := []string{"push", "acme/debian12", "1.0.0", path, "--parallel", "1"}
	s.run(ctx, exitInterrupted, command...)
	s.wantErr("boxvault: interrupted\n")
	s.wantErr("hint: run the same command again: what has arrived is kept for 7 days, and not sent again")
	s.wantNoRelease()

	s = s.again()
	s.run(t.Context(), 0, command...)
	s.wantErr("32.0 MiB of 50.0 MiB are there already")
	s.wantErr("stored for virtualbox/unknown, 32.0 MiB of 50.0 MiB resumed")
}

// A version that was made without holding it back would be released by its first file.
func TestPushHoldsBackAVersionThatIsThere(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	token := r.SignIn(t, "ada")
	box := r.Box(t, token, "acme", "debian12", true)
	r.Do(t, "POST", box+"/version", token, map[string]any{"versionNumber": "1.0.0"}).Want(t, 201)
	path := writeBox(t, boxtest.Box{Provider: "virtualbox"})
	s.run(t.Context(), 0, "push", "acme/debian12", "1.0.0", path, "--no-release")
	s.wantErr("acme/debian12 1.0.0 is not released yet")
	s.wantNoRelease()
	s.run(t.Context(), 0, "push", "acme/debian12", "1.0.0", path)
	s.wantErr("acme/debian12 1.0.0 is released")
}

// A push that stops between two files has nothing seen of the version; the same command again has
// all of it.
func TestPushReleasesAllOrNothing(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var parts atomic.Int32
	r := watched(t, func() {
		if parts.Add(1) == 2 {
			stop()
		}
	})
	s := signedInAt(t, r, "")
	first := writeBox(t, boxtest.Box{Provider: "virtualbox"})
	second := writeBox(t, boxtest.Box{Provider: "libvirt"})
	s.run(ctx, exitInterrupted, "push", "acme/debian12", "1.0.0", first, second)
	s.wantErr("stored for virtualbox/unknown")
	s.wantNoRelease()

	s = s.again()
	s.run(t.Context(), 0, "push", "acme/debian12", "1.0.0", first, second)
	s.wantErr("already there, for virtualbox/unknown")
	s.wantErr("acme/debian12 1.0.0 is released")
}

func TestPushDrawsABar(t *testing.T) {
	s := signedInAt(t, embeddedtest.Start(t), "")
	s.Bars = true
	path := writeBox(t, boxtest.Box{Provider: "virtualbox", Size: 20 << 20})
	s.run(t.Context(), 0, "push", "acme/debian12", "1.0.0", path)
	s.wantErr("debian12.box  sending")
	s.wantErr("debian12.box: stored for virtualbox/unknown, 20.0 MiB")
}

func TestLinesTellNowAndThen(t *testing.T) {
	var said []string
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	l := &lines{name: "a.box", now: func() time.Time { return now }, say: func(format string, args ...any) {
		said = append(said, format)
	}}
	l.Enter(client.Sending, 100, 0)
	for range 60 {
		now = now.Add(time.Second)
		l.Moved(1)
	}
	if len(said) != 5 {
		t.Errorf("said %d lines in a minute, want the first and one every 15 s", len(said))
	}
}

// While the registry cannot be reached, who waits is told so: once, and not of every part and attempt.
func TestPushTellsThatItTriesAgain(t *testing.T) {
	for _, bars := range []bool{false, true} {
		var failed atomic.Int32
		s := signedInAt(t, watched(t, func() {
			if failed.Add(1) <= 3 {
				panic(http.ErrAbortHandler)
			}
		}), "")
		s.Bars = bars
		path := writeBox(t, boxtest.Box{Provider: "virtualbox", Size: 20 << 20})
		s.run(t.Context(), 0, "push", "acme/debian12", "1.0.0", path)
		s.wantErr("cannot reach http://127.0.0.1:")
		s.wantErr("; trying again\n")
	}
}

func TestTroubleIsToldNowAndThen(t *testing.T) {
	s := sit(t, "")
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	trouble := s.trouble()
	trouble.now = func() time.Time { return now }
	trouble.waits(0, registry.Errorf(registry.Forbidden, "the URL has expired"))
	for range 30 {
		trouble.waits(0, &client.Unreachable{URL: "http://a", Err: io.EOF})
		now = now.Add(time.Second)
	}
	const line = "cannot reach http://a: EOF; trying again\n"
	if got := s.err.String(); got != line+line {
		t.Errorf("in half a minute it said\n%s", got)
	}
}

// Progress begins with what is done, and not with how far nothing is.
func TestPullBeginsWithWhatItDoes(t *testing.T) {
	s := signedInAt(t, embeddedtest.Start(t), "")
	s.run(t.Context(), 0, "push", "acme/debian12", "1.0.0", writeBox(t, boxtest.Box{Provider: "virtualbox"}))
	s = s.again()
	s.run(t.Context(), 0, "pull", "acme/debian12", "-o", filepath.Join(t.TempDir(), "a.box"))
	if !strings.HasPrefix(s.err.String(), "debian12: fetching ") {
		t.Errorf("pull says\n%s", s.err)
	}
}

func TestRate(t *testing.T) {
	speed, left := rate(10<<20, 30<<20, 2*time.Second)
	if speed != 5<<20 || left != 6*time.Second {
		t.Errorf("%d bytes a second, %s left", speed, left)
	}
}

func TestDescribeSizes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1<<20 - 1: "1.0 MiB", 1 << 20: "1.0 MiB",
		1<<30 + 1<<29: "1.5 GiB", 5 << 40: "5.0 TiB",
	} {
		if got := size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
