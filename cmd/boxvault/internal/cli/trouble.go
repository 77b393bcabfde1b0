package cli

import (
	"context"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// trouble tells who waits for a transfer why nothing moves.
type trouble struct {
	app *App
	now func() time.Time

	mu    sync.Mutex
	meter meter // nil before the first transfer, and between two
	told  time.Time
}

func (a *App) trouble() *trouble { return &trouble{app: a, now: time.Now} }

// progress is App.progress, with the trouble told beside it while it lasts.
func (t *trouble) progress(ctx context.Context, path string) meter {
	m := &troubled{t.app.progress(ctx, path), t}
	t.through(m.meter)
	return m
}

func (t *trouble) through(m meter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.meter = m
}

// waits hears of each pause before something is tried again. The first is told at once, and others no more
// often than how far a transfer is: several parts fail at a time, and again and again.
func (t *trouble) waits(_ time.Duration, why error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if registry.KindOf(why) == registry.Forbidden { // a URL has expired, and there will be another one
		return
	}
	now := t.now()
	if !t.told.IsZero() && now.Sub(t.told) < linesEvery {
		return
	}
	t.told = now
	tell := t.app.say
	if t.meter != nil {
		tell = t.meter.tell
	}
	tell("%v; trying again", why)
}

// troubled is a meter that trouble is told beside.
type troubled struct {
	meter
	by *trouble
}

func (t *troubled) close() {
	t.by.through(nil)
	t.meter.close()
}
