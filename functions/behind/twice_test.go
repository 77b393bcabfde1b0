package behind_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// gate is a place that work reaches: the first to come is let through when the test says so.
type gate struct {
	came    atomic.Int32
	reached chan struct{}
	open    chan struct{}
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

func (g *gate) pass() {
	if g.came.Add(1) == 1 {
		close(g.reached)
		<-g.open
	}
}

// twice has the message of the one piece of work of a kind come a second time, while who got it first
// is in the middle of it.
func (w *world) twice(kind catalog.DueKind, g *gate) {
	w.Helper()
	var place string
	for _, d := range w.list() {
		if d.Kind == kind {
			place = d.Place()
		}
	}
	first := make(chan error)
	go func() { first <- w.Work(w.Context(), place) }()
	<-g.reached
	w.must(w.Work(w.Context(), place))
	close(g.open)
	w.must(<-first)
}

func TestALetterIsSentOnceWhenItsMessageComesTwiceAtATime(t *testing.T) {
	g := newGate()
	w, ada := start(t, func(o *core.Options) {
		o.Mail.Letters = func(context.Context, catalog.Due) error { g.pass(); return nil }
	})
	w.Do(t, "POST", "/api/auth/invite", ada, map[string]string{"email": "bob@example.com", "organizationName": "acme"}).Want(t, 200)
	w.twice(catalog.DueLetter, g)
	w.Clock.Advance(behindLife)
	w.settle()
	if n := g.came.Load(); n != 1 || len(w.list()) != 0 {
		t.Errorf("the letter was sent %d times, left are %v", n, w.kinds())
	}
}

func TestAWebhookIsToldOnceWhenTheMessageComesTwiceAtATime(t *testing.T) {
	g := newGate()
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { g.pass() }))
	t.Cleanup(receiver.Close)
	w, ada := start(t, func(o *core.Options) { o.WebhooksPrivate = true })
	w.Do(t, "POST", "/api/organization/acme/webhooks", ada, map[string]any{
		"url": receiver.URL, "events": []string{string(registry.BoxCreated)}, "secret": "webhook-secret",
	}).Want(t, 201)
	w.settle()
	w.Box(t, ada, "acme", "debian", false)
	for _, d := range w.list() {
		if d.Kind == catalog.DueEvent {
			w.seen[d.Place()] = true
			w.must(w.Work(t.Context(), d.Place()))
		}
	}
	w.twice(catalog.DueDelivery, g)
	w.Clock.Advance(behindLife)
	w.settle()
	if n := g.came.Load(); n != 1 || len(w.list()) != 0 {
		t.Errorf("the webhook was told %d times, left are %v", n, w.kinds())
	}
}

// A worker that was killed holds its work no longer than Lambda lets one run.
func TestWorkOfOneWhoDiedIsDoneByAnother(t *testing.T) {
	sent := 0
	w, ada := start(t, func(o *core.Options) {
		o.Mail.Letters = func(context.Context, catalog.Due) error { sent++; return nil }
	})
	w.Do(t, "POST", "/api/auth/invite", ada, map[string]string{"email": "bob@example.com", "organizationName": "acme"}).Want(t, 200)
	var letter catalog.Due
	for _, d := range w.list() {
		if d.Kind == catalog.DueLetter {
			letter = d
		}
	}
	held, err := w.Core.Catalog.Hold(t.Context(), letter, w.Clock.Now().Add(behindLife))
	if w.must(err); !held {
		t.Fatal("somebody else has the letter")
	}
	if w.settle(); sent != 0 {
		t.Errorf("%d letters were sent while another was at it", sent)
	}
	w.Clock.Advance(behindLife + time.Second)
	if w.settle(); sent != 1 || len(w.list()) != 0 {
		t.Errorf("%d letters were sent, left are %v", sent, w.kinds())
	}
}

// behindLife is the longest that a function runs.
const behindLife = 15 * time.Minute

// A batch of the stream comes again when the function that had it failed at the end of it, or was killed.
func TestABatchOfTheStreamThatComesTwice(t *testing.T) {
	w, ada := start(t)
	w.Box(t, ada, "acme", "debian", false)
	w.Upload(t, ada, file, []byte("x")).Want(t, 200)
	batch := w.list()
	for range 2 {
		for _, d := range batch {
			w.seen[d.Place()] = true
			w.must(w.Forward(t.Context(), d.Place()))
		}
	}
	w.settle()
	if left := w.list(); len(left) != 0 || w.line.sent < 2*len(batch) {
		t.Errorf("%d messages were sent for %d pieces of work, left are %v", w.line.sent, len(batch), w.kinds())
	}
}
