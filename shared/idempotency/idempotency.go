// Package idempotency does a request that makes something once, however often it is sent: a client
// that did not get the answer sends it again with the same Idempotency-Key, and is answered as the
// first time. Source: draft-ietf-httpapi-idempotency-key-header.
//
// A request with a key costs two writes beside its own: one that takes the key, so that of two
// requests at once just one is done, and one that keeps the answer. One that is sent again costs a
// write that fails and a Get. What failed is not kept: the key is free for another try.
//
// An answer may hold a secret that is shown once, so it is kept encrypted, with a key that is made of
// the one that tokens are signed with and of the client's own key, which is stored nowhere: reading the table is not
// enough to read the answer, and neither is the secret.
package idempotency

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

const (
	// keep is how long an answer is kept.
	keep = 24 * time.Hour
	// lease is how long a request may take: after that it is taken for dead, and may be done again.
	// A function on AWS is ended after 30 seconds.
	lease = time.Minute
)

// Keeper keeps the answers.
type Keeper struct {
	Catalog *catalog.Catalog
	// Keys are those that tokens are signed with.
	Keys keyring.Source
	Now  func() time.Time
	// Log hears of answers that could not be kept; nil is nobody.
	Log *slog.Logger
}

// Once is a route.Once.
func (k Keeper) Once(ctx context.Context, caller registry.Caller, key string, request [sha256.Size]byte, do func() (route.Reply, error)) (route.Reply, bool, error) {
	n, err := k.noteFor(ctx, caller, key)
	if err != nil {
		return route.Reply{}, false, err
	}
	a, err := k.take(ctx, n, request)
	if err != nil {
		return route.Reply{}, false, err
	}
	if len(a.Sealed) > 0 {
		answer, err := k.open(ctx, n, a)
		return answer, true, err
	}
	answer, err := k.run(ctx, n, a, do)
	return answer, false, err
}

// take notes that the request is being done, or returns the answer that is there.
func (k Keeper) take(ctx context.Context, n note, request [sha256.Size]byte) (catalog.Answer, error) {
	now := k.Now()
	mine := catalog.Answer{Request: request[:], Lease: now.Add(lease), Expires: now.Add(keep)}
	a, err := k.Catalog.SaveAnswer(ctx, n.name, mine)
	if !registry.Retryable(err) {
		return a, err
	}
	if a, err = k.Catalog.Answer(ctx, n.name); err != nil {
		return a, err
	}
	switch {
	case a.Rev != 0 && subtle.ConstantTimeCompare(a.Request, request[:]) == 0:
		return a, registry.Errorf(registry.KeyReused, "this Idempotency-Key came with another request before: use a new one")
	case len(a.Sealed) > 0:
		return a, nil
	case now.Before(a.Lease):
		return a, beingDone()
	}
	mine.Revision = a.Revision // of one that died, or none by now
	if a, err = k.Catalog.SaveAnswer(ctx, n.name, mine); registry.Retryable(err) {
		err = beingDone()
	}
	return a, err
}

// open reads an answer that was kept, whichever key signs by now. Conflict when that of the answer is gone: the request
// was done, and is not done again.
func (k Keeper) open(ctx context.Context, n note, a catalog.Answer) (route.Reply, error) {
	ring, err := k.Keys(ctx, a.Key)
	if err != nil {
		return route.Reply{}, err
	}
	var ok bool
	if n.key, ok = ring.Named(a.Key); !ok {
		return route.Reply{}, registry.Errorf(registry.Conflict,
			"the request with this Idempotency-Key was done, but its answer cannot be read any more: look at what it made")
	}
	return n.open(a.Sealed)
}

func beingDone() error {
	return registry.Errorf(registry.Conflict, "the first request with this Idempotency-Key is still being done: send it again in a moment").
		After(time.Second)
}

// run does the request and keeps its answer, also when the client has gone meanwhile: that is the one
// who will ask again.
func (k Keeper) run(ctx context.Context, n note, a catalog.Answer, do func() (route.Reply, error)) (answer route.Reply, err error) {
	always := context.WithoutCancel(ctx)
	done := false
	defer func() {
		if !done { // it failed, or fell into a panic; if this fails too, the lease ends by itself
			_ = k.Catalog.DropAnswer(always, n.name, a)
		}
	}()
	if answer, err = do(); err != nil {
		return answer, err
	}
	done = true
	if err := k.save(always, n, a, answer); err != nil { // it was done, and that is what the client is told
		k.log().ErrorContext(ctx, "an answer could not be kept for its Idempotency-Key", slog.String("error", err.Error()))
	}
	return answer, nil
}

func (k Keeper) save(ctx context.Context, n note, a catalog.Answer, answer route.Reply) (err error) {
	if a.Sealed, err = n.seal(answer); err != nil {
		return err
	}
	a.Key = n.key.ID
	a.Lease = time.Time{}
	_, err = k.Catalog.SaveAnswer(ctx, n.name, a)
	return err
}

func (k Keeper) log() *slog.Logger {
	if k.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return k.Log
}

// note is where an answer is kept, and what opens it.
type note struct {
	name string
	who  string // the client's own key among it
	key  keyring.Key
}

// noteFor is the note of an answer that is to be kept now.
func (k Keeper) noteFor(ctx context.Context, caller registry.Caller, key string) (note, error) {
	who := caller.Account.String() + "\n" + caller.ServiceAccount.String() + "\n" + key
	name := sha256.Sum256([]byte(who))
	ring, err := k.Keys(ctx, "")
	signer, ok := ring.Current(k.Now())
	if err == nil && !ok {
		err = errors.New("no key seals answers yet")
	}
	return note{hex.EncodeToString(name[:]), who, signer}, err
}
