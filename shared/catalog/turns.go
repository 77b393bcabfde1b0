package catalog

import (
	"hash/maphash"
	"sync"

	"golang.org/x/sync/singleflight"
)

// turns has work on one thing done by one caller at a time, and once for all who asked for it before
// it began: a hundred events of a box that is being filled read its tree twice, not a hundred times.
// The zero value is ready.
type turns struct {
	waiting singleflight.Group
	begin   sync.Once
	seed    maphash.Seed
	free    [64]chan struct{}
}

// do has work done on what has the key, beginning after do was called, and gives its error to all
// who share it.
func (t *turns) do(key string, work func() error) error {
	t.begin.Do(t.open)
	_, err, _ := t.waiting.Do(key, func() (any, error) {
		turn := t.free[maphash.String(t.seed, key)%uint64(len(t.free))]
		turn <- struct{}{}
		defer func() { <-turn }()
		t.waiting.Forget(key)
		return nil, work()
	})
	return err
}

func (t *turns) open() {
	t.seed = maphash.MakeSeed()
	for i := range t.free {
		t.free[i] = make(chan struct{}, 1)
	}
}
