package functions_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// BenchmarkGrowth holds what calls cost in a registry with 10 boxes against one with 100,000, in 1,000
// organizations: the median of a request's time, and its calls to the table. docs/performance.md has
// the figures.
func BenchmarkGrowth(b *testing.B) {
	for _, boxes := range []int{10, 100_000} {
		b.Run(fmt.Sprintf("boxes=%d", boxes), func(b *testing.B) {
			var store counted
			r := coretest.Start(b, func(o *core.Options) { store.Store, o.Items = o.Items, &store })
			token := r.Person(b, "ada")
			begin := time.Now()
			crowd{r, r.Account(b, "ada")}.fill(b, boxes)
			halfway := begin.Add(time.Since(begin) / 2).UnixMilli()
			middle := search.Query{Sort: search.ByCreated}.Next(search.Place(halfway, 1))
			for _, call := range grown {
				b.Run(call.name, func(b *testing.B) { call.measure(b, r, &store, token, middle) })
			}
		})
	}
}

// crowd fills a registry straight through the catalog.
type crowd struct {
	*coretest.Registry
	owner registry.Account
}

// fill makes boxes with a released version each, every tenth of them private, and indexes them.
func (c crowd) fill(b *testing.B, boxes int) {
	b.Helper()
	work := make(chan int)
	var wg sync.WaitGroup
	for range 200 { // they share commits
		wg.Go(func() {
			for n := range work {
				if err := c.organization(context.WithoutCancel(b.Context()), n, min(boxes, 100)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for n := range max(boxes/100, 1) {
		work <- n
	}
	close(work)
	wg.Wait()
}

func (c crowd) organization(ctx context.Context, n, boxes int) error {
	o := registry.Organization{ID: registry.NewID(), Name: fmt.Sprintf("org%d", n)}
	owner := registry.Account{ID: registry.NewID(), Username: fmt.Sprintf("owner%d", n), Primary: "none"}
	if n == 0 {
		owner.ID, owner.Username = c.owner.ID, c.owner.Username
	}
	if _, err := c.Core.Catalog.CreateOrganization(ctx, o, owner); err != nil {
		return err
	}
	o, err := c.Core.Catalog.Organization(ctx, o.Name)
	for i := range boxes {
		if err == nil {
			err = c.box(ctx, o, fmt.Sprintf("debian12-%05d", 100*n+i), i%10 != 9)
		}
	}
	return err
}

func (c crowd) box(ctx context.Context, o registry.Organization, name string, public bool) error {
	made := registry.NewBox(o, name, c.owner.ID, c.Core.Now())
	made.Public = public
	if _, err := c.Core.Catalog.CreateBox(ctx, o, made); err != nil {
		return err
	}
	a, err := c.Core.Catalog.BoxAccess(ctx, 0, o.Name, name, catalog.Wanted{})
	if err != nil {
		return err
	}
	v := registry.NewVersion(a.Box, "1.0.0", c.Core.Now())
	if _, err := v.Place("virtualbox", "amd64", registry.File{ID: registry.NewID()}, c.Core.Now()); err != nil {
		return err
	}
	if err := c.Core.Catalog.CreateVersion(ctx, a.Box, v); err != nil {
		return err
	}
	return c.Core.Catalog.Reindex(ctx, a.Box.Ref())
}

// grownCall is a call whose cost must not grow; %d in what it sends is another number each time.
type grownCall struct {
	name, method, path, body string
	known                    bool // with a token, as a member of an organization
}

var grown = []grownCall{
	{"search/word-of-all", "GET", "/api/search?q=debian12&limit=5&sort=created", "", false},
	{"search/prefix-of-all", "GET", "/api/search?q=deb&limit=5", "", false},
	{"search/rare-word", "GET", "/api/search?q=00003", "", false},
	{"search/rare-word-and-build", "GET", "/api/search?q=deb+00003&provider=virtualbox&architecture=amd64", "", false},
	{"search/organization", "GET", "/api/search?organization=org0&limit=5&sort=updated", "", false},
	{"search/as-member", "GET", "/api/search?q=deb&limit=5", "", true},
	{"search/middle-page", "GET", "/api/search?sort=created&limit=3&after=MIDDLE", "", false},
	{"search/none-of-many", "GET", "/api/search?q=deb&provider=vmware", "", false}, // as much as one call may read
	{"discover", "GET", "/api/discover?limit=5", "", false},
	{"list", "GET", "/api/organization/org0/box?limit=5", "", true},
	{"read", "GET", "/api/organization/org0/box/debian12-00003", "", false},
	{"metadata", "GET", "/org0/debian12-00003", "", false},
	{"create", "POST", "/api/organization/org0/box", `{"name":"alpine-%d","isPublic":true}`, true},
	{"change", "PUT", "/api/organization/org0/box/debian12-00003", `{"description":"number %d"}`, true},
}

func (g grownCall) measure(b *testing.B, r *coretest.Registry, store *counted, token, middle string) {
	path := strings.ReplaceAll(g.path, "MIDDLE", middle)
	if !g.known {
		token = ""
	}
	var times []time.Duration
	var calls calls
	for b.Loop() {
		var body []byte
		if g.body != "" {
			body = fmt.Appendf(nil, g.body, registry.NewID())
		}
		store.take()
		begin := time.Now()
		a := r.Ask(b, g.method, path, token, body, "Content-Type", "application/json")
		times, calls = append(times, time.Since(begin)), store.take()
		if a.Status >= 300 {
			b.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	slices.Sort(times)
	b.ReportMetric(0, "ns/op") // the median is not moved by what else the machine does
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(calls.gets), "gets")
	b.ReportMetric(float64(calls.queries), "queries")
	b.ReportMetric(float64(calls.writes), "writes")
}
