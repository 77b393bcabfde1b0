package catalog_test

import (
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// totals are those that stand when everything that has happened was told on.
func (e *env) totals() registry.Totals {
	e.Helper()
	e.tellOn()
	t, err := e.Totals(e.Context())
	e.must(err)
	return t
}

func (e *env) tellOn() (others []catalog.Due) {
	e.Helper()
	list, err := e.Due(e.Context(), 100)
	e.must(err)
	for _, d := range list {
		if d.Kind != catalog.DueEvent {
			others = append(others, d)
			continue
		}
		e.must(e.Finish(e.Context(), d))
	}
	return others
}

func TestTotalsMoveWithWhatTheyCount(t *testing.T) {
	onEachStore(t, func(e *env) {
		if got := e.totals(); got != (registry.Totals{}) {
			e.Errorf("before anything was done: %+v", got)
		}
		b := e.box("debian")
		e.version(b, "1.0.0", "first")
		v, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0.0"})
		e.must(err)
		u, err := e.CreateUpload(e.Context(), registry.Upload{ID: "u1", BoxID: b.ID, Home: b.Home, ExpiresAt: e.now.Add(registry.LinkLife)})
		e.must(err)
		u.File = &registry.File{ID: registry.NewID(), Blob: "second", Size: 700}
		e.must(e.StoreFile(e.Context(), b, *v.Version, u, nil, false))
		e.must(e.CountDownload(e.Context(), b, u.File.ID))
		want := registry.Totals{Accounts: 1, Organizations: 1, Boxes: 1, Uploads: 1, UploadedBytes: 700, Downloads: 1}
		if got := e.totals(); got != want {
			e.Errorf("counted %+v, want %+v", got, want)
		}
		v, err = e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0.0"})
		e.must(err)
		e.must(e.SaveVersion(e.Context(), v.Box, *v.Version, registry.FileDeleted, *u.File))
		e.must(e.DeleteBox(e.Context(), v.Box))
		if want.Boxes = 0; e.totals() != want {
			e.Errorf("behind the deletion: %+v, want %+v", e.totals(), want)
		}
	})
}

// Two janitors may do the same work at once.
func TestBytesAreRemovedOnceAndWhenTheyAreGone(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		e.version(b, "1.0.0", "first")
		a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0.0"})
		e.must(err)
		e.must(e.SaveVersion(e.Context(), a.Box, *a.Version, registry.FileDeleted, registry.File{Blob: "x", Size: 300}, registry.File{Blob: "y", Size: 4}))
		e.now = e.now.Add(registry.LinkLife)
		list := e.tellOn()
		if got := e.totals().RemovedBytes; len(list) != 1 || got != 0 {
			e.Fatalf("%d pieces of work, and %d bytes are removed already", len(list), got)
		}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := e.Finish(e.Context(), list[0]); err != nil {
					e.Error(err)
				}
			})
		}
		both.Wait()
		if got := e.totals().RemovedBytes; got != 304 {
			e.Errorf("%d bytes are removed, want 304", got)
		}
	})
}

func TestNoCountIsLostWhenManyCount(t *testing.T) {
	e, many := onFile(t), 200
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			if err := e.CountDownload(e.Context(), registry.Box{ID: 1, Home: "acme/debian"}, 2); err != nil {
				e.Error(err)
			}
		})
	}
	all.Wait()
	if got := e.totals().Downloads; got != int64(many) {
		e.Errorf("%d downloads are counted, want %d", got, many)
	}
}
