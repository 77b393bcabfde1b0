package importer_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/cmd/boxvault/internal/importer"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

// The source asks to wait, in seconds or until a time, falls over, and gives out links that have expired.
func TestImportGetsOverTroubleAtTheSource(t *testing.T) {
	c := newCloud(t)
	for i := range 12 {
		c.box(fmt.Sprintf("box%d", i), nil, version("1.0.0", "active", c.provider("virtualbox", "amd64", fmt.Sprint(i))))
	}
	m := moving(t, embeddedtest.Start(t), c.URL)
	var mu sync.Mutex
	seen := map[string]int{}
	c.set(func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.Path]++
		if seen[r.URL.Path] > 1 {
			return false
		}
		switch len(seen) % 4 {
		case 0:
			w.Header().Set("Retry-After", "40")
			w.WriteHeader(http.StatusTooManyRequests)
		case 1:
			w.Header().Set("Retry-After", time.Now().Add(100*time.Second).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			w.WriteHeader(http.StatusBadGateway)
		case 3:
			if strings.HasPrefix(r.URL.Path, "/api") {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
		}
		return true
	})
	if s := m.all(); s.Imported != 12 {
		t.Errorf("%+v", s)
	}
	if !slices.Contains(m.waits, 40*time.Second) || slices.Max(m.waits) < 90*time.Second {
		t.Errorf("waited %v", m.waits)
	}
}

func TestImportThatIsStoppedGoesOn(t *testing.T) {
	c := newCloud(t)
	const versions = 20
	var list []object
	for i := range versions {
		list = append(list, version(fmt.Sprintf("1.%d.0", i), "active",
			c.provider("virtualbox", "amd64", fmt.Sprint("v", i)), c.provider("libvirt", "amd64", fmt.Sprint("l", i))))
	}
	c.box("debian12", nil, list...)
	m := moving(t, embeddedtest.Start(t), c.URL)
	ctx, stop := context.WithCancel(t.Context())
	var files int
	var mu sync.Mutex
	c.set(func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/files/") {
			if files++; files == versions {
				stop()
			}
		}
		return false
	})
	items, err := m.run(ctx)
	first := importer.Summarize(items)
	if err == nil || first.Imported == 0 || first.Imported >= versions+4 {
		t.Fatalf("stopped: %v, %+v", err, first)
	}
	for _, v := range m.box("debian12").Versions {
		if n := len(v.Providers); v.Status == string(registry.Active) && n != 2 {
			t.Errorf("version %s is seen with %d of its files", v.VersionNumber, n)
		}
	}
	c.set(nil)
	c.CloseClientConnections() // what was asked for last, and given up, is not to be counted below
	c.counted()
	second := m.all()
	if second.Imported+second.AlreadyThere != 2*versions || second.AlreadyThere < first.Imported {
		t.Errorf("first %+v, then %+v", first, second)
	}
	if _, files := c.counted(); files != second.Imported {
		t.Errorf("%d files were fetched again", files-second.Imported)
	}
	for _, v := range m.box("debian12").Versions {
		if v.Status != string(registry.Active) || len(v.Providers) != 2 {
			t.Errorf("version %s is %s", v.VersionNumber, v.Status)
		}
	}
}

// A registry that is gone would be asked for each file, and each time for minutes.
func TestImportStopsWhenTheRegistryIsGone(t *testing.T) {
	c := newCloud(t)
	for i := range 50 {
		c.box(fmt.Sprintf("box%d", i), nil, version("1.0.0", "active", c.provider("virtualbox", "amd64", "x")))
	}
	r := embeddedtest.Start(t)
	m := moving(t, r, c.URL)
	gone := sync.OnceFunc(r.Stop)
	c.set(func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/files/") {
			gone()
		}
		return false
	})
	items, err := m.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := importer.Summarize(items)
	if _, files := c.counted(); s.ToImport < 40 || s.Failed == 0 || files > 16 {
		t.Errorf("%+v, after %d files were fetched", s, files)
	}
}
