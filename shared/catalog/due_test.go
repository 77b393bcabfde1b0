package catalog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// due lists what is due, all of it but the events, and strikes it off.
func (e *env) due() (list []catalog.Due) {
	e.Helper()
	for {
		some, err := e.Due(e.Context(), 7)
		e.must(err)
		if len(some) == 0 {
			return list
		}
		for _, d := range some {
			e.must(e.Finish(e.Context(), d))
		}
		for _, d := range some {
			if d.Kind != catalog.DueEvent && d.Kind != catalog.DueRecount {
				list = append(list, d)
			}
		}
	}
}

func TestWorkIsListedWhenItsTimeHasComeTheOldestFirst(t *testing.T) {
	onEachStore(t, func(e *env) {
		start := e.now
		for _, minutes := range []int{30, 10, 20, 0} {
			u := registry.Upload{ID: fmt.Sprint("in", minutes), BoxID: 1, Home: "acme/debian"}
			e.must(e.Watch(e.Context(), u, start.Add(time.Duration(minutes)*time.Minute)))
		}
		wantDue := func(want ...string) {
			e.Helper()
			list, err := e.Due(e.Context(), 2)
			e.must(err)
			var got []string
			for _, d := range list {
				if d.Kind != catalog.DueCheck || d.Box != 1 {
					e.Errorf("due is %+v", d)
				}
				got = append(got, d.Upload)
			}
			if !slices.Equal(got, want) {
				e.Errorf("after %v due are %v, want %v", e.now.Sub(start), got, want)
			}
		}
		wantDue("in0")
		e.now = start.Add(10*time.Minute - time.Second)
		wantDue("in0")
		e.now = start.Add(10 * time.Minute)
		wantDue("in0", "in10")
		e.now = start.Add(time.Hour)
		wantDue("in0", "in10") // two at a time
		list, err := e.Due(e.Context(), 2)
		e.must(err)
		e.must(e.Finish(e.Context(), list[1]))
		e.must(e.Finish(e.Context(), list[1])) // twice does no harm
		wantDue("in0", "in20")
	})
}

// A piece of work is read by its place as long as it is on the list, and the list page by page.
func TestWorkHasAPlace(t *testing.T) {
	onEachStore(t, func(e *env) {
		for i := range 5 {
			e.must(e.Watch(e.Context(), registry.Upload{ID: fmt.Sprint("u", i)}, e.now.Add(time.Duration(i)*time.Minute)))
		}
		var got []string
		for after, pages := "", 1; ; pages++ {
			list, next, err := e.DueSince(e.Context(), e.now.Add(3*time.Minute), after, 2)
			e.must(err)
			for _, d := range list {
				again, err := e.DueAt(e.Context(), d.Place())
				if err != nil || again.Upload != d.Upload || !again.At.Equal(d.At) || !catalog.DueTime(d.Place()).Equal(d.At) {
					e.Errorf("at %s is %+v, %v, want %+v", d.Place(), again, err, d)
				}
				e.must(e.Finish(e.Context(), again))
				_, err = e.DueAt(e.Context(), d.Place())
				e.wantKind(err, registry.NotFound)
				got = append(got, d.Upload)
			}
			if after = next; after == "" || pages > 5 {
				break
			}
		}
		if want := []string{"u0", "u1", "u2", "u3"}; !slices.Equal(got, want) {
			e.Errorf("due are %v, want %v", got, want)
		}
	})
}

// Of two who fail at the same work, one puts it back; work that was done meanwhile stays done.
func TestWorkIsPutBackOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		e.must(e.Watch(e.Context(), registry.Upload{ID: "u"}, e.now))
		list, err := e.Due(e.Context(), 10)
		e.must(err)
		for range 2 {
			e.must(e.Postpone(e.Context(), list[0], e.now.Add(time.Minute)))
		}
		e.now = e.now.Add(time.Hour)
		back, err := e.Due(e.Context(), 10)
		e.must(err)
		if len(back) != 1 || back[0].Tries != 1 || back[0].Upload != "u" {
			e.Fatalf("on the list are %+v", back)
		}
		e.must(e.Finish(e.Context(), back[0]))
		e.must(e.Postpone(e.Context(), back[0], e.now))
		if left := e.due(); len(left) != 0 {
			e.Errorf("what was done is on the list again: %+v", left)
		}
	})
}

// A deleted box leaves more than one write can hold, and has the place of a new one.
func TestWhatADeletedBoxLeavesIsCleared(t *testing.T) {
	const n = 120
	onEachStore(t, func(e *env) {
		old := e.box("debian")
		var blobs []string
		for i := range n {
			blob := fmt.Sprint("blob", i)
			blobs = append(blobs, blob)
			e.version(old, registry.Number(fmt.Sprint("1.", i)), blob)
			e.must(e.CountDownload(e.Context(), old, registry.ID(i+1)))
			_, err := e.CreateUpload(e.Context(), registry.Upload{ID: fmt.Sprint("u", i), BoxID: old.ID, Home: old.Home, ExpiresAt: e.now.Add(registry.UploadLife)})
			e.must(err)
		}
		e.must(e.DeleteBox(e.Context(), old))
		fresh := e.box("debian")
		e.version(fresh, "1.7", "fresh") // takes the place of an old one
		e.version(fresh, "2.0", "fresh2")
		if got := e.versions("acme", "debian"); len(got) != 2 {
			e.Fatalf("the new box has the versions %v", got)
		}

		list := e.due()
		if len(list) != 1 || list[0].Kind != catalog.DueBox || list[0].Box != old.ID {
			e.Fatalf("due are %+v", list)
		}
		e.must(e.ClearBox(e.Context(), list[0]))
		e.must(e.ClearBox(e.Context(), list[0])) // twice does no harm
		if got := e.versions("acme", "debian"); !slices.Equal(got, []registry.Number{"1.7", "2.0"}) {
			e.Errorf("the new box has the versions %v", got)
		}
		if left, err := e.Uploads(e.Context(), old); err != nil || len(left) != 0 {
			e.Errorf("%d uploads are left, %v", len(left), err)
		}
		if counts, err := e.Downloads(e.Context(), old.ID); err != nil || len(counts) != 0 {
			e.Errorf("%d counts are left, %v", len(counts), err)
		}

		e.now = e.now.Add(registry.LinkLife - time.Minute)
		if list := e.due(); len(list) != 0 {
			e.Errorf("while links to them live, due are %+v", list)
		}
		e.now = e.now.Add(2 * time.Minute)
		var gone []string
		for _, d := range e.due() {
			gone = append(gone, d.Blobs...)
		}
		slices.Sort(gone)
		slices.Sort(blobs)
		if !slices.Equal(gone, blobs) {
			e.Errorf("%d files of %d are due", len(gone), len(blobs))
		}
	})
}

// An upload that nobody ends stops to exist, and its bytes are due.
func TestAnUploadThatExpires(t *testing.T) {
	onEachStore(t, func(e *env) {
		target := registry.Target{Organization: "acme", Box: "debian", Version: "1.0", Provider: "p", Architecture: "a"}
		made, err := e.CreateUpload(e.Context(), registry.Upload{
			ID: "upload1", BoxID: 3, Home: "acme/debian", Account: 4, Target: target, Chunks: 5, Blob: "blob", BlobID: "multi", PartSize: 6, ExpiresAt: e.now.Add(time.Hour),
		})
		e.must(err)
		if found, err := e.ChunkedUpload(e.Context(), registry.Box{ID: 3, Home: "acme/debian"}, 4, target, 5); err != nil || found.ID != made.ID || found.Rev != made.Rev {
			e.Errorf("its chunks belong to %+v, %v", found, err)
		}
		for _, other := range []func() (registry.Upload, error){
			func() (registry.Upload, error) {
				return e.ChunkedUpload(e.Context(), registry.Box{ID: 2, Home: "acme/debian"}, 4, target, 5)
			},
			func() (registry.Upload, error) {
				return e.ChunkedUpload(e.Context(), registry.Box{ID: 3, Home: "acme/debian"}, 1, target, 5)
			},
			func() (registry.Upload, error) {
				return e.ChunkedUpload(e.Context(), registry.Box{ID: 3, Home: "acme/debian"}, 4, target, 6)
			},
		} {
			_, err := other()
			e.wantKind(err, registry.NotFound)
		}
		e.now = e.now.Add(time.Hour + 2*time.Second)
		_, err = e.Upload(e.Context(), "acme/debian", "upload1")
		e.wantKind(err, registry.NotFound)
		_, err = e.ChunkedUpload(e.Context(), registry.Box{ID: 3, Home: "acme/debian"}, 4, target, 5)
		e.wantKind(err, registry.NotFound)
		list := e.due()
		if len(list) != 1 || list[0].Kind != catalog.DueBlobs || !slices.Equal(list[0].Blobs, []string{"blob"}) || list[0].BlobID != "multi" || list[0].PartSize != 6 {
			e.Errorf("due are %+v", list)
		}
	})
}

// One that came to an end has its bytes due at once when it failed, and never when it was stored.
func TestAnUploadThatEnds(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		begin := func(id string) registry.Upload {
			u, err := e.CreateUpload(e.Context(), registry.Upload{ID: id, BoxID: b.ID, Home: b.Home, File: &registry.File{}, Blob: "of-" + id, BlobID: "m", ExpiresAt: e.now.Add(time.Hour)})
			e.must(err)
			return u
		}
		failed, stored := begin("failed"), begin("stored")
		e.must(e.EndUpload(e.Context(), failed))
		e.wantKind(e.EndUpload(e.Context(), failed), registry.Conflict)
		v := registry.Version{ID: registry.NewID(), Box: b.ID, Number: "1.0"}
		e.must(e.StoreFile(e.Context(), b, v, stored, &registry.File{Blob: "replaced"}, false))
		wantBlobs := func(want ...string) {
			e.Helper()
			var got []string
			for _, d := range e.due() {
				got = append(got, d.Blobs...)
			}
			if !slices.Equal(got, want) {
				e.Errorf("due are the files %v, want %v", got, want)
			}
		}
		wantBlobs("of-failed")
		e.now = e.now.Add(2 * time.Hour)
		wantBlobs("replaced")
	})
}
