package keyring

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// How rings are read again.
const (
	// Fresh is how long a process goes by the ring that it read.
	Fresh = 5 * time.Minute
	// Ahead is how long a new key is known before it signs: every process has read the ring again by then.
	Ahead = 15 * time.Minute
	// Late is how long a process goes by a ring that it cannot read again. Nothing is signed with a key
	// for longer than that after the next one has begun.
	Late = time.Hour
	// Pause is how long after a try the ring is not read for the name of a key that is unknown, or because the try
	// failed: anybody can send names.
	Pause = 30 * time.Second
)

// Source returns the ring to go by now. Who needs the key of an id names it: a ring that lacks it is read again,
// and may lack it still. An empty id asks for none.
type Source func(ctx context.Context, id string) (Ring, error)

// Cache keeps a ring that was read. It is safe for use at the same time.
type Cache struct {
	// Read reads the ring, for everybody: its context does not end with the request that it comes from. All who need
	// what it reads wait for it, so it gives up by itself.
	Read func(context.Context) (Ring, error)
	Now  func() time.Time

	reads singleflight.Group
	mu    sync.Mutex
	ring  Ring
	at    time.Time // when it was read; zero before it was
	tried time.Time // when somebody tried to
	err   error     // of that try
}

// Ring is a Source. It is an error while nothing was read yet, and when what was read is Late; then every call tries, those
// at a time together. It is an error too when the ring lacks the key and could not be read again: whether there is
// one, nobody knows.
func (c *Cache) Ring(ctx context.Context, id string) (Ring, error) {
	now := c.Now()
	if c.due(now, id) {
		_, _, _ = c.reads.Do("", func() (any, error) {
			if c.due(now, id) { // nobody was faster
				c.read(context.WithoutCancel(ctx), now)
			}
			return nil, nil
		})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil && (c.over(now) || c.lacks(id)) {
		return nil, c.err
	}
	return c.ring, nil
}

// due reports whether the ring is to be read.
func (c *Cache) due(now time.Time, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over(now) || now.Sub(c.tried) >= Pause && (now.Sub(c.at) >= Fresh || c.lacks(id))
}

// over reports whether there is no ring to go by.
func (c *Cache) over(now time.Time) bool { return c.at.IsZero() || now.Sub(c.at) >= Late }

func (c *Cache) lacks(id string) bool {
	_, known := c.ring.Named(id)
	return id != "" && !known
}

func (c *Cache) read(ctx context.Context, now time.Time) {
	ring, err := c.Read(ctx)
	if err == nil && len(ring) == 0 {
		err = errors.New("there are no keys")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried = now
	if c.err = err; err == nil {
		c.ring, c.at = ring, now
	}
}
