package local

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// pending is a Write that waits for its commit. err is its outcome once done is closed.
type pending struct {
	ops  []itemstore.Op
	err  error
	done chan struct{}
}

// Write does the operations in one commit, which it may share with other Writes. It is done
// for certain or not at all: the context's error means that it was not.
func (s *Store) Write(ctx context.Context, ops ...itemstore.Op) error {
	if err := itemstore.ValidateWrite(ops); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	p := &pending{ops: ops, err: errInterrupted, done: make(chan struct{})}
	s.enlist(p)
	select {
	case s.turn <- struct{}{}:
		s.commitWaiting()
	case <-p.done:
	case <-ctx.Done():
		if s.withdraw(p) {
			return fmt.Errorf("write records: %w", ctx.Err())
		}
	}
	<-p.done
	return p.err
}

func (s *Store) enlist(p *pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, p)
}

// withdraw takes p back and reports whether it was still time to.
func (s *Store) withdraw(p *pending) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.waiting, p)
	if i < 0 {
		return false
	}
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return true
}

// commitWaiting commits what waits and passes the turn on.
func (s *Store) commitWaiting() {
	defer func() { <-s.turn }()
	s.commit(s.takeWaiting())
}

func (s *Store) takeWaiting() (batch []*pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch, s.waiting = s.waiting, nil
	return batch
}

// commit does the Writes and lets their callers know, even if bbolt panics over a damaged file.
func (s *Store) commit(batch []*pending) {
	defer func() {
		for _, p := range batch {
			close(p.done)
		}
	}()
	s.commitTogether(batch)
}

// commitTogether does the Writes in one transaction. When that fails, having done nothing, each is
// tried alone, so that none fails for what another one brought, such as a document the device
// has no room for.
func (s *Store) commitTogether(batch []*pending) {
	outcomes := make([]error, len(batch))
	err := s.update(func(tx *bbolt.Tx) error { return s.doAll(tx, batch, outcomes) })
	switch {
	case err == nil:
		for i, p := range batch {
			p.err = outcomes[i]
		}
	case len(batch) > 1 && didNothing(err):
		for i := range batch {
			s.commitTogether(batch[i : i+1])
		}
	default:
		for _, p := range batch {
			p.err = err
		}
	}
}

// doAll does the Writes in the order they came, each seeing what the ones before it did.
func (s *Store) doAll(tx *bbolt.Tx, batch []*pending, outcomes []error) error {
	edit := newEdit(tx, s.now())
	for i, p := range batch {
		outcomes[i] = edit.do(p.ops)
		if _, refused := itemstore.FailedOp(outcomes[i]); outcomes[i] != nil && !refused {
			return outcomes[i]
		}
	}
	if !edit.changed {
		return errUnchanged
	}
	_, err := edit.dropExpired(droppedPerCommit)
	return err
}

// didNothing reports whether a transaction failed before its last step. After a failure of the
// disk that is not certain, and doing a Write again could do it twice.
func didNothing(err error) bool {
	return errors.Is(err, itemstore.ErrFull) || errors.Is(err, errDamaged)
}

// errInterrupted is the outcome of a Write whose commit never came to an end.
var errInterrupted = errors.New("write records: the commit was interrupted")

// errUnchanged ends a transaction that has nothing to commit, which saves the wait for the disk.
var errUnchanged = errors.New("nothing to commit")

// update runs change in a transaction that is durable when update returns nil.
func (s *Store) update(change func(*bbolt.Tx) error) error {
	err := s.db.Update(change)
	if err == nil || errors.Is(err, errUnchanged) {
		return nil
	}
	return fmt.Errorf("write records: %w", explain(err))
}
