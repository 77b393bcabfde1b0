package local

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// movable is the clock of the tests below. They move it back to see what is still in the file:
// an item that was only hidden comes to light again.
type movable struct{ time.Time }

func (m *movable) now() time.Time { return m.Time }

var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func expiring(sort string, at time.Time) itemstore.Op {
	return itemstore.Put(itemstore.Item{Key: key(sort), Doc: []byte(`1`), Expires: at}, itemstore.Condition{})
}

func fillExpiring(t *testing.T, s *Store, n int, at time.Time) {
	t.Helper()
	for i := 0; i < n; i += itemstore.MaxOps {
		var ops []itemstore.Op
		for j := i; j < min(n, i+itemstore.MaxOps); j++ {
			ops = append(ops, expiring(fmt.Sprintf("%05d", j), at))
		}
		write(t, s, ops...)
	}
}

// inFile counts the items of the partition that are in the file, expired or not.
func inFile(t *testing.T, s *Store, clock *movable) int {
	t.Helper()
	defer func(was time.Time) { clock.Time = was }(clock.Time)
	clock.Time = time.Unix(0, 0)
	return len(all(t, s, itemstore.Query{Partition: "box"}))
}

func TestSweepRemovesAllThatHasExpired(t *testing.T) {
	clock := &movable{noon}
	s := openNew(t, clock.now)
	const gone = 2*droppedPerSweep + 1
	fillExpiring(t, s, gone, noon.Add(time.Minute))
	write(t, s, put("kept", `1`), expiring("later", noon.Add(time.Minute+time.Second)))

	for _, want := range []int{gone, 0} {
		if n, err := s.Sweep(t.Context(), noon.Add(time.Minute)); n != want || err != nil {
			t.Fatalf("Sweep removed %d items (%v), want %d", n, err, want)
		}
	}
	if n := inFile(t, s, clock); n != 2 {
		t.Errorf("%d items are left, want 2", n)
	}
}

func TestWritesRemoveWhatHasExpired(t *testing.T) {
	clock := &movable{noon}
	s := openNew(t, clock.now)
	fillExpiring(t, s, 2*droppedPerCommit+1, noon.Add(time.Minute))
	clock.Time = noon.Add(time.Minute)
	for _, left := range []int{droppedPerCommit + 1, 1, 0} {
		write(t, s, itemstore.Add(itemstore.Key{Partition: "elsewhere", Sort: "a"}, 1))
		if n := inFile(t, s, clock); n != left {
			t.Errorf("%d items are left, want %d", n, left)
		}
	}
}

// Whatever happened to an item since it got its expiry, only its latest one counts.
func TestSweepKeepsWhatLivesOn(t *testing.T) {
	early, late := noon.Add(time.Minute), noon.Add(time.Hour)
	for name, change := range map[string][]itemstore.Op{
		"expiry taken away":    {put("a", `2`)},
		"expiry put off":       {expiring("a", late)},
		"deleted and made new": {itemstore.Delete(key("a"), itemstore.Exists()), put("a", `2`)},
		"counted":              {expiring("a", late), itemstore.Add(key("a"), 1)},
	} {
		t.Run(name, func(t *testing.T) {
			s := openNew(t, func() time.Time { return noon })
			write(t, s, expiring("a", early))
			for _, op := range change {
				write(t, s, op)
			}
			if n, err := s.Sweep(t.Context(), early); n != 0 || err != nil {
				t.Errorf("Sweep removed %d items (%v)", n, err)
			}
			items, err := s.Get(t.Context(), key("a"))
			if err != nil || !items[0].Exists() {
				t.Errorf("got %+v, %v", items, err)
			}
		})
	}
}

func TestSweepMovesAnEarlierExpiry(t *testing.T) {
	clock := &movable{noon}
	s := openNew(t, clock.now)
	write(t, s, expiring("a", noon.Add(time.Hour)))
	write(t, s, expiring("a", noon.Add(time.Minute)))
	if n, err := s.Sweep(t.Context(), noon.Add(time.Minute)); n != 1 || err != nil {
		t.Errorf("Sweep removed %d items (%v), want 1", n, err)
	}
	if n := inFile(t, s, clock); n != 0 {
		t.Error("the item is still in the file")
	}
	if n, err := s.Sweep(t.Context(), noon.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("Sweep removed %d items (%v), want none", n, err)
	}
}

func TestSweepStopsWithItsContext(t *testing.T) {
	s := openNew(t, func() time.Time { return noon })
	fillExpiring(t, s, 1, noon)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := s.Sweep(ctx, noon); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("Sweep removed %d items, %v", n, err)
	}
}
