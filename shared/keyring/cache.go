package keyring

import (
	"context"
	"errors"
	"sync"
	"time"
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
	// Read reads the ring.
	Read func(context.Context) (Ring, error)
	Now  func() time.Time

	mu    sync.Mutex
	ring  Ring
	at    time.Time // when it was read; zero before it was
	tried time.Time // when somebody tried to
	err   error     // of that try
}

// Ring is a Source. It is an error while nothing was read yet, and when what was read is Late.
func (c *Cache) Ring(ctx context.Context, id string) (Ring, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	if c.at.IsZero() || c.due(now, id) && now.Sub(c.tried) >= Pause {
		c.read(ctx, now)
	}
	if c.at.IsZero() || now.Sub(c.at) >= Late {
		return nil, c.err
	}
	return c.ring, nil
}

func (c *Cache) due(now time.Time, id string) bool {
	if now.Sub(c.at) >= Fresh {
		return true
	}
	_, known := c.ring.Named(id)
	return id != "" && !known
}

func (c *Cache) read(ctx context.Context, now time.Time) {
	c.tried = now
	ring, err := c.Read(ctx)
	if err == nil && len(ring) == 0 {
		err = errors.New("there are no keys")
	}
	if c.err = err; err == nil {
		c.ring, c.at = ring, now
	}
}
