package functions_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/functions/cost"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// till is a registry that writes down what each request takes.
type till struct {
	*coretest.Registry
	meter meter
	log   bytes.Buffer
	row   string
	bill  []cost.Request
	lines []int // bytes of the log for each
}

func newTill(t *testing.T) *till {
	b := &till{}
	b.Registry = coretest.Start(t, func(o *core.Options) {
		b.meter.Store, o.Items = o.Items, &b.meter
		o.Log = slog.New(rows{metrics.EMF(slog.NewJSONHandler(&b.log, nil), "BoxVault-Table0123456789-ABCDEFGHIJKL"), &b.row})
	})
	return b
}

// rows has the name of the row that was logged last.
type rows struct {
	slog.Handler
	row *string
}

func (h rows) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if r.Message == route.LogMessage && a.Key == "route" {
			*h.row = a.Value.String()
		}
		return true
	})
	return h.Handler.Handle(ctx, r)
}

// open listens for requests that are answered one after another, and returns where.
func (b *till) open(t *testing.T) string {
	var mu sync.Mutex
	handler := functions.Handler(b.Core)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		b.meter.take()
		b.log.Reset()
		handler.ServeHTTP(w, r)
		taken := b.meter.take()
		taken.Row = b.row
		b.bill, b.lines = append(b.bill, taken), append(b.lines, b.log.Len())
	}))
	t.Cleanup(server.Close)
	b.bill = nil
	return server.URL
}

// ask makes a request as Vagrant does, and does not follow where it leads.
func (b *till) ask(t *testing.T, method, url string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Vagrant/2.4.9 (+https://www.vagrantup.com; ruby3.3.8)")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode >= 400 {
		t.Fatalf("%s %s: %s, %v", method, url, resp.Status, err)
	}
}

func TestABoxAddTakesWhatDocsCostSays(t *testing.T) {
	b := newTill(t)
	token := b.Person(t, "ada")
	b.Organization(t, token, "acme")
	b.Box(t, token, "acme", "debian", true)
	for v := range cost.BoxVersions {
		for _, architecture := range []string{"amd64", "arm64"} {
			path := fmt.Sprintf("%s/version/1.0.%d/provider/virtualbox/architecture/%s", box, v, architecture)
			b.Upload(t, token, path, coretest.BoxFile(t, "virtualbox", "")).Want(t, 200)
		}
	}
	b.Sweep(t)
	url := b.open(t)
	b.ask(t, "HEAD", url+"/acme/debian")
	b.ask(t, "GET", url+"/acme/debian")
	b.ask(t, "GET", url+"/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box")
	b.wantBill(t, cost.BoxAdd, cost.AddWork)
}

func TestAPushTakesWhatDocsCostSays(t *testing.T) {
	b := newTill(t)
	token := b.Person(t, "ada")
	b.Organization(t, token, "acme")
	b.Box(t, token, "acme", "debian", false)
	path := filepath.Join(t.TempDir(), "debian.box")
	if err := os.WriteFile(path, coretest.BoxFile(t, "virtualbox", ""), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := client.New(b.open(t), token)
	if err != nil {
		t.Fatal(err)
	}
	target := registry.Target{Organization: "acme", Box: "debian", Version: "1.0.0", Provider: "virtualbox", Architecture: "amd64"}
	if _, err := c.Push(t.Context(), client.PushOptions{Target: target, Path: path}); err != nil {
		t.Fatal(err)
	}
	b.wantBill(t, cost.Push, cost.PushWork)
}

// wantBill fails the test unless the requests took what is wanted, and then the work that they left.
func (b *till) wantBill(t *testing.T, want []cost.Request, behind cost.Work) {
	t.Helper()
	if !slices.Equal(b.bill, want) {
		t.Errorf("it takes\n%+v, want\n%+v", b.bill, want)
	}
	if line := slices.Max(b.lines); line > cost.LogLine || line < cost.LogLine/2 {
		t.Errorf("a request is %d bytes of the log, not %d", line, cost.LogLine)
	}
	b.meter.take()
	b.Clock.Advance(time.Hour)
	pieces := b.work(t)
	taken := b.meter.take()
	if got := (cost.Work{Pieces: pieces, Reads: taken.Reads, Writes: taken.Writes}); got != behind {
		t.Errorf("it leaves work of %+v, want %+v", got, behind)
	}
}

// work does what is left to be done, piece after piece: on AWS none knows of another that is under way.
func (b *till) work(t *testing.T) (done int) {
	t.Helper()
	list, err := b.Janitor.Catalog.Due(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if err := b.Janitor.Do(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return len(list)
}
