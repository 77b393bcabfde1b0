// Package keyringtest has rings for tests.
package keyringtest

import (
	"context"

	"github.com/boxvault/boxvault/shared/keyring"
)

// Ring is a ring of one key, "key", that signs since ever. The secret has 32 bytes at least.
func Ring(secret string) keyring.Ring {
	return keyring.Ring{{ID: "key", Since: keyring.Ever, Secret: []byte(secret)}}
}

// Fixed is the source of a ring that stays as it is.
func Fixed(ring keyring.Ring) keyring.Source {
	return func(context.Context, string) (keyring.Ring, error) { return ring, nil }
}
