package client

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

var errStalled = errors.New("no byte has moved for too long")

// watch is a context that ends when no byte has moved for the client's stall timeout: a connection can be
// dead without anyone having said so.
type watch struct {
	context.Context
	timer  *time.Timer
	stall  time.Duration
	cancel context.CancelCauseFunc
}

func (c *Client) watch(ctx context.Context) *watch {
	w := &watch{stall: c.stall}
	w.Context, w.cancel = context.WithCancelCause(ctx)
	w.timer = time.AfterFunc(c.stall, func() { w.cancel(errStalled) })
	return w
}

// alive tells that a byte has moved, or that one is waited for from now on.
func (w *watch) alive() { w.timer.Reset(w.stall) }

// idle tells that nobody waits for a byte.
func (w *watch) idle() { w.timer.Stop() }

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
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
