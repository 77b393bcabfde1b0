// Package keyring is a few keys that follow one another: what is signed with one stays good while
// the next one signs already, and the next one is known everywhere before it signs.
package keyring

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Key is a secret key.
type Key struct {
	// ID names the key in what it signed. It is no secret.
	ID string `json:"id"`
	// Since is when the key begins to sign.
	Since time.Time `json:"since"`
	// Secret is the key itself.
	Secret []byte `json:"secret,omitempty"`
}

// Ring is the keys that are known, in the order that they begin to sign in.
type Ring []Key

// minSecret is the shortest secret in bytes: what HS256 asks for (RFC 7518, 3.2).
const minSecret = 32

// Parse reads a ring that Text wrote, with a key in it at least. Its error does not hold the text.
func Parse(text string) (Ring, error) {
	var r Ring
	if err := json.Unmarshal([]byte(text), &r); err != nil || len(r) == 0 {
		return nil, errors.New("the text is no ring of keys")
	}
	for i, k := range r {
		if k.ID == "" || len(k.Secret) < minSecret || i > 0 && k.Since.Before(r[i-1].Since) {
			return nil, fmt.Errorf("key %d of the ring is shorter than %d bytes or comes before the one it follows", i+1, minSecret)
		}
	}
	return r, nil
}

// Text returns the ring as Parse reads it: secrets are in it.
func (r Ring) Text() string {
	raw, _ := json.Marshal(r) // strings, times and bytes always go
	return string(raw)
}

// Current returns the key that signs: the last one that has begun. A ring whose keys are all of the
// future has none.
func (r Ring) Current(now time.Time) (Key, bool) {
	for i := len(r) - 1; i >= 0; i-- {
		if !r[i].Since.After(now) {
			return r[i], true
		}
	}
	return Key{}, false
}

// Named returns the key of an id. What names no key was made when there was but one: it has an empty id, and is Unnamed's.
func (r Ring) Named(id string) (Key, bool) {
	if id == "" {
		id = Unnamed
	}
	for _, k := range r {
		if k.ID == id {
			return k, true
		}
	}
	return Key{}, false
}

// Public returns the ring without what is secret of it.
func (r Ring) Public() Ring {
	told := make(Ring, len(r))
	for i, k := range r {
		told[i] = Key{ID: k.ID, Since: k.Since}
	}
	return told
}

// Unnamed is the id of a key that was kept when there was but one, without an id: it comes first.
const Unnamed = "first"

// Ever is since when a first key signs: whatever a clock says.
var Ever = time.Unix(0, 0).UTC()

// OfOne is the ring of a secret that was kept without an id.
func OfOne(secret []byte) (Ring, error) {
	if len(secret) < minSecret {
		return nil, fmt.Errorf("the secret is shorter than %d bytes", minSecret)
	}
	return Ring{{ID: Unnamed, Since: Ever, Secret: secret}}, nil
}

// Rotate returns the ring with a new last key, without those that nothing is left of: a key is let
// go when the one after it has been signing for as long as what is signed lives.
func (r Ring) Rotate(next Key, now time.Time, life time.Duration) (kept Ring, gone []Key) {
	for i, k := range r {
		if i+1 < len(r) && !r[i+1].Since.Add(life).After(now) {
			gone = append(gone, k)
		} else {
			kept = append(kept, k)
		}
	}
	return append(kept, next), gone
}
