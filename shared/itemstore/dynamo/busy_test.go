package dynamo_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// A table that turns everything away is given up after a while, as what it is.
func TestATableThatIsThrottledIsBusy(t *testing.T) {
	reads := map[string]func(context.Context, itemstore.Store) error{
		"Get": func(ctx context.Context, s itemstore.Store) error { _, err := s.Get(ctx, key("a")); return err },
		"Get of two": func(ctx context.Context, s itemstore.Store) error {
			_, err := s.Get(ctx, key("a"), key("b"))
			return err
		},
		"Query": func(ctx context.Context, s itemstore.Store) error {
			_, err := s.Query(ctx, itemstore.Query{Partition: "box"})
			return err
		},
		"Put": func(ctx context.Context, s itemstore.Store) error {
			return s.Write(ctx, itemstore.Put(doc("a", `1`), anyway))
		},
		"Delete": func(ctx context.Context, s itemstore.Store) error {
			return s.Write(ctx, itemstore.Delete(key("a"), anyway))
		},
		"transaction": func(ctx context.Context, s itemstore.Store) error {
			return s.Write(ctx, itemstore.Add(key("n"), 1), itemstore.Put(doc("a", `1`), anyway))
		},
	}
	throttled := map[string]fault{
		"a table":    answer(http.StatusBadRequest, "ProvisionedThroughputExceededException", nil),
		"an account": answer(http.StatusBadRequest, "ThrottlingException", nil),
		"all of it":  answer(http.StatusServiceUnavailable, "ServiceUnavailable", nil),
	}
	for what, turnAway := range throttled {
		for name, call := range reads {
			store, direct, p := behindProxy(t)
			p.inject(slices.Repeat([]fault{turnAway}, 3)...)
			if err := call(t.Context(), store); !errors.Is(err, itemstore.ErrBusy) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
			p.wantUsed(t)
			if got := state(t, direct); got != "a: false , n: 0" {
				t.Errorf("%s, %s: got %s", name, what, got)
			}
		}
	}
}

// Nor is what DynamoDB holds back of a batch, or cancels a transaction for, waited for forever.
func TestWhatStaysThrottledIsGivenUp(t *testing.T) {
	store, direct, p := behindProxy(t)
	p.inject(slices.Repeat([]fault{leaveOut(0)}, 20)...)
	if _, err := store.Get(t.Context(), key("a"), key("b")); !errors.Is(err, itemstore.ErrBusy) {
		t.Errorf("Get returned %v", err)
	}
	p.inject(slices.Repeat([]fault{cancelled("None", "ThrottlingError")}, 20)...)
	if err := store.Write(t.Context(), itemstore.Add(key("n"), 1), itemstore.Put(doc("a", `1`), anyway)); !errors.Is(err, itemstore.ErrBusy) {
		t.Errorf("Write returned %v", err)
	}
	p.inject()
	if got := state(t, direct); got != "a: false , n: 0" {
		t.Errorf("got %s", got)
	}
}

// A Write is not said to have been turned away when one of its attempts may have been done: whoever is
// told so does it again.
func TestAWriteThatMayHaveBeenDoneIsNotBusy(t *testing.T) {
	turnAway := answer(http.StatusBadRequest, "ThrottlingException", nil)
	held := cancelled("None", "ThrottlingError")
	put := []itemstore.Op{itemstore.Put(doc("a", `1`), anyway)}
	several := append(put, itemstore.Add(key("n"), 1))
	for name, c := range map[string]struct {
		faults []fault
		ops    []itemstore.Op
		want   string
	}{
		"a Put whose answer was lost":        {[]fault{loseAnswer, turnAway, turnAway}, put, "a: true 1, n: 0"},
		"a Put between the busy ones":        {[]fault{turnAway, failAfter, turnAway}, put, "a: true 1, n: 0"},
		"a Put that was lost":                {[]fault{loseRequest, turnAway, turnAway}, put, "a: false , n: 0"},
		"a Delete whose answer was lost":     {[]fault{loseAnswer, turnAway, turnAway}, []itemstore.Op{itemstore.Delete(key("a"), anyway)}, "a: false , n: 0"},
		"a transaction whose answer is lost": {[]fault{loseAnswer, turnAway, turnAway}, several, "a: true 1, n: 1"},
		"one done before it was held back":   {append([]fault{failAfter}, slices.Repeat([]fault{held}, 11)...), several, "a: true 1, n: 1"},
		"one done before it met another":     {[]fault{loseAnswer, conflict(false, "TransactionConflict", 2), turnAway, turnAway, turnAway}, several, "a: true 1, n: 1"},
	} {
		store, direct, p := behindProxy(t)
		p.inject(c.faults...)
		if err := store.Write(t.Context(), c.ops...); err == nil || errors.Is(err, itemstore.ErrBusy) {
			t.Errorf("%s: %v", name, err)
		}
		p.wantUsed(t)
		if got := state(t, direct); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// One that met other transactions first, which is known to do nothing, is.
func TestAWriteThatMetOthersAndThenABusyTableIsBusy(t *testing.T) {
	turnAway := answer(http.StatusBadRequest, "ThrottlingException", nil)
	for _, alone := range []bool{true, false} {
		store, _, p := behindProxy(t)
		ops := []itemstore.Op{itemstore.Put(doc("a", `1`), anyway)}
		if !alone {
			ops = append(ops, itemstore.Add(key("n"), 1))
		}
		p.inject(conflict(alone, "TransactionConflict", len(ops)), turnAway, turnAway, turnAway)
		if err := store.Write(t.Context(), ops...); !errors.Is(err, itemstore.ErrBusy) {
			t.Errorf("alone %v: %v", alone, err)
		}
		p.wantUsed(t)
	}
}

// Other faults of DynamoDB are faults.
func TestATableThatFailsIsNotBusy(t *testing.T) {
	store, _, p := behindProxy(t)
	p.inject(slices.Repeat([]fault{answer(http.StatusInternalServerError, "InternalServerError", nil)}, 3)...)
	if _, err := store.Get(t.Context(), key("a")); err == nil || errors.Is(err, itemstore.ErrBusy) {
		t.Errorf("Get returned %v", err)
	}
}
