// Package registry holds the nouns of a box registry and their rules: boxes with their versions,
// providers, architectures and files, the accounts and organizations that own them, names,
// version numbers, and errors. It knows no store, no HTTP and no clock, and imports the standard
// library only.
package registry

import (
	"math/rand/v2"
	"strconv"
)

// ID identifies an account, an organization, a box or anything else that has one: a random
// positive number below 2^53, so that every JSON reader holds it exactly. IDs say nothing about
// order or number of things.
type ID int64

// NewID makes an ID.
func NewID() ID { return ID(rand.Int64N(1<<53-1) + 1) }

// String returns the decimal form.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// Revision is the store's revision that a record was read at: a write of the record is refused
// when it has changed since. It is no part of the document.
type Revision struct {
	Rev int64 `json:"-"`
}

// SetRevision notes the revision.
func (r *Revision) SetRevision(rev int64) { r.Rev = rev }

// Stamp is the revision as text of digits and small letters; empty for a record that was not read.
func (r Revision) Stamp() string {
	if r.Rev == 0 {
		return ""
	}
	return strconv.FormatInt(r.Rev, 36)
}
