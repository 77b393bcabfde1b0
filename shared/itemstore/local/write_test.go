package local

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// queue holds up the commits of s, starts the Writes one after the other and returns how they
// ended once release was called.
func queue(ctx context.Context, t *testing.T, s *Store, writes ...[]itemstore.Op) (release func() []error) {
	t.Helper()
	s.turn <- struct{}{}
	results := make([]chan error, len(writes))
	for i, ops := range writes {
		results[i] = make(chan error, 1)
		go func() { results[i] <- s.Write(ctx, ops...) }()
		for s.queued() <= i {
			runtime.Gosched()
		}
	}
	return func() []error {
		<-s.turn
		errs := make([]error, len(results))
		for i := range results {
			errs[i] = <-results[i]
		}
		return errs
	}
}

func (s *Store) queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting)
}

func TestWritesShareACommitAndNotTheirFailures(t *testing.T) {
	s := openNew(t, nil)
	absent := func(sort, doc string) itemstore.Op {
		return itemstore.Put(itemstore.Item{Key: key(sort), Doc: []byte(doc)}, itemstore.Absent())
	}
	before := s.commits()
	errs := queue(t.Context(), t, s,
		[]itemstore.Op{absent("a", `"first"`), itemstore.Add(key("n"), 1)},
		[]itemstore.Op{itemstore.Add(key("n"), 10), absent("a", `"second"`)},
		[]itemstore.Op{itemstore.Add(key("n"), 100), itemstore.Check(key("a"), itemstore.Exists())},
		[]itemstore.Op{itemstore.Check(key("a"), itemstore.Absent())},
		[]itemstore.Op{put("b", `"last"`)},
	)()
	for i, refused := range []int{-1, 1, -1, 0, -1} {
		op, ok := itemstore.FailedOp(errs[i])
		if want := refused >= 0; ok != want || ok && op != refused || !want && errs[i] != nil {
			t.Errorf("Write %d returned %v", i, errs[i])
		}
	}
	if n := s.commits() - before; n != 1 {
		t.Errorf("it took %d commits", n)
	}
	wantDocs(t, s, `"first"`, `"last"`, ``)
	items, err := s.Get(t.Context(), key("n"))
	if err != nil || items[0].Count != 101 {
		t.Errorf("got %+v, %v", items, err)
	}
}

func TestARefusedWriteDoesNotWaitForTheDisk(t *testing.T) {
	s := openNew(t, nil)
	before := s.commits()
	err := s.Write(t.Context(), itemstore.Delete(key("a"), itemstore.Exists()))
	if _, ok := itemstore.FailedOp(err); !ok {
		t.Fatal(err)
	}
	write(t, s, itemstore.Check(key("a"), itemstore.Absent()))
	if n := s.commits() - before; n != 0 {
		t.Errorf("it took %d commits", n)
	}
}

// commits is the number of the latest transaction that was committed.
func (s *Store) commits() int {
	tx, err := s.db.Begin(false)
	if err != nil {
		panic(err)
	}
	defer func() { _ = tx.Rollback() }()
	return tx.ID()
}

func TestAWriteThatStopsWaitingIsNotDone(t *testing.T) {
	s := openNew(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	release := queue(ctx, t, s, []itemstore.Op{put("a", `1`)}, []itemstore.Op{put("b", `1`)})
	cancel()
	for s.queued() > 0 {
		runtime.Gosched()
	}
	for i, err := range release() {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Write %d returned %v", i, err)
		}
	}
	write(t, s, put("c", `1`))
	wantDocs(t, s, `1`)
}

// A Write that is being committed when its context ends is done, and says so.
func TestAWriteUnderWayIsFinished(t *testing.T) {
	s := openNew(t, nil)
	for range 50 { // whether the context or the commit is noticed first is chance
		ctx, cancel := context.WithCancel(t.Context())
		release := queue(ctx, t, s, []itemstore.Op{itemstore.Add(key("n"), 1)})
		batch := s.takeWaiting()
		cancel()
		s.commit(batch)
		if errs := release(); errs[0] != nil {
			t.Fatal(errs[0])
		}
	}
	items, err := s.Get(t.Context(), key("n"))
	if err != nil || items[0].Count != 50 {
		t.Errorf("got %+v, %v", items, err)
	}
}

// A panic, here the clock's, fails the Writes of its commit and leaves the store working.
func TestAPanicDoesNotStopTheStore(t *testing.T) {
	broken := false
	s := openNew(t, func() time.Time {
		if broken {
			panic("no time")
		}
		return noon
	})
	broken = true
	release := queue(t.Context(), t, s, []itemstore.Op{put("a", `1`)})
	func() {
		defer func() { _ = recover() }()
		s.commit(s.takeWaiting())
	}()
	if errs := release(); !errors.Is(errs[0], errInterrupted) {
		t.Errorf("got %v", errs)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Write(t.Context(), put("a", `1`))
		t.Error("the panic was swallowed")
	}()
	broken = false
	write(t, s, put("b", `2`))
	wantDocs(t, s, `2`)
}

// One damaged record in a shared commit fails the Write that meets it and none of the others.
func TestAFailureIsNotShared(t *testing.T) {
	s := openNew(t, nil)
	damage(t, s, "damaged")
	errs := queue(t.Context(), t, s,
		[]itemstore.Op{put("a", `1`), itemstore.Add(key("n"), 1)},
		[]itemstore.Op{put("b", `1`), put("damaged", `1`)},
		[]itemstore.Op{put("c", `1`), itemstore.Add(key("n"), 1)},
	)()
	if errs[0] != nil || !errors.Is(errs[1], errDamaged) || errs[2] != nil {
		t.Errorf("got %v", errs)
	}
	items, err := s.Get(t.Context(), key("a"), key("b"), key("c"), key("n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(items[0].Exists(), items[1].Exists(), items[2].Exists(), items[3].Count); got != "true false true 2" {
		t.Errorf("got %s", got)
	}
}
