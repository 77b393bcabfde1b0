// Package tokenkeys makes the keys that tokens are signed with, and rotates them, wherever they are kept.
package tokenkeys

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/registry"
)

// Life is how long after the next key has begun a key is needed: that long the last thing lives that is made
// with it, and a process may have gone by a ring that it read before. Letters are tried, and answers
// kept, for a day.
const Life = max(auth.LongSession, registry.SingleLinkLife, registry.LinkLife, 24*time.Hour) + keyring.Late

// maxKeys is how many keys a ring has: those of a rotation a day for a week are half of them, and the 4 KB of an SSM
// parameter (docs.aws.amazon.com/general/latest/gr/ssm.html) have room for more.
const maxKeys = 20

// Place is where the ring is kept.
type Place interface {
	// Read returns the ring, nil when there is none yet.
	Read(context.Context) (keyring.Ring, error)
	// Write keeps a ring in place of the one that was. Whoever reads sees the one or the other.
	Write(context.Context, keyring.Ring) error
	// Lock has nobody else change the ring until unlock; an error when somebody else does.
	Lock(context.Context) (unlock func(), err error)
}

// Keeper makes and rotates the keys at a place.
type Keeper struct {
	Place Place
	Now   func() time.Time
}

// errNone is the error of a rotation where no keys are.
var errNone = errors.New("there are no keys: end all sessions, which makes one")

// Make makes a first key, which signs at once. Keys that are there stay as they are.
func (k Keeper) Make(ctx context.Context) error {
	_, err := k.change(ctx, func(ring keyring.Ring) (keyring.Ring, error) {
		if len(ring) > 0 {
			return nil, nil
		}
		return first(), nil
	})
	return err
}

// Rotate makes the next key, which signs a while later, and lets go of keys that nothing is good by any more. It returns
// the ring without what is secret of it.
func (k Keeper) Rotate(ctx context.Context) (keyring.Ring, error) {
	return k.change(ctx, func(ring keyring.Ring) (keyring.Ring, error) {
		if len(ring) == 0 {
			return nil, errNone
		}
		now := k.Now()
		if last := ring[len(ring)-1]; last.Since.After(now) {
			return nil, fmt.Errorf("the last rotation is under way: its key signs from %s on, rotate again after that", last.Since.UTC().Format(time.RFC3339))
		}
		kept, _ := ring.Rotate(newKey(now.Add(keyring.Ahead)), now, Life)
		if len(kept) > maxKeys {
			return nil, fmt.Errorf("sessions of %d keys are still good, which is enough: rotate again in a day", len(ring))
		}
		return kept, nil
	})
}

// EndAll puts a new key, which signs at once, in place of whatever is there, keys or not: what was made with them is void as
// soon as the ring is read again. It returns the ring without what is secret of it.
func (k Keeper) EndAll(ctx context.Context) (keyring.Ring, error) {
	unlock, err := k.Place.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	ring := first()
	return ring.Public(), k.Place.Write(ctx, ring)
}

// change writes what comes of the ring; nil changes nothing.
func (k Keeper) change(ctx context.Context, to func(keyring.Ring) (keyring.Ring, error)) (keyring.Ring, error) {
	unlock, err := k.Place.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	before, err := k.Place.Read(ctx)
	if err != nil {
		return nil, err
	}
	after, err := to(before)
	if err != nil || after == nil {
		return nil, err
	}
	return after.Public(), k.Place.Write(ctx, after)
}

func first() keyring.Ring { return keyring.Ring{newKey(keyring.Ever)} }

func newKey(since time.Time) keyring.Key {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	return keyring.Key{ID: rand.Text()[:10], Since: since.UTC().Truncate(time.Second), Secret: secret}
}
