package behind

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/janitor"
	"github.com/boxvault/boxvault/shared/registry"
)

// Queue brings a message back at the time given, or earlier when that is too far away for it. It may
// bring it more than once.
type Queue interface {
	Send(ctx context.Context, message string, at time.Time) error
}

// Service is what the functions are made of. A place is where work is on the list, see catalog.Due.
type Service struct {
	Janitor *janitor.Janitor
	Queue   Queue
	Log     *slog.Logger
}

// Forward sends work that is new on the list to the queue, unless its time is beyond the Horizon.
func (s Service) Forward(ctx context.Context, place string) error {
	at := catalog.DueTime(place)
	if at.Sub(s.Janitor.Catalog.Now()) > Horizon {
		return nil
	}
	return s.Queue.Send(ctx, place, at)
}

// Work does a piece of work whose message has come, or sends the message again when it is not yet
// time or somebody else does it: a message may come twice at a time, and a letter is to be sent once.
// Without an error the message has done its part: what failed and was put back on the list comes with
// a message of its own.
func (s Service) Work(ctx context.Context, place string) error {
	ctx = grant.With(ctx, doing)
	d, err := s.Janitor.Catalog.DueAt(ctx, place)
	if registry.KindOf(err) == registry.NotFound {
		return nil // it was done
	}
	if err != nil {
		return err
	}
	if d.At.After(s.Janitor.Catalog.Now()) {
		return s.Queue.Send(ctx, place, d.At)
	}
	until := s.gone(ctx)
	held, err := s.Janitor.Catalog.Hold(ctx, d, until)
	switch {
	case err != nil:
		return err
	case !held: // somebody is at it, and may not get to the end
		return s.Queue.Send(ctx, place, until)
	}
	err = s.Janitor.Do(ctx, d)
	if postponed := new(janitor.Postponed); errors.As(err, &postponed) {
		s.Log.Error("work failed", slog.String("place", place), slog.String("error", err.Error()),
			slog.Int("tries", d.Tries+1), slog.Time("again", postponed.Until))
		return nil
	}
	return err
}

// gone is when nobody who does a piece of work now is at it any more: Lambda ends him at his deadline.
func (s Service) gone(ctx context.Context) time.Time {
	left := maxTimeout
	if deadline, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(deadline))
	}
	return s.Janitor.Catalog.Now().Add(left)
}

// page is how much of the list is read at a time.
const page = 100

// Sweep sends what has been due for longer than the Grace to the queue, and returns how much that
// was.
func (s Service) Sweep(ctx context.Context) (sent int, err error) {
	ctx = grant.With(ctx, sweeping)
	late := s.Janitor.Catalog.Now().Add(-Grace)
	for after := ""; ; {
		list, next, err := s.Janitor.Catalog.DueSince(ctx, late, after, page)
		if err != nil {
			return sent, err
		}
		for _, d := range list {
			if err := s.Queue.Send(ctx, d.Place(), d.At); err != nil {
				return sent, err
			}
			sent++
		}
		if after = next; after == "" {
			return sent, nil
		}
	}
}
