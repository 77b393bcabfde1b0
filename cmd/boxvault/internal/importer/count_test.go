package importer_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/registry"
)

// counter counts the requests to a registry.
type counter struct {
	proxy    http.Handler
	requests atomic.Int64
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	c.proxy.ServeHTTP(w, r)
}

// counting has an import go through a counter of the registry's requests.
func (m *move) counting() *counter {
	to, err := url.Parse(m.to.URL())
	if err != nil {
		m.t.Fatal(err)
	}
	c := &counter{proxy: httputil.NewSingleHostReverseProxy(to)}
	front := httptest.NewServer(c)
	m.t.Cleanup(front.Close)
	token := embeddedtest.JSON[struct{ AccessToken string }](m.t,
		(&embeddedtest.Registry{URL: m.to.URL()}).Do(m.t, "POST", "/api/auth/signin", "",
			map[string]any{"username": "ada", "password": embeddedtest.Password})).AccessToken
	if m.to, err = client.New(front.URL, token, m.opts...); err != nil {
		m.t.Fatal(err)
	}
	return c
}

// many is a box of many versions with a description each, and as many files in each.
func many(c *cloud, versions int, providers ...string) (files int) {
	var list []object
	for i := range versions {
		var of []object
		for _, p := range providers {
			of = append(of, c.provider(p, "amd64", fmt.Sprint(p, i)))
		}
		list = append(list, with(version(fmt.Sprintf("1.%d.0", i), "active", of...), "description_markdown", "what is new"))
	}
	c.box("debian12", nil, list...)
	return versions * len(providers)
}

func TestImportTakesThreeRequestsForAFile(t *testing.T) {
	for _, providers := range [][]string{{"virtualbox"}, {"virtualbox", "libvirt"}, {"virtualbox", "libvirt", "hyperv"}} {
		c := newCloud(t)
		files := many(c, 20, providers...)
		m := moving(t, embeddedtest.Start(t), c.URL)
		to := m.counting()
		if s := m.all(); s.Imported != files {
			t.Fatalf("%+v", s)
		}
		const listing = 5 // two at the source; at the registry the box, twice the account's, and the new box
		from, _ := c.counted()
		if total := int64(from) + to.requests.Load(); total > int64(3*files+listing) {
			t.Errorf("%d requests for %d files in versions of %d", total, files, len(providers))
		}
	}
}

// A thousand versions with a small file each.
const thousand = 1000

// BenchmarkImport counts and times them; BenchmarkRegistry makes the same requests of the registry alone,
// which is the slower side.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		c := newCloud(b)
		files := many(c, thousand, "virtualbox")
		m := moving(b, unlimited(b), c.URL)
		to := m.counting()
		b.StartTimer()
		m.all()
		from, _ := c.counted()
		b.ReportMetric(float64(int64(from)+to.requests.Load())/float64(files), "requests/file")
	}
	b.ReportMetric(float64(thousand)*float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func BenchmarkRegistry(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		m := moving(b, unlimited(b), "http://127.0.0.1:1")
		m.counting()
		box, description := "debian12", "what is new"
		if _, err := m.to.CreateBox(b.Context(), "acme", api.BoxInput{Name: &box}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		var group errgroup.Group
		group.SetLimit(4)
		for i := range thousand {
			group.Go(func() error {
				number := fmt.Sprintf("1.%d.0", i)
				t := registry.Target{Organization: "acme", Box: box, Version: registry.Number(number), Provider: "virtualbox", Architecture: "amd64"}
				_, err := m.to.CreateVersion(b.Context(), "acme", box, api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number, Description: &description}})
				if err == nil {
					_, err = m.to.UploadFile(b.Context(), t, client.WholeFile{Name: "vagrant.box", Content: []byte(number)})
				}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(thousand)*float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func unlimited(b *testing.B) *embeddedtest.Registry {
	return embeddedtest.Start(b, func(o *embedded.Options) { o.Limits.Account = limit.Off })
}
