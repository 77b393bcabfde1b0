package mirror

import (
	"sync"
	"time"
)

// restTime is how long an upstream that failed, or that has no such box, is not asked again for it by
// this process.
const restTime = time.Minute

// maxRests bounds the memory; beyond it everything is forgotten.
const maxRests = 10_000

// rests remembers how asking for a box failed a short while ago.
type rests struct {
	mu    sync.Mutex
	known map[string]rest
}

type rest struct {
	err   error
	until time.Time
}

func (r *rests) find(key string, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if found := r.known[key]; now.Before(found.until) {
		return found.err
	}
	return nil
}

func (r *rests) put(key string, err error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) >= maxRests {
		r.known = map[string]rest{}
	}
	r.known[key] = rest{err, now.Add(restTime)}
}
