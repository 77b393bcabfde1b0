package keyring_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/keyring"
)

// shelf is where a ring is read from, at a time that the test says.
type shelf struct {
	*testing.T
	keyring.Cache
	ring  keyring.Ring
	err   error
	now   time.Time
	reads int
}

func newShelf(t *testing.T) *shelf {
	s := &shelf{T: t, ring: keyring.Ring{key("a", noon)}, now: noon}
	s.Read = func(context.Context) (keyring.Ring, error) { s.reads++; return s.ring, s.err }
	s.Now = func() time.Time { return s.now }
	return s
}

// want fails the test unless, a while later, who asks for the key of an id gets these keys after so many reads.
func (s *shelf) want(later time.Duration, id, keys string, reads int) {
	s.Helper()
	s.now = s.now.Add(later)
	ring, err := s.Cache.Ring(s.Context(), id)
	if ids(ring) != keys || (err != nil) != (keys == "") || s.reads != reads {
		s.Errorf("%v after noon there are %q after %d reads (%v), want %q after %d", s.now.Sub(noon), ids(ring), s.reads, err, keys, reads)
	}
}

func TestARingIsReadAgainEveryFewMinutes(t *testing.T) {
	s := newShelf(t)
	s.want(0, "", "a", 1)
	s.ring = append(s.ring, key("b", noon.Add(keyring.Ahead)))
	s.want(keyring.Fresh-time.Second, "a", "a", 1)
	s.want(time.Second, "", "ab", 2)
	s.want(time.Second, "", "ab", 2)
}

// However many names strangers send.
func TestAnUnknownNameHasTheRingReadOnceInAWhile(t *testing.T) {
	s := newShelf(t)
	s.want(0, "b", "a", 1)
	s.want(keyring.Pause-time.Second, "b", "a", 1)
	s.ring = keyring.Ring{key("b", noon)}
	s.want(time.Second, "b", "b", 2)
	for range 100 {
		s.want(0, "hostile", "b", 2)
	}
	s.want(keyring.Pause, "hostile", "b", 3)
}

func TestWhatWasReadGoesOnForAnHourWhereItCannotBeReadAgain(t *testing.T) {
	s := newShelf(t)
	s.want(0, "", "a", 1)
	s.err = errors.New("no")
	s.want(keyring.Fresh, "", "a", 2)
	s.want(keyring.Pause-time.Second, "", "a", 2)
	s.want(time.Second, "", "a", 3)
	s.want(keyring.Late-keyring.Fresh-keyring.Pause, "", "", 4)
	s.want(time.Second, "", "", 4)
	s.err = nil
	s.want(keyring.Pause, "", "a", 5)
}

// The first request that comes after a role was mended is answered.
func TestThatNothingCouldBeReadIsNotKept(t *testing.T) {
	s := newShelf(t)
	s.err = errors.New("no")
	s.want(0, "", "", 1)
	s.err, s.ring = nil, nil
	s.want(0, "", "", 2)
	s.ring = keyring.Ring{key("a", noon)}
	s.want(0, "", "a", 3)
}

func TestManyAtATimeReadOnce(t *testing.T) {
	s := newShelf(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if ring, err := s.Cache.Ring(t.Context(), ""); err != nil || ids(ring) != "a" {
				t.Errorf("%v, %v", ring, err)
			}
		})
	}
	all.Wait()
	if s.reads != 1 {
		t.Errorf("%d reads", s.reads)
	}
}
