// Package storetest is the contract of blobstore.Store as a suite that every store passes.
//
// It uses a store as the registry does, and links as clients do: over HTTP, with nothing but the
// link. What it sends and reads back is compared by SHA-256.
package storetest

import (
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Target is a store under test.
type Target struct {
	Store blobstore.Store
	// Expired calls sign, which asks the store for a link, and returns that link when its time is
	// over: the clock is moved, before signing or after it, so that nobody has to wait.
	Expired func(sign func() blobstore.Link) blobstore.Link
	// Fails names the tests that the server behind the store is known to fail where S3 does not,
	// and how. They are run all the same, see Lacking.
	Fails map[string]string
	// Wavers names those that it fails now and then, and how. They are skipped, saying so.
	Wavers map[string]string
}

// Run runs the suite. It calls open for every test, with that test; the stores may share what
// is behind them, since every test uses keys of its own.
func Run(t *testing.T, open func(t *testing.T) Target) {
	for _, group := range [][]test{uploading, replacing, completing, aborting, objects, downloading, single, signing} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) {
				target := open(t)
				if how, wavers := target.Wavers[c.name]; wavers {
					t.Skip(how)
				}
				if how, fails := target.Fails[c.name]; fails {
					Lacking(t, how, func(t testing.TB) { c.run(&env{TB: t, Target: target}) })
				}
				c.run(&env{TB: t, Target: target})
			})
		}
	}
}

// test is one sentence of the contract.
type test struct {
	name string
	run  func(*env)
}
