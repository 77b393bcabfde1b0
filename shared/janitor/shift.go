package janitor

import (
	"context"
	"errors"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
)

// window is how many pieces of work are looked at together, the oldest of those that are due.
const window = 1000

// Limits of what is done at a time. Servers of others keep work waiting: those that do keep up their
// own lane, which leaves hands to the rest.
const (
	handsOfKind = 64
	handsOfLane = 8
)

// lane is what a piece of work holds up when it takes long: a webhook's others, or those of its kind.
func lane(d catalog.Due) string {
	if d.Delivery != nil {
		return string(d.Kind) + " " + d.Delivery.Webhook.String()
	}
	return string(d.Kind) + " "
}

// shift is the work of a janitor that is under way. One goroutine leads it.
type shift struct {
	janitor *Janitor
	busy    map[string]bool // by place
	hands   map[string]int  // by kind, and by lane
	ended   chan outcome
}

type outcome struct {
	due catalog.Due
	err error
}

func (j *Janitor) begin() *shift {
	return &shift{janitor: j, busy: map[string]bool{}, hands: map[string]int{}, ended: make(chan outcome)}
}

// Sweep does the work whose time has come, and returns how many pieces it did. A piece that fails is
// put back on the list for later, and told in the error; the others are done all the same.
func (j *Janitor) Sweep(ctx context.Context) (done int, err error) {
	s := j.begin()
	for {
		list, listErr := j.Catalog.Due(ctx, window)
		err = errors.Join(err, listErr)
		for waiting := s.start(ctx, list); len(s.busy) > 0; waiting = s.start(ctx, waiting) {
			failed := s.end(<-s.ended)
			if failed == nil {
				done++
			}
			err = errors.Join(err, failed)
		}
		if listErr != nil || len(list) < window || ctx.Err() != nil {
			return done, err
		}
	}
}

// Run does work as its time comes, until the context ends: it looks for some whenever it is woken,
// and from time to time, also while earlier work is still being waited for. told gets what fails,
// but for what only ended with the context.
func (j *Janitor) Run(ctx context.Context, woken <-chan struct{}, every time.Duration, told func(error)) {
	s, tick := j.begin(), time.NewTicker(every)
	defer tick.Stop()
	report := func(err error) {
		if err != nil && ctx.Err() == nil {
			told(err)
		}
	}
	for ctx.Err() == nil {
		list, err := j.Catalog.Due(ctx, window)
		report(err)
		s.work(ctx, list, woken, tick.C, report)
	}
	for len(s.busy) > 0 {
		s.end(<-s.ended)
	}
}

// work does what is on the list, until it is time to look for more.
func (s *shift) work(ctx context.Context, list []catalog.Due, woken <-chan struct{}, tick <-chan time.Time, report func(error)) {
	waiting := s.start(ctx, list)
	for {
		select {
		case o := <-s.ended:
			report(s.end(o))
			waiting = s.start(ctx, waiting)
			if len(list) == window && len(waiting) == 0 {
				return
			}
		case <-woken:
			return
		case <-tick:
			return
		case <-ctx.Done():
			return
		}
	}
}

// start begins what there are hands for, and returns what has to wait.
func (s *shift) start(ctx context.Context, list []catalog.Due) (waiting []catalog.Due) {
	for _, d := range list {
		switch {
		case s.busy[d.Place()] || ctx.Err() != nil:
		case s.hands[string(d.Kind)] >= handsOfKind || s.hands[lane(d)] >= handsOfLane:
			waiting = append(waiting, d)
		default:
			s.count(d, 1)
			s.busy[d.Place()] = true
			go func() { s.ended <- outcome{d, s.janitor.Do(ctx, d)} }()
		}
	}
	return waiting
}

// end takes note of a piece of work that is no longer under way.
func (s *shift) end(o outcome) error {
	s.count(o.due, -1)
	delete(s.busy, o.due.Place())
	return o.err
}

func (s *shift) count(d catalog.Due, n int) {
	for _, counted := range []string{string(d.Kind), lane(d)} {
		if s.hands[counted] += n; s.hands[counted] == 0 {
			delete(s.hands, counted)
		}
	}
}
