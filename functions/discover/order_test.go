package discover_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// downloaded notes that a box was downloaded so often, in all.
func downloaded(t *testing.T, r *coretest.Registry, box api.Box, times int64) {
	t.Helper()
	id := registry.ID(box.ID)
	total := itemstore.Item{
		Key: itemstore.Key{Partition: "counts#" + id.String(), Sort: "total"}, Doc: fmt.Appendf(nil, `{"downloads":%d}`, times),
	}
	if err := r.Core.Items.Write(t.Context(), itemstore.Put(total, itemstore.Condition{})); err != nil {
		t.Fatal(err)
	}
	if err := r.Core.Catalog.Reindex(t.Context(), registry.BoxRef{ID: id}); err != nil {
		t.Fatal(err)
	}
}

func TestOrders(t *testing.T) {
	r, ada := coretest.Acme(t)
	for _, name := range []string{"a", "b", "c", "d"} {
		r.Box(t, ada, "acme", name, name != "c")
		r.Clock.Advance(time.Second)
	}
	r.Sweep(t)
	for name, times := range map[string]int64{"a": 100, "b": 9, "c": 20} {
		box := embeddedtest.JSON[api.Box](t, r.Do(t, "GET", "/api/organization/acme/box/"+name, ada, nil))
		downloaded(t, r, box, times)
	}
	for query, want := range map[string]string{
		"sort=downloads": "a c b d", "order=asc": "d b c a", "sort=created": "d c b a", "sort=created&order=asc": "a b c d",
	} {
		for _, limit := range []int{1, 2, 3, 50} {
			path := fmt.Sprint("/api/search?", query, "&limit=", limit)
			if got := strings.ReplaceAll(strings.Join(all(t, r, path, ada), " "), "acme/", ""); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	}
	if list, _ := found(t, r, "/api/search?limit=1", ada); list[0].Downloads != 100 {
		t.Errorf("the first is %+v", list)
	}
}

func TestReleasesAreNews(t *testing.T) {
	r, ada := coretest.Acme(t)
	var boxes []string
	for _, name := range []string{"a", "b", "c"} {
		boxes = append(boxes, r.Box(t, ada, "acme", name, true))
		r.Clock.Advance(1e9)
	}
	publish(t, r, ada, boxes[1], "1.0.0", "virtualbox", "amd64")
	r.Sweep(t)
	if got := strings.Join(all(t, r, "/api/discover", ""), " "); got != "acme/b acme/c acme/a" {
		t.Errorf("the last that changed are %s", got)
	}
}

// Pages hold while boxes are added before and behind them, and change.
func TestPagesHoldWhileBoxesAreAdded(t *testing.T) {
	r, ada := coretest.Acme(t)
	var want []string
	for i := range 40 {
		r.Box(t, ada, "acme", fmt.Sprintf("old%02d", i), i%3 != 0)
		want = append(want, fmt.Sprintf("acme/old%02d", i))
	}
	r.Sweep(t)
	for n, query := range []string{"sort=created&limit=7", "sort=created&order=asc&limit=7", "limit=7", "q=old&limit=7&sort=created"} {
		got, next := []string{}, "/api/search?"+query
		for i := 0; next != ""; i++ {
			var list []api.FoundBox
			list, next = found(t, r, next, ada)
			for _, b := range list {
				if strings.HasPrefix(b.Name, "old") {
					got = append(got, b.Tag)
				}
			}
			if i < 5 {
				r.Box(t, ada, "acme", fmt.Sprintf("new%d-%d", n, i), true)
				r.Sweep(t)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the pages had %q", query, got)
		}
	}
}
