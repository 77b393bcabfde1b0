package client

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

var errStalled = errors.New("no byte has moved for too long")

// watch returns a context that ends when alive has not been called for the client's stall timeout:
// a connection can be dead without anyone having said so.
func (c *Client) watch(ctx context.Context) (watched context.Context, alive, stop func()) {
	watched, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(c.stall, func() { cancel(errStalled) })
	alive = func() { timer.Reset(c.stall) }
	stop = func() {
		timer.Stop()
		cancel(nil)
	}
	return watched, alive, stop
}

// metered is a reader that reports how much was read. Who gives up on it takes that back: net/http
// may go on reading a body for a while after its request has failed.
type metered struct {
	r     io.Reader
	moved func(n int64)

	mu     sync.Mutex
	total  int64
	undone bool
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.undone {
		m.total += int64(n)
		m.moved(int64(n))
	}
	return n, err
}

func (m *metered) undo() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.undone = true
	m.moved(-m.total)
}
