package catalog

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Answer is what a request with an Idempotency-Key was answered, or that it is being done.
type Answer struct {
	// Request tells the request from others with the same key.
	Request []byte `json:"request"`
	// Key is the id of the key that Sealed was encrypted with.
	Key string `json:"key,omitempty"`
	// Sealed is the answer, encrypted; empty while there is none yet.
	Sealed []byte `json:"sealed,omitempty"`
	// Lease is until when a request without an answer is taken for one that is still being done.
	Lease time.Time `json:"lease,omitzero"`
	// Expires is when the key may be used anew.
	Expires time.Time `json:"expires"`

	registry.Revision
}

// Answer reads the answer of a name; the zero value when there is none.
func (c *Catalog) Answer(ctx context.Context, name string) (Answer, error) {
	items, err := c.Store.Get(ctx, answerKey(name))
	if err != nil {
		return Answer{}, err
	}
	a, _, err := read[Answer](items[0])
	return a, err
}

// SaveAnswer writes an answer back, or a new one, and returns it at its new revision. Conflict, to be
// tried again, when it has changed since it was read.
func (c *Catalog) SaveAnswer(ctx context.Context, name string, a Answer) (Answer, error) {
	before := a.Rev
	a.Rev = itemstore.NewRev()
	put := item(answerKey(name), a)
	put.Expires = a.Expires
	return a, c.write(ctx, unheard, changed("the answer"), itemstore.Put(put, itemstore.Rev(before)).Stamped(a.Rev))
}

// DropAnswer forgets an answer that is as it was read.
func (c *Catalog) DropAnswer(ctx context.Context, name string, a Answer) error {
	return c.write(ctx, unheard, changed("the answer"), itemstore.Delete(answerKey(name), itemstore.Rev(a.Rev)))
}
