package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/cmd/boxvault/internal/cli/boxtest"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// catalogued is a web server with a box and its catalogue; handle may answer in its place.
func catalogued(t *testing.T, size int, handle func(w http.ResponseWriter, r *http.Request) bool) (url string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.box")
	if err := (boxtest.Box{Provider: "virtualbox", Size: size}).Write(path); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case handle != nil && handle(w, r):
		case r.URL.Path == "/metadata.json":
			fmt.Fprint(w, `{"name": "acme/debian12", "versions": [{"version": "1.0.0", "providers": [{"name": "virtualbox", "url": "a.box"}]}]}`)
		default:
			http.ServeFile(w, r, path)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL + "/metadata.json"
}

func TestStoppedImportSaysHowToGoOn(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var parts atomic.Int32
	r := watched(t, func() {
		if parts.Add(1) == 3 {
			stop()
		}
	})
	s := signedInAt(t, r, "")
	command := []string{"import", "acme", "--from", catalogued(t, 60<<20, nil)}
	s.run(ctx, exitInterrupted, command...)
	s.wantErr("boxvault: interrupted\n")
	s.wantErr("hint: run the same command again: what is there is not fetched again")
	s.wantNoRelease()

	s = s.again()
	s.run(t.Context(), 0, command...)
	s.wantErr("acme/debian12 1.0.0 virtualbox/unknown: imported, 60.0 MiB")
}

func TestImportDrawsBars(t *testing.T) {
	s := signedInAt(t, embeddedtest.Start(t), "")
	s.Bars = true
	s.run(t.Context(), 0, "import", "acme", "--from", catalogued(t, 20<<20, nil))
	s.wantErr("debian12 1.0.0  sending")
	s.wantErr("acme/debian12 1.0.0 virtualbox/unknown: imported, 20.0 MiB")
	s.wantErr("imported 1 file, 20.0 MiB; 0 already there; 0 failed")
}

// Who waits is told why, and for how long.
func TestImportShowsThatItWaits(t *testing.T) {
	var asked atomic.Int32
	from := catalogued(t, 100, func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/a.box" || asked.Add(1) > 1 {
			return false
		}
		w.Header().Set("Retry-After", "1800")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	})
	for _, bars := range []bool{false, true} {
		asked.Store(0)
		s := signedInAt(t, embeddedtest.Start(t), "")
		s.Bars = bars
		s.Client = append(s.Client, client.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }))
		s.run(t.Context(), 0, "import", "acme", "--from", from)
		s.wantErr("waiting 30m0s: 127.0.0.1:")
		s.wantErr("answered 429 Too Many Requests")
	}
}

// No token is shown, whatever goes wrong.
func TestImportKeepsTheTokenOfTheSource(t *testing.T) {
	for _, kind := range []string{"vagrant-cloud", "boxvault", "catalogue"} {
		s := signedInAt(t, embeddedtest.Start(t), "")
		s.Getenv = func(name string) string {
			if name == "VAGRANT_CLOUD_TOKEN" || name == "BOXVAULT_FROM_TOKEN" {
				return "hidden-secret"
			}
			return ""
		}
		var sent atomic.Bool
		from := catalogued(t, 100, func(w http.ResponseWriter, r *http.Request) bool {
			sent.Store(r.Header.Get("Authorization") == "Bearer hidden-secret")
			w.WriteHeader(http.StatusUnauthorized)
			return true
		})
		s.run(t.Context(), 3, "import", "acme", "--from", strings.TrimSuffix(from, "/metadata.json"), "--from-type", kind)
		if !sent.Load() || strings.Contains(s.err.String()+s.out.String(), "hidden-secret") {
			t.Errorf("%s: sent %t, and printed\n%s", kind, sent.Load(), s.err)
		}
		s.wantErr("the source: ")
	}
}
