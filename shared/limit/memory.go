package limit

import (
	"hash/maphash"
	"sync"
	"time"
)

// memory keeps a number for each key, in bounded room, whoever asks and from however many addresses.
//
// A shard has two generations. A key that is touched is in the young one. When that is full, or a
// window old, it becomes the old one, and what was still in the old one is forgotten: after a
// window without a request a quota is whole anyway, so this loses nothing. Only a crowd of
// more than half a million keys in a minute pushes out a key that is in use, and that one is let
// through too often, not too seldom.
type memory struct {
	once   sync.Once
	seed   maphash.Seed
	shards [shards]shard
}

const (
	shards = 64
	// generation is how many keys a generation of a shard has at most: 64 × 2 × 4,096 keys of about
	// 50 bytes are 26 MiB in the very worst case, and next to nothing else.
	generation = 4096
)

type shard struct {
	mu         sync.Mutex
	young, old map[key]int64
	born       time.Time // when the young generation began
}

// update replaces the number of a key; it is 0 when there is none.
func (m *memory) update(k key, now time.Time, change func(int64) int64) {
	m.once.Do(func() { m.seed = maphash.MakeSeed() })
	s := &m.shards[maphash.Comparable(m.seed, k)%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	before, isYoung := s.young[k]
	if !isYoung {
		before = s.old[k]
	}
	if s.isOld(now) || !isYoung && len(s.young) >= generation {
		s.young, s.old, s.born = map[key]int64{}, s.young, now
	}
	s.young[k] = change(before)
}

// isOld reports whether the young generation had its time, also by a clock that was set back.
func (s *shard) isOld(now time.Time) bool {
	age := now.Sub(s.born)
	return s.young == nil || age < 0 || age >= window
}
