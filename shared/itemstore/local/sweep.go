package local

import (
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

const (
	// droppedPerCommit is how many expired items a commit removes along with its own work: more
	// than a Write usually adds, so that they do not pile up, and too few to be felt.
	droppedPerCommit = 16
	// droppedPerSweep is the same for the commits of a Sweep, which others wait for.
	droppedPerSweep = 1000
)

// Sweep removes the items that have expired at now from the file and returns how many it was.
// Nothing depends on it: they are invisible already, and each Write removes a few. It makes room
// in a registry that is not written to.
func (s *Store) Sweep(ctx context.Context, now time.Time) (dropped int, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return dropped, fmt.Errorf("sweep records: %w", err)
		}
		n, err := s.sweepSome(now)
		dropped += n
		if err != nil || n < droppedPerSweep {
			return dropped, err
		}
	}
}

func (s *Store) sweepSome(now time.Time) (dropped int, err error) {
	err = s.update(func(tx *bbolt.Tx) error {
		if dropped, err = newEdit(tx, now).dropExpired(droppedPerSweep); err == nil && dropped == 0 {
			return errUnchanged
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return dropped, nil
}
