package behind_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/catalog"
)

// line is a queue that holds messages back for 15 minutes at the most, as SQS does, by the clock of
// the registry.
type line struct {
	now func() time.Time

	mu       sync.Mutex
	messages map[string][]time.Time // when they come, by place
	sent     int
	broken   bool
}

func (l *line) Send(_ context.Context, message string, at time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return errors.New("the queue does not answer")
	}
	if most := l.now().Add(15 * time.Minute); at.After(most) {
		at = most
	}
	l.messages[message] = append(l.messages[message], at)
	l.sent++
	return nil
}

// come takes the messages whose time has come.
func (l *line) come() (places []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for place, times := range l.messages {
		left := slices.DeleteFunc(times, func(at time.Time) bool {
			if comes := !at.After(l.now()); comes {
				places = append(places, place)
				return true
			}
			return false
		})
		if l.messages[place] = left; len(left) == 0 {
			delete(l.messages, place)
		}
	}
	return places
}

// world is a registry whose stream, queue and functions go when they are told to.
type world struct {
	*coretest.Registry
	*testing.T
	behind.Service
	line *line
	seen map[string]bool // what the stream has told
	log  strings.Builder
}

func start(t *testing.T, change ...func(*core.Options)) (w *world, owner string) {
	r, owner := coretest.Acme(t, change...)
	w = &world{Registry: r, T: t, seen: map[string]bool{}}
	w.line = &line{now: r.Clock.Now, messages: map[string][]time.Time{}}
	w.Service = behind.Service{Janitor: r.Janitor, Queue: w.line, Log: slog.New(slog.NewTextHandler(&w.log, nil))}
	w.settle()
	return w, owner
}

// list is what is on the janitor's list, whenever its time comes.
func (w *world) list() []catalog.Due {
	w.Helper()
	list, next, err := w.Core.Catalog.DueSince(w.Context(), w.Clock.Now().Add(1000*time.Hour), "", 1000)
	if err != nil || next != "" {
		w.Fatalf("%d are due and more, %v", len(list), err)
	}
	return list
}

func (w *world) kinds() (kinds []catalog.DueKind) {
	w.Helper()
	for _, d := range w.list() {
		kinds = append(kinds, d.Kind)
	}
	return kinds
}

// settle has the stream tell what is new and the queue bring what is due, until there is nothing.
func (w *world) settle() {
	w.Helper()
	for busy := true; busy; {
		busy = false
		for _, d := range w.list() {
			if !w.seen[d.Place()] {
				w.seen[d.Place()], busy = true, true
				w.must(w.Forward(w.Context(), d.Place()))
			}
		}
		for _, place := range w.line.come() {
			busy = true
			w.must(w.Work(w.Context(), place))
		}
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}
