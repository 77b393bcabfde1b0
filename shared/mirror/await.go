package mirror

import (
	"context"
	"errors"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// How often is looked whether a file has come: at first soon, then less often.
const (
	firstLook = 20 * time.Millisecond
	lastLook  = 500 * time.Millisecond
)

// errWaiting is of a fetch that goes on.
var errWaiting = errors.New("the file is being fetched")

// Await has a file fetched that is still Wanted, and waits for it as long as Patience lasts: ok is false
// when it takes longer. Upstream or Full when it cannot be had; that is not tried again before a while.
func (m *Mirrors) Await(ctx context.Context, a catalog.BoxAccess, t registry.Target, f registry.File) (kept registry.File, ok bool, err error) {
	patience, look := time.NewTimer(m.Patience), firstLook
	defer patience.Stop()
	for {
		kept, err = m.ask(ctx, a, t, f)
		if err != errWaiting {
			return kept, err == nil, err
		}
		select {
		case <-time.After(look):
			look = min(2*look, lastLook)
		case <-patience.C:
			return f, false, nil
		case <-ctx.Done():
			return f, false, ctx.Err()
		}
	}
}

// ask writes down that a file is wanted, unless that is known, and tells what became of it.
func (m *Mirrors) ask(ctx context.Context, a catalog.BoxAccess, t registry.Target, f registry.File) (registry.File, error) {
	u, err := m.Catalog.FetchOf(ctx, a.Box, f.ID)
	resting := m.Now().Before(u.Lease)
	switch {
	case registry.KindOf(err) == registry.NotFound, err == nil && u.State == registry.UploadFailed && !resting:
		wish := m.Uploads.ToKeep(a, t, f)
		wish.Rev = u.Rev
		if _, err = m.Catalog.Want(ctx, wish); err == nil || registry.Retryable(err) {
			err = errWaiting
		}
		return f, err
	case err != nil:
		return f, err
	case u.State == registry.UploadStored:
		return *u.File, nil
	case resting && u.Failure != "":
		return f, m.refused(u)
	}
	return f, errWaiting
}

// refused is why a file cannot be had for now. It is no fault of who asks, whatever is wrong with it.
func (m *Mirrors) refused(u registry.Upload) error {
	kind := registry.Upstream
	if u.FailureKind == registry.Full {
		kind = registry.Full
	}
	return registry.Errorf(kind, "the file cannot be fetched from the mirror's upstream: %s", u.Failure).After(u.Lease.Sub(m.Now()))
}
