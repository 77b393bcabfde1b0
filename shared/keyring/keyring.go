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

// Parse reads a ring that Text wrote. Its error does not hold the text.
func Parse(text string) (Ring, error) {
	var r Ring
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil, errors.New("the text is no ring of keys")
	}
	for i, k := range r {
		if k.ID == "" || len(k.Secret) == 0 || i > 0 && k.Since.Before(r[i-1].Since) {
			return nil, fmt.Errorf("key %d of the ring is empty or comes before the one it follows", i+1)
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
