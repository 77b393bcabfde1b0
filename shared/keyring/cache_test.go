package keyring_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
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
	s.Read = func(ctx context.Context) (keyring.Ring, error) {
		s.reads++
		return s.ring, errors.Join(s.err, ctx.Err())
	}
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
	s.want(time.Second, "", "", 5) // with nothing to go by there is nothing to wait for
	s.err = nil
	s.want(time.Second, "", "a", 6)
}

// A key may have come that this process could not read, so nobody can say that there is none.
func TestAnUnknownNameIsAnErrorWhileTheRingCannotBeReadAgain(t *testing.T) {
	s := newShelf(t)
	s.want(0, "", "a", 1)
	s.err = errors.New("no")
	s.want(keyring.Pause, "b", "", 2)
	s.want(time.Second, "b", "", 2)
	s.want(0, "a", "a", 2)
	s.want(0, "", "a", 2)
	s.err, s.ring = nil, append(s.ring, key("b", noon))
	s.want(keyring.Pause, "b", "ab", 3)
	s.want(0, "c", "ab", 3)
}

// Who has a key that leaked could have it known for an hour, and who comes after an hour could spoil it for all, by hanging up.
func TestARequestThatIsGoneHasTheRingReadForTheOthers(t *testing.T) {
	s := newShelf(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	s.want(0, "", "a", 1)
	s.ring = keyring.Ring{key("b", noon)} // all sessions were ended
	s.now = s.now.Add(keyring.Pause)
	_, _ = s.Cache.Ring(gone, "hostile")
	s.want(0, "", "b", 2)
	s.now = s.now.Add(keyring.Late)
	_, _ = s.Cache.Ring(gone, "")
	s.want(0, "", "b", 3)
}

// However many wait for a store that does not answer, nobody waits for longer than one try takes.
func TestThoseWhoWaitFailTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const patience = 5 * time.Second
		reads := 0
		c := keyring.Cache{Now: time.Now, Read: func(context.Context) (keyring.Ring, error) {
			reads++
			<-time.After(patience)
			return nil, errors.New("no")
		}}
		for range 20 {
			go func() {
				if ring, err := c.Ring(t.Context(), ""); err == nil {
					t.Errorf("there is %q", ids(ring))
				}
			}()
		}
		synctest.Wait()
		<-time.After(patience)
		synctest.Wait()
		if _, _ = c.Ring(t.Context(), ""); reads != 2 {
			t.Errorf("%d reads, for those who waited and for who came after", reads)
		}
	})
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
