package dynamo

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	firstWait   = 5 * time.Millisecond
	longestWait = 500 * time.Millisecond
)

// backoff spaces out attempts: each pause is a random part of a time that doubles, so that
// those who clashed once do not clash again.
type backoff struct {
	next   time.Duration
	pauses int // so far
}

// pause waits, or returns the context's error when it ends.
func (b *backoff) pause(ctx context.Context) error {
	b.pauses++
	b.next = min(max(2*b.next, firstWait), longestWait)
	timer := time.NewTimer(rand.N(b.next))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
