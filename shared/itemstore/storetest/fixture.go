package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// fixture is what a case works with. Its methods end the test when the store fails them, so they
// are for the test's own goroutine.
type fixture struct {
	*testing.T
	store itemstore.Store
	clock *clock
}

// clock stands still until it is told to move. It begins now, for a server that removes expired
// items by its own clock.
type clock struct{ seconds atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.seconds.Store(time.Now().Unix())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(c.seconds.Load(), 0) }
func (c *clock) advance(d time.Duration) { c.seconds.Add(int64(d / time.Second)) }

// key is a place in the partition that most cases use.
func key(sort string) itemstore.Key { return itemstore.Key{Partition: "box", Sort: sort} }

// doc is an item with a document.
func doc(sort, text string) itemstore.Item {
	return itemstore.Item{Key: key(sort), Doc: []byte(text)}
}

// always is the condition that always holds.
var always itemstore.Condition

func (f *fixture) get(keys ...itemstore.Key) []itemstore.Item {
	f.Helper()
	items, err := f.store.Get(context.Background(), keys...)
	if err != nil {
		f.Fatalf("Get: %v", err)
	}
	if len(items) != len(keys) {
		f.Fatalf("Get of %d keys returned %d items", len(keys), len(items))
	}
	return items
}

func (f *fixture) one(key itemstore.Key) itemstore.Item {
	f.Helper()
	return f.get(key)[0]
}

func (f *fixture) write(ops ...itemstore.Op) {
	f.Helper()
	if err := f.store.Write(context.Background(), ops...); err != nil {
		f.Fatalf("Write of %v: %v", keys(ops), err)
	}
}

// keys are what a Write is about, to print.
func keys(ops []itemstore.Op) (list []string) {
	for _, op := range ops {
		list = append(list, fmt.Sprintf("%.80q", op.Item.Sort))
	}
	return list
}

// put writes a document and returns its revision.
func (f *fixture) put(sort, text string) int64 {
	f.Helper()
	f.write(itemstore.Put(doc(sort, text), always))
	return f.one(key(sort)).Rev
}

// refused makes a Write that must fail at the condition of operation failing.
func (f *fixture) refused(failing int, ops ...itemstore.Op) {
	f.Helper()
	err := f.store.Write(context.Background(), ops...)
	var ce *itemstore.ConditionError
	switch {
	case !errors.As(err, &ce):
		f.Fatalf("Write of %v returned %v, want a ConditionError", keys(ops), err)
	case ce.Op != failing || ce.Key != ops[failing].Item.Key:
		f.Fatalf("Write returned %v, want operation %d to fail", err, failing)
	}
}

// absent makes sure that there is nothing under the keys.
func (f *fixture) absent(keys ...itemstore.Key) {
	f.Helper()
	for i, item := range f.get(keys...) {
		if item.Exists() || item.Doc != nil || item.Count != 0 || !item.Expires.IsZero() || item.Key != keys[i] {
			f.Errorf("got %+v, want only the key %v", item, keys[i])
		}
	}
}

// wantDoc makes sure of the document under a place.
func (f *fixture) wantDoc(sort, text string) {
	f.Helper()
	if item := f.one(key(sort)); string(item.Doc) != text || !item.Exists() {
		f.Errorf("%s: got %q with revision %d, want %q", sort, item.Doc, item.Rev, text)
	}
}

// query reads all pages, making sure of what each page must hold.
func (f *fixture) query(q itemstore.Query) []itemstore.Item {
	f.Helper()
	var items []itemstore.Item
	for {
		page, err := f.store.Query(context.Background(), q)
		if err != nil {
			f.Fatalf("Query %+v: %v", q, err)
		}
		if q.Limit > 0 && len(page.Items) > q.Limit {
			f.Fatalf("Query %+v: a page of %d items", q, len(page.Items))
		}
		items = append(items, page.Items...)
		if page.Next == "" {
			return items
		}
		if q.After != "" && (page.Next > q.After) == q.Reverse || page.Next == q.After {
			f.Fatalf("Query %+v: Next is %q and leads nowhere", q, page.Next)
		}
		q.After = page.Next
	}
}

// places are the Sorts of all items that a Query finds.
func (f *fixture) places(q itemstore.Query) []string {
	f.Helper()
	var sorts []string
	for _, item := range f.query(q) {
		if item.Partition != q.Partition {
			f.Fatalf("Query %+v: found an item of partition %q", q, item.Partition)
		}
		sorts = append(sorts, item.Sort)
	}
	return sorts
}

func (f *fixture) wantPlaces(q itemstore.Query, want ...string) {
	f.Helper()
	if got := f.places(q); !slices.Equal(got, want) {
		f.Errorf("Query %+v: got %q, want %q", q, got, want)
	}
}

// together does work n times at once and returns the errors, aligned.
func together(n int, work func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = work(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// allDone ends the test at the first error of together.
func (f *fixture) allDone(errs []error) {
	f.Helper()
	if err := errors.Join(errs...); err != nil {
		f.Fatal(err)
	}
}
