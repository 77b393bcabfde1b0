package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// badParts cannot be part of a key.
var badParts = []string{"", "a\x00b", "\x00", strings.Repeat("k", itemstore.MaxKey+1), "a\xff", "\xc3", "\xed\xa0\x80"}

var refusalCases = []testCase{
	{"keys that are none", func(f *fixture) {
		for _, part := range badParts {
			for _, k := range []itemstore.Key{{Partition: part, Sort: "a"}, {Partition: "a", Sort: part}} {
				_, err := f.store.Get(context.Background(), k)
				f.refusal(err, "Get of %.20q", k)
				f.noWrite(itemstore.Put(itemstore.Item{Key: k, Doc: []byte(`1`)}, always))
				f.noWrite(itemstore.Put(doc("beside", `1`), always), itemstore.Delete(k, always))
			}
		}
	}},
	{"queries that are none", func(f *fixture) {
		f.noQuery(itemstore.Query{})
		f.noQuery(itemstore.Query{Partition: "box", Limit: -1})
		for _, part := range badParts[1:] {
			f.noQuery(itemstore.Query{Partition: part})
			f.noQuery(itemstore.Query{Partition: "box", Prefix: part})
			f.noQuery(itemstore.Query{Partition: "box", After: part})
			f.noQuery(itemstore.Query{Partition: "box", Until: part})
		}
	}},
	{"more than MaxGet keys", func(f *fixture) {
		keys := make([]itemstore.Key, itemstore.MaxGet+1)
		for i := range keys {
			keys[i] = key(fmt.Sprint(i))
		}
		_, err := f.store.Get(context.Background(), keys...)
		f.refusal(err, "Get of %d keys", len(keys))
	}},
	{"more than MaxOps operations", func(f *fixture) {
		ops := make([]itemstore.Op, itemstore.MaxOps+1)
		for i := range ops {
			ops[i] = itemstore.Put(doc(fmt.Sprint(i), `1`), always)
		}
		f.noWrite(ops...)
	}},
	{"two operations on one key", func(f *fixture) {
		f.noWrite(itemstore.Put(doc("a", `1`), always), itemstore.Put(doc("b", `1`), always), itemstore.Add(key("a"), 1))
	}},
	{"a document that is not UTF-8", func(f *fixture) {
		f.noWrite(itemstore.Put(doc("a", "\"\xff\""), always))
	}},
	{"an Add with a condition", func(f *fixture) {
		f.noWrite(itemstore.Op{Verb: itemstore.VerbAdd, Item: itemstore.Item{Key: key("a"), Count: 1}, If: itemstore.Absent()})
	}},
	{"a verb that is none", func(f *fixture) {
		f.noWrite(itemstore.Op{Verb: itemstore.VerbAdd + 1, Item: doc("a", `1`)})
	}},
}

// refusal makes sure of an error that is not the answer to a well-formed call.
func (f *fixture) refusal(err error, format string, args ...any) {
	f.Helper()
	if _, ok := itemstore.FailedOp(err); err == nil || ok || errors.Is(err, itemstore.ErrTooLarge) || errors.Is(err, itemstore.ErrFull) {
		f.Errorf("%s returned %v, want it refused", fmt.Sprintf(format, args...), err)
	}
}

func (f *fixture) noQuery(q itemstore.Query) {
	f.Helper()
	_, err := f.store.Query(context.Background(), q)
	f.refusal(err, "Query %.200q", fmt.Sprint(q))
}

// noWrite makes sure that the Write is refused and leaves the partition empty.
func (f *fixture) noWrite(ops ...itemstore.Op) {
	f.Helper()
	f.refusal(f.store.Write(context.Background(), ops...), "Write %.200q", fmt.Sprint(ops))
	f.wantPlaces(itemstore.Query{Partition: "box"})
}
