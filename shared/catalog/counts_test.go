package catalog_test

import (
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// recounts does the work on the list that adds up downloads, and returns how much that was.
func (e *env) recounts() (n int) {
	e.Helper()
	e.told(func(d catalog.Due) {
		if d.Kind == catalog.DueRecount {
			n++
			_, err := e.Recount(e.Context(), d)
			e.must(err)
		}
	})
	return n
}

func TestDownloadsAreAddedUpBehindTheRequests(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		want := func(total int64) {
			e.Helper()
			if got, err := e.DownloadTotal(e.Context(), b.ID); err != nil || got != total {
				e.Errorf("the total is %d, %v, want %d", got, err, total)
			}
		}
		// Two processes: each has the box on the list, at the same place.
		other := &catalog.Catalog{Store: e.Store, Now: e.clock}
		for i := range 9 {
			e.must(e.CountDownload(e.Context(), b, registry.ID(i%3+1)))
			e.must(other.CountDownload(e.Context(), b, 7))
		}
		if n := e.recounts(); n != 0 {
			e.Errorf("%d were added up before their time", n)
		}
		want(0)
		e.now = e.now.Add(12 * time.Minute)
		if n := e.recounts(); n != 1 {
			e.Errorf("the box was added up %d times", n)
		}
		want(18)
		if counts, err := e.Downloads(e.Context(), b.ID); err != nil || counts[1] != 3 || counts[7] != 9 || counts.Total() != 18 {
			e.Errorf("the counts are %v, %v", counts, err)
		}
		e.must(e.CountDownload(e.Context(), b, 1))
		e.now = e.now.Add(12 * time.Minute)
		e.recounts()
		want(19)
	})
}

// Two janitors add up at once, and again: the platform's total has each download once.
func TestAddingUpTwiceCountsOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		for range 5 {
			e.must(e.CountDownload(e.Context(), b, 1))
		}
		d := catalog.Due{Kind: catalog.DueRecount, Box: b.ID, Home: b.Home}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := e.Recount(e.Context(), d); err != nil && !registry.Retryable(err) {
					e.Error(err)
				}
			})
		}
		wg.Wait()
		_, err := e.Recount(e.Context(), d)
		e.must(err)
		if n := e.totals().Downloads; n != 5 {
			e.Errorf("the platform counts %d downloads of 5", n)
		}
		e.must(e.DeleteBox(e.Context(), e.stored("debian")))
		_, err = e.Recount(e.Context(), d)
		e.wantKind(err, registry.NotFound)
		if n := e.totals().Downloads; n != 5 {
			e.Errorf("after the box is gone, the platform counts %d", n)
		}
	})
}
