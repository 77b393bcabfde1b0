package auth

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// After a hash nobody has the turn for as long as it took.
func TestHashingRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const took = 20 * time.Millisecond
		p := NewPasswords(1)
		p.turn <- struct{}{}
		began := time.Now()
		time.Sleep(took)
		p.rest(began)
		tooEarly, cancel := context.WithTimeout(t.Context(), took-1)
		defer cancel()
		if _, err := p.Hash(tooEarly, "x"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a hash without a rest before it: %v", err)
		}
		if _, err := p.Hash(t.Context(), "x"); err != nil || time.Since(began) != 2*took {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}
