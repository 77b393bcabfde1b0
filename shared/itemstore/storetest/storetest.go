// Package storetest is the contract of itemstore.Store as a test suite: a store is correct when
// it passes Run. Every sentence of the port's documentation has its case here.
package storetest

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// Open makes an empty store that takes its time from now and is closed when the test ends.
type Open func(t testing.TB, now func() time.Time) itemstore.Store

// Promises are what a store holds beyond the contract. The suite holds it to them.
type Promises struct {
	// Snapshot says that a Get or a page of a Query sees all of a Write or nothing of it.
	Snapshot bool
}

// testCase is one sentence of the contract; it has a store to itself.
type testCase struct {
	name string
	run  func(f *fixture)
}

var groups = []struct {
	name  string
	cases []testCase
}{
	{"Get", getCases},
	{"Query", queryCases},
	{"Put", putCases},
	{"Revision", revisionCases},
	{"Count", countCases},
	{"Condition", conditionCases},
	{"Write", writeCases},
	{"Expiry", expiryCases},
	{"Limit", limitCases},
	{"Refusal", refusalCases},
	{"Concurrency", concurrencyCases},
	{"Context", contextCases},
}

// Run holds the stores that open makes to the contract and to their promises.
func Run(t *testing.T, open Open, promises Promises) {
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) { runCases(t, open, g.cases) })
	}
	if promises.Snapshot {
		t.Run("Snapshot", func(t *testing.T) { runCases(t, open, snapshotCases) })
	}
}

func runCases(t *testing.T, open Open, cases []testCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			clock := newClock()
			c.run(&fixture{T: t, store: open(t, clock.now), clock: clock})
		})
	}
}
