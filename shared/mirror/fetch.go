package mirror

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// A fetch that failed is left alone for a while, which doubles each time; after a day it is given up,
// until somebody asks for the file again.
const (
	firstRest = time.Minute
	maxRest   = 6 * time.Hour
	giveUp    = 24 * time.Hour
	finalRest = 10 * time.Minute // of one that was given up
)

// One turn of a fetch ends after maxTurn, or some time before its process will be stopped. The next one
// goes on where it was.
const (
	maxTurn = 6 * time.Hour
	margin  = 30 * time.Second
)

// Fetch is the janitor's work on a file that is wanted. One that another process fetches is looked after
// later; one that cannot be had for now is tried again.
func (m *Mirrors) Fetch(ctx context.Context, d catalog.Due) error {
	u, err := m.Catalog.Upload(ctx, d.Home, d.Upload)
	switch {
	case registry.KindOf(err) == registry.NotFound || err == nil && u.Done():
		return nil
	case err != nil:
		return err
	case m.Now().Before(u.Lease):
		return m.Catalog.WatchFetch(ctx, u, u.Lease)
	}
	from, err := m.origin(ctx, u)
	if err != nil {
		return m.failedFetch(ctx, u, err)
	}
	return m.fetch(ctx, u, from)
}

// fetch takes a turn.
func (m *Mirrors) fetch(ctx context.Context, u registry.Upload, from origin) error {
	turn, cancel := m.turn(ctx)
	defer cancel()
	u, err := m.Uploads.Keep(turn, u, from)
	switch {
	case err == nil:
		m.log(slog.LevelInfo, u, from, "fetched")
		return nil
	case ctx.Err() != nil: // it goes on when its lease is over
		return ctx.Err()
	case turn.Err() != nil:
		u.Lease = m.Now()
		return m.later(ctx, u)
	}
	m.log(slog.LevelWarn, u, from, err.Error())
	return m.failedFetch(ctx, u, err)
}

func (m *Mirrors) turn(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, end.Add(-margin))
	}
	return context.WithTimeout(ctx, maxTurn)
}

// origin is where the file of an upload comes from. NotFound when it is not wanted any more.
func (m *Mirrors) origin(ctx context.Context, u registry.Upload) (origin, error) {
	a, err := m.Catalog.BoxAt(ctx, u.Home, u.BoxID, catalog.Wanted{Number: u.Target.Version})
	if err != nil {
		return origin{}, err
	}
	if a.Version == nil || a.Organization.Mirror == nil {
		return origin{}, registry.Missing("mirrored version")
	}
	_, arch := a.Version.FileAt(u.Target.Provider, u.Target.Architecture)
	if arch == nil || arch.File.ID != u.Keeps || !arch.File.Wanted() {
		return origin{}, registry.Missing("mirrored file")
	}
	return origin{m.upstream, arch.File.URL, a.Organization.Mirror.FileLimit()}, nil
}

// failedFetch writes down why a file did not come, and has it tried again where that may help.
func (m *Mirrors) failedFetch(ctx context.Context, u registry.Upload, err error) error {
	var why *registry.Error
	switch {
	case u.Done():
		return nil
	case !errors.As(err, &why) || why.Kind == registry.Internal:
		return err // a fault of ours, for the janitor
	case why.Kind == registry.Conflict && why.Retry: // another process has taken it
		return nil
	}
	passes := why.Retry || why.Kind == registry.Full
	u.Failure, u.FailureKind = why.Message, why.Kind
	u.Lease = m.Now().Add(min(firstRest<<min(u.Fails, 16), maxRest))
	u.Fails++
	if passes && m.Now().Sub(u.CreatedAt) < giveUp {
		return m.later(ctx, u)
	}
	u.State, u.Lease = registry.UploadFailed, m.Now().Add(finalRest)
	return unlessTaken(m.Catalog.EndUpload(ctx, u))
}

// later has a fetch taken up when its lease is over.
func (m *Mirrors) later(ctx context.Context, u registry.Upload) error {
	_, err := m.Catalog.RetryFetch(ctx, u)
	return unlessTaken(err)
}

// unlessTaken leaves a fetch that another process has taken meanwhile to that one.
func unlessTaken(err error) error {
	if registry.Retryable(err) {
		return nil
	}
	return err
}

func (m *Mirrors) log(level slog.Level, u registry.Upload, from origin, what string) {
	m.Log.Log(context.Background(), level, "mirror", slog.String("file", u.Keeps.String()),
		slog.String("box", u.Target.Organization+"/"+u.Target.Box), slog.String("from", harmless(from.url)), slog.String("told", what))
}
