package webhooks_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/janitor"
)

// breaking is a store that fails to write deliveries while it is broken.
type breaking struct {
	itemstore.Store
	broken atomic.Bool
}

func (b *breaking) Write(ctx context.Context, ops ...itemstore.Op) error {
	if b.broken.Load() && strings.HasPrefix(ops[0].Item.Partition, "deliveries#") {
		return errors.New("not now")
	}
	return b.Store.Write(ctx, ops...)
}

// Who sends and goes away before that is written has it sent once more.
func TestWhatWasSentAndNotWrittenDownIsSentAgain(t *testing.T) {
	var store breaking
	r, root, ada := start(t, func(o *core.Options) { store.Store, o.Items = o.Items, &store })
	to := receive(t)
	one := hook(t, r, root, platform, to.URL, "box.created")
	r.Box(t, ada, "acme", "debian", false)
	r.Sweep(t) // the delivery is made
	store.broken.Store(true)
	if _, err := r.Janitor.Sweep(t.Context()); err == nil || len(to.take()) != 1 {
		t.Fatalf("%v", err)
	}
	store.broken.Store(false)
	r.Clock.Advance(janitor.Patience + time.Second)
	settle(t, r)
	if d := deliveries(t, r, root, one); len(to.take()) != 1 || len(d) != 1 || d[0].State != "delivered" || d[0].Attempts != 1 {
		t.Errorf("%+v", d)
	}
}

// An event that is told twice, by two janitors at once, makes no second delivery, not even when the
// first one was sent already; with more webhooks than one write can tell.
func TestAnEventThatIsToldTwiceMakesNoSecondDelivery(t *testing.T) {
	r, root, ada := start(t)
	to := receive(t)
	const some = 30
	for range some {
		hook(t, r, root, platform, to.URL, "box.created")
	}
	r.Box(t, ada, "acme", "debian", false)
	due, err := r.Core.Catalog.Due(t.Context(), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%+v, %v", due, err)
	}
	tell := r.Janitor.Work[catalog.DueEvent]
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := tell(t.Context(), due[0]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	late := hook(t, r, root, platform, to.URL, "box.created")
	if err := tell(t.Context(), due[0]); err != nil {
		t.Fatal(err)
	}
	settle(t, r)
	seen := map[string]bool{}
	for _, one := range to.take() {
		if seen[one.delivery] {
			t.Errorf("%s came twice", one.delivery)
		}
		seen[one.delivery] = true
	}
	if len(seen) != some+1 || len(deliveries(t, r, root, late)) != 1 {
		t.Errorf("%d deliveries came", len(seen))
	}
}
