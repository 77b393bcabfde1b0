package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

var contextCases = []testCase{
	{"a cancelled context", func(f *fixture) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		f.stops(ctx, context.Canceled)
	}},
	{"a deadline that has passed", func(f *fixture) {
		ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
		defer cancel()
		f.stops(ctx, context.DeadlineExceeded)
	}},
}

// stops makes sure that every call ends with the context's error, and that no Write was done.
func (f *fixture) stops(ctx context.Context, want error) {
	f.Helper()
	f.put("a", `1`)
	calls := map[string]func() error{
		"Get":         func() error { _, err := f.store.Get(ctx, key("a")); return err },
		"Get of two":  func() error { _, err := f.store.Get(ctx, key("a"), key("b")); return err },
		"Query":       func() error { _, err := f.store.Query(ctx, itemstore.Query{Partition: "box"}); return err },
		"Put":         func() error { return f.store.Write(ctx, itemstore.Put(doc("a", `2`), always)) },
		"Delete":      func() error { return f.store.Write(ctx, itemstore.Delete(key("a"), always)) },
		"Add":         func() error { return f.store.Write(ctx, itemstore.Add(key("a"), 1)) },
		"transaction": func() error { return f.store.Write(ctx, itemstore.Add(key("a"), 1), itemstore.Add(key("b"), 1)) },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, want) {
			f.Errorf("%s returned %v, want %v", name, err, want)
		}
	}
	f.wantDoc("a", `1`)
	f.wantCount("a", 0)
	f.absent(key("b"))
}
