package catalog_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

func (e *env) describe(name, description string, public bool) registry.Box {
	e.Helper()
	b := e.stored(name)
	b.Description, b.Public = description, public
	e.must(e.SaveBox(e.Context(), b, registry.BoxUpdated))
	return e.stored(name)
}

func (e *env) wantTally(o registry.ID, boxes, public int64) {
	e.Helper()
	got, err := e.Tallies(e.Context(), o)
	e.must(err)
	if got[0] != (catalog.Tally{Boxes: boxes, Public: public}) {
		e.Errorf("the counts are %+v, want %d and %d", got[0], boxes, public)
	}
}

func TestABoxStandsWhereItsEntrySaysAndNowhereElse(t *testing.T) {
	onEachStore(t, func(e *env) {
		w := watch(e)
		b := e.box("debian")
		for i, change := range []func(){
			func() {},
			func() { b = e.describe("debian", long(1), false) },
			func() { b = e.describe("debian", long(2), true) },
			func() { b = e.describe("debian", "short", true) },
			func() { b, _ = e.RenameBox(e.Context(), e.stored("debian"), "bookworm") },
			func() { e.version(e.stored("bookworm"), "1.0.0", "blob") },
		} {
			change()
			e.must(e.Reindex(e.Context(), b.Ref()))
			w.wantIndexed(e, b)
			public := int64(0)
			if i >= 2 {
				public = 1
			}
			e.wantTally(b.OrganizationID, 1, public)
		}
		e.must(e.Reindex(e.Context(), registry.BoxRef{ID: b.ID})) // the ID is enough
		e.must(e.DeleteBox(e.Context(), e.stored("bookworm")))
		e.must(e.Reindex(e.Context(), b.Ref()))
		e.must(e.Reindex(e.Context(), b.Ref()))
		if left := w.standing(e); len(left) > 0 {
			e.Errorf("of a deleted box there are %v", left)
		}
		e.wantTally(b.OrganizationID, 0, 0)
	})
}

// The process is killed at each of its writes in turn, and another change comes before the work is
// taken up again.
func TestAnIndexThatBrokeOffIsMadeWhole(t *testing.T) {
	e := onFile(t)
	w := watch(e)
	e.box("debian")
	for n, broken := 0, true; broken; n++ {
		b := e.describe("debian", long(2*n), n%2 == 0)
		w.left = n
		err := e.Reindex(e.Context(), b.Ref())
		w.left = -1
		if broken = err != nil; broken && !errors.Is(err, errBroken) {
			e.Fatal(err)
		}
		if n%3 != 0 {
			b = e.describe("debian", long(2*n+1), n%2 == 1)
		}
		e.must(e.Reindex(e.Context(), b.Ref()))
		w.wantIndexed(e, b)
		if n > 20 {
			e.Fatal("it takes more writes than that")
		}
	}
	b := e.describe("debian", long(99), true)
	w.left = 1
	if err := e.Reindex(e.Context(), b.Ref()); !errors.Is(err, errBroken) {
		e.Fatal(err)
	}
	w.left = -1
	e.must(e.DeleteBox(e.Context(), e.stored("debian")))
	e.must(e.Reindex(e.Context(), b.Ref()))
	if left := w.standing(e); len(left) > 0 {
		e.Errorf("of a deleted box there are %d postings", len(left))
	}
	e.wantTally(b.OrganizationID, 0, 0)
}

// Many changes, each followed by a call of its own, all at once, as the janitor does it.
func TestManyIndexABoxAtOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		w := watch(e)
		b := e.box("debian")
		var wg sync.WaitGroup
		many := func(calls int, b registry.Box) {
			for range calls {
				wg.Go(func() {
					other := &catalog.Catalog{Store: e.Store, Now: e.Now} // of another process: it shares no work
					if err := other.Reindex(e.Context(), b.Ref()); err != nil {
						e.Error(err)
					}
				})
			}
		}
		for i := range 12 {
			b = e.describe("debian", long(i), i%2 == 0)
			many(2, b)
		}
		wg.Wait()
		w.wantIndexed(e, b)
		e.wantTally(b.OrganizationID, 1, 0)

		many(8, b)
		e.must(e.DeleteBox(e.Context(), b))
		many(1, b)
		wg.Wait()
		if left := w.standing(e); len(left) > 0 {
			e.Errorf("of a deleted box there are %d postings", len(left))
		}
		e.wantTally(b.OrganizationID, 0, 0)
	})
}

// A search among boxes of which none is wanted reads so much and no more, and goes on from there.
func TestASearchReadsABoundedNumberOfPostings(t *testing.T) {
	const n = 1100
	e := onFile(t)
	o := e.organization("acme", e.account("ada"))
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			b := registry.Box{ID: registry.NewID(), Organization: o.Name, OrganizationID: o.ID, Name: fmt.Sprint("x", i), Public: i%2 == 0}
			if i == 0 {
				b.Description = "needle"
			}
			b, err := e.CreateBox(e.Context(), o, b)
			if err == nil {
				err = e.Reindex(e.Context(), b.Ref())
			}
			if err != nil {
				e.Error(err)
			}
		})
	}
	wg.Wait()
	members := []registry.ID{o.ID}
	none := search.Query{Text: "acme", Provider: "virtualbox", Sort: search.ByDownloads, Limit: 50}
	pages := 0
	for pages == 0 || none.After != "" {
		list, next, err := e.Find(e.Context(), none, "", members)
		if err != nil || len(list) > 0 {
			e.Fatalf("found %+v, %v", list, err)
		}
		none.After, pages = next, pages+1
	}
	if pages != 2 {
		e.Errorf("it took %d pages to find nothing", pages)
	}
	one := search.Query{Text: "acme needle", Sort: search.ByDownloads, Limit: 50}
	list, next, err := e.Find(e.Context(), one, "", members)
	if err != nil || next != "" || len(list) != 1 || list[0].Box.Name != "x0" {
		e.Errorf("found %+v, %q, %v", list, next, err)
	}
}
