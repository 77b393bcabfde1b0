package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/boxvault/boxvault/shared/itemstore"
)

func key(sort string) itemstore.Key { return itemstore.Key{Partition: "box", Sort: sort} }

func doc(sort, text string) itemstore.Item {
	return itemstore.Item{Key: key(sort), Doc: []byte(text)}
}

// anyway is the condition that always holds.
var anyway itemstore.Condition

func get(t *testing.T, s itemstore.Store, sort string) itemstore.Item {
	t.Helper()
	items, err := s.Get(t.Context(), key(sort))
	if err != nil {
		t.Fatal(err)
	}
	return items[0]
}

func write(t *testing.T, s itemstore.Store, ops ...itemstore.Op) {
	t.Helper()
	if err := s.Write(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
}

// state is what two items hold, to compare.
func state(t *testing.T, s itemstore.Store) string {
	t.Helper()
	a, n := get(t, s, "a"), get(t, s, "n")
	return fmt.Sprintf("a: %v %s, n: %d", a.Exists(), a.Doc, n.Count)
}

// Every kind of Write, from a table where a is "old" at the revision given and n counts 1.
var writes = []struct {
	name string
	ops  func(rev int64) []itemstore.Op
	want string
}{
	{"create", func(int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Put(doc("b", `"new"`), itemstore.Absent())}
	}, `a: true "old", n: 1`},
	{"replace by revision", func(rev int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Put(doc("a", `"new"`), itemstore.Rev(rev))}
	}, `a: true "new", n: 1`},
	{"replace", func(int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Put(doc("a", `"new"`), anyway)}
	}, `a: true "new", n: 1`},
	{"delete by revision", func(rev int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Delete(key("a"), itemstore.Rev(rev))}
	}, `a: false , n: 1`},
	{"delete", func(int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Delete(key("a"), anyway)}
	}, `a: false , n: 1`},
	{"add", func(int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Add(key("n"), 1)}
	}, `a: true "old", n: 2`},
	{"transaction", func(rev int64) []itemstore.Op {
		return []itemstore.Op{itemstore.Delete(key("a"), itemstore.Rev(rev)), itemstore.Add(key("n"), 1)}
	}, `a: false , n: 2`},
}

// eachWrite does every kind of Write while the proxy injects what faults returns for it.
func eachWrite(t *testing.T, faults func(ops int) []fault) {
	for _, w := range writes {
		t.Run(w.name, func(t *testing.T) {
			store, direct, p := behindProxy(t)
			write(t, direct, itemstore.Put(doc("a", `"old"`), anyway), itemstore.Add(key("n"), 1))
			ops := w.ops(get(t, direct, "a").Rev)
			p.inject(faults(len(ops))...)
			write(t, store, ops...)
			p.wantUsed(t)
			if got := state(t, direct); got != w.want {
				t.Errorf("got %s, want %s", got, w.want)
			}
		})
	}
}

func TestWriteIsDoneOnceWhenTheAnswerIsLost(t *testing.T) {
	eachWrite(t, func(int) []fault { return []fault{loseAnswer} })
}

func TestWriteIsDoneOnceWhenTheServerFailsAfterIt(t *testing.T) {
	eachWrite(t, func(int) []fault { return []fault{failAfter, failAfter} })
}

func TestWriteIsDoneWhenTheRequestIsLost(t *testing.T) {
	eachWrite(t, func(int) []fault { return []fault{loseRequest} })
}

// An attempt whose answer was lost must not pass for a success when it was refused.
func TestRefusalOutlivesALostAnswer(t *testing.T) {
	store, direct, p := behindProxy(t)
	write(t, direct, itemstore.Put(doc("a", `"old"`), anyway))
	for name, ops := range map[string][]itemstore.Op{
		"create":  {itemstore.Put(doc("a", `"new"`), itemstore.Absent())},
		"replace": {itemstore.Put(doc("none", `"new"`), itemstore.Exists())},
		"delete":  {itemstore.Delete(key("a"), itemstore.Rev(1))},
		"several": {itemstore.Put(doc("a", `"new"`), itemstore.Absent()), itemstore.Add(key("n"), 1)},
	} {
		p.inject(loseAnswer)
		if op, refused := itemstore.FailedOp(store.Write(t.Context(), ops...)); !refused || op != 0 {
			t.Errorf("%s: not refused", name)
		}
		p.wantUsed(t)
	}
	if got := state(t, direct); got != `a: true "old", n: 0` {
		t.Errorf("got %s", got)
	}
}

// The repetition of a transaction may come while the first attempt is still at work.
func TestTransactionInProgressIsWaitedOut(t *testing.T) {
	store, direct, p := behindProxy(t)
	busy := answer(http.StatusBadRequest, "TransactionInProgressException", nil)
	p.inject(loseAnswer, busy, busy, busy, busy)
	write(t, store, itemstore.Add(key("n"), 1))
	p.wantUsed(t)
	if got := get(t, direct, "n").Count; got != 1 {
		t.Errorf("counted %d, want 1", got)
	}
}

// conflict is how DynamoDB turns away a Write of n operations that met another.
func conflict(alone bool, reason string, n int) fault {
	if alone {
		return answer(http.StatusBadRequest, "TransactionConflictException", nil)
	}
	reasons := make([]string, n)
	for i := range reasons {
		reasons[i] = "None"
	}
	reasons[n-1] = reason
	return cancelled(reasons...)
}

func TestConflictIsWaitedOut(t *testing.T) {
	for _, reason := range []string{"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"} {
		t.Run(reason, func(t *testing.T) {
			eachWrite(t, func(n int) []fault {
				return []fault{conflict(false, reason, n), conflict(false, reason, n), conflict(false, reason, n), conflict(false, reason, n)}
			})
		})
	}
	t.Run("alone", func(t *testing.T) {
		eachWrite(t, func(n int) []fault { return []fault{conflict(true, "", n), conflict(true, "", n)} })
	})
}

func TestCallsStopWithTheContextInTheMiddle(t *testing.T) {
	store, _, p := behindProxy(t)
	for name, call := range map[string]func(ctx context.Context) error{
		"Get":        func(ctx context.Context) error { _, err := store.Get(ctx, key("a")); return err },
		"Get of two": func(ctx context.Context) error { _, err := store.Get(ctx, key("a"), key("b")); return err },
		"Query": func(ctx context.Context) error {
			_, err := store.Query(ctx, itemstore.Query{Partition: "box"})
			return err
		},
		"Put":         func(ctx context.Context) error { return store.Write(ctx, itemstore.Put(doc("a", `1`), anyway)) },
		"transaction": func(ctx context.Context) error { return store.Write(ctx, itemstore.Add(key("n"), 1)) },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		p.inject(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
			cancel()
			<-r.Context().Done()
		})
		if err := call(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s returned %v", name, err)
		}
		p.wantUsed(t)
	}
}

func TestConflictEndsWithTheContext(t *testing.T) {
	for _, alone := range []bool{true, false} {
		store, direct, p := behindProxy(t)
		ctx, cancel := context.WithCancel(t.Context())
		turnAway := conflict(alone, "TransactionConflict", 1)
		last := func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
			turnAway(w, r, pass)
			cancel()
		}
		p.inject(turnAway, turnAway, last)
		ops := []itemstore.Op{itemstore.Put(doc("a", `1`), itemstore.Absent())}
		if !alone {
			ops = append(ops, itemstore.Add(key("n"), 1))
		}
		if err := store.Write(ctx, ops...); !errors.Is(err, context.Canceled) {
			t.Errorf("Write returned %v", err)
		}
		p.wantUsed(t)
		if got := state(t, direct); got != "a: false , n: 0" {
			t.Errorf("got %s", got)
		}
	}
}

// A condition that does not hold is an answer, whatever else kept the transaction from being done.
func TestConditionOutweighsConflict(t *testing.T) {
	store, _, p := behindProxy(t)
	p.inject(cancelled("TransactionConflict", "ConditionalCheckFailed"))
	err := store.Write(t.Context(), itemstore.Add(key("n"), 1), itemstore.Put(doc("a", `1`), itemstore.Absent()))
	if op, refused := itemstore.FailedOp(err); !refused || op != 1 {
		t.Errorf("Write returned %v", err)
	}
}

func TestOtherReasonsAreReported(t *testing.T) {
	store, direct, p := behindProxy(t)
	p.inject(cancelled("None", "ItemCollectionSizeLimitExceeded"))
	err := store.Write(t.Context(), itemstore.Add(key("n"), 1), itemstore.Put(doc("a", `1`), itemstore.Absent()))
	if _, refused := itemstore.FailedOp(err); err == nil || refused {
		t.Errorf("Write returned %v", err)
	}
	if got := state(t, direct); got != "a: false , n: 0" {
		t.Errorf("got %s", got)
	}
}

func TestUnprocessedKeysAreAskedForAgain(t *testing.T) {
	store, direct, p := behindProxy(t)
	var keys []itemstore.Key
	for i := range 9 {
		keys = append(keys, key(fmt.Sprint(i)))
		write(t, direct, itemstore.Put(doc(fmt.Sprint(i), fmt.Sprint(i)), anyway))
	}
	p.inject(leaveOut(0), leaveOut(1), leaveOut(0), leaveOut(0), leaveOut(4), leaveOut(3))
	items, err := store.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	p.wantUsed(t)
	for i, item := range items {
		if item.Key != keys[i] || string(item.Doc) != fmt.Sprint(i) {
			t.Errorf("item %d is %+v", i, item)
		}
	}
}

func TestUnprocessedKeysEndWithTheContext(t *testing.T) {
	store, _, p := behindProxy(t)
	ctx, cancel := context.WithCancel(t.Context())
	last := func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		leaveOut(0)(w, r, pass)
		cancel()
	}
	p.inject(leaveOut(0), leaveOut(0), last)
	if _, err := store.Get(ctx, key("a"), key("b")); !errors.Is(err, context.Canceled) {
		t.Errorf("Get returned %v", err)
	}
	p.wantUsed(t)
}
