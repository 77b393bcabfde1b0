package janitor_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/janitor"
	"github.com/boxvault/boxvault/shared/registry"
)

const provider = "/api/organization/acme/box/debian/version/1.0.0/provider/qemu"

// stubborn is a blob store that does not delete one object as long as it is stuck.
type stubborn struct {
	blobstore.Store
	mu    sync.Mutex
	kept  string
	stuck atomic.Bool
}

func (s *stubborn) Delete(ctx context.Context, key string) error {
	s.mu.Lock()
	if s.kept == "" {
		s.kept = key
	}
	kept := s.kept == key
	s.mu.Unlock()
	if kept && s.stuck.Load() {
		return errors.New("not now")
	}
	return s.Store.Delete(ctx, key)
}

func objects(t *testing.T, r *coretest.Registry) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(r.Data, "files", "objects"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Of more files than are deleted at a time, one cannot be deleted for now: it stays on the list, and the
// others go.
func TestWorkThatFailsKeepsNoOtherFromBeingDone(t *testing.T) {
	const files = 55
	var store stubborn
	r, ada := coretest.Acme(t, func(o *core.Options) { store.Store, o.Blobs = o.Blobs, &store })
	r.Box(t, ada, "acme", "debian", false)
	for i := range files {
		arch := fmt.Sprint(provider, "/architecture/a", i)
		r.Upload(t, ada, arch, []byte("x")).Want(t, 200)
		r.Do(t, "DELETE", arch, ada, nil).Want(t, 200)
	}
	r.Sweep(t) // of the events
	if n := objects(t, r); n != files {
		t.Fatalf("%d files are left before their time", n)
	}
	r.Clock.Advance(registry.LinkLife + time.Second)
	store.stuck.Store(true)
	total := 0
	for try := range 3 {
		done, err := r.Janitor.Sweep(t.Context())
		if err == nil {
			t.Error("what failed is not told")
		}
		total += done
		if again, err := r.Janitor.Sweep(t.Context()); again != 0 || err != nil {
			t.Errorf("what failed was tried again at once: %d, %v", again, err)
		}
		r.Clock.Advance(janitor.Patience<<try + time.Second)
	}
	if total != files-1 || objects(t, r) != 1 {
		t.Errorf("%d pieces were done, %d files are left", total, objects(t, r))
	}
	store.stuck.Store(false)
	if n := r.Sweep(t); n != 1 || objects(t, r) != 0 || r.Sweep(t) != 0 {
		t.Errorf("then %d were done, %d files are left", n, objects(t, r))
	}
}

// More work than is looked at together is done in one go, and by a janitor that runs as well.
func TestMoreWorkThanIsLookedAtTogether(t *testing.T) {
	r, _ := coretest.Acme(t)
	r.Sweep(t)
	leave := func(n int) {
		t.Helper()
		var ops []itemstore.Op
		for i := range n {
			key := itemstore.Key{Partition: "due", Sort: fmt.Sprintf("20260102T150405.000Z#%d", i)}
			doc := []byte(`{"kind":"check","home":"acme/debian","upload":"gone"}`)
			ops = append(ops, itemstore.Put(itemstore.Item{Key: key, Doc: doc}, itemstore.Condition{}))
		}
		for batch := range slices.Chunk(ops, itemstore.MaxOps) {
			if err := r.Core.Items.Write(t.Context(), batch...); err != nil {
				t.Fatal(err)
			}
		}
	}
	const pieces = 1030
	leave(pieces)
	if done := r.Sweep(t); done != pieces {
		t.Errorf("%d of %d pieces were done", done, pieces)
	}
	leave(pieces)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Janitor.Run(ctx, nil, time.Hour, func(err error) { t.Error(err) })
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		due, err := r.Core.Catalog.Due(t.Context(), 1)
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("%d pieces are left, %v", len(due), err)
		}
		if len(due) == 0 {
			break
		}
	}
	cancel()
	<-ended
}

// Two janitors at once do each piece at least once, and harm nothing.
func TestTwoJanitorsAtOnce(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", false)
	for i := range 20 {
		r.Upload(t, ada, fmt.Sprint(provider, "/architecture/a", i), []byte("x")).Want(t, 200)
	}
	r.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	r.Box(t, ada, "acme", "debian", false)
	keep := provider + "/architecture/new"
	r.Upload(t, ada, keep, []byte("y")).Want(t, 200)
	for range 2 {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { _, _ = r.Janitor.Sweep(t.Context()) })
		}
		wg.Wait()
		r.Sweep(t)
		r.Clock.Advance(registry.LinkLife + time.Second)
	}
	r.Sweep(t)
	if n := objects(t, r); n != 1 {
		t.Errorf("%d files are left, one is listed", n)
	}
	r.Do(t, "GET", keep+"/file/info", ada, nil).Want(t, 200)
}

// Work that panics ends neither the process nor the sweep, and is put back like any that fails.
func TestWorkThatPanicsIsPutBack(t *testing.T) {
	r, _ := coretest.Acme(t)
	r.Sweep(t)
	check := r.Janitor.Work[catalog.DueCheck]
	r.Janitor.Work[catalog.DueCheck] = func(_ context.Context, d catalog.Due) error { panic("lost " + d.Upload) }
	if err := r.Core.Catalog.Watch(t.Context(), registry.Upload{ID: "upload", Home: "acme/debian"}, r.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	done, err := r.Janitor.Sweep(t.Context())
	var back *janitor.Postponed
	if done != 0 || !errors.As(err, &back) || back.Kind != catalog.DueCheck || !strings.Contains(err.Error(), "lost upload") {
		t.Errorf("%d pieces were done, %v", done, err)
	}
	r.Janitor.Work[catalog.DueCheck] = check
	r.Clock.Advance(janitor.Patience + time.Second)
	if n := r.Sweep(t); n != 1 {
		t.Errorf("then %d pieces were done", n)
	}
}
