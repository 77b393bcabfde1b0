package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// watched is a store that remembers which postings were ever written, and breaks off when it is told
// to.
type watched struct {
	itemstore.Store
	mu       sync.Mutex
	postings map[itemstore.Key]bool
	left     int // writes until all fail; below 0 for never
}

var errBroken = errors.New("the process was killed")

func (w *watched) Write(ctx context.Context, ops ...itemstore.Op) error {
	w.mu.Lock()
	for _, op := range ops {
		if strings.HasPrefix(op.Item.Partition, "find#") {
			w.postings[op.Item.Key] = true
		}
	}
	broken := w.left == 0
	w.left--
	w.mu.Unlock()
	if broken {
		return errBroken
	}
	return w.Store.Write(ctx, ops...)
}

func watch(e *env) *watched {
	w := &watched{Store: e.Store, postings: map[itemstore.Key]bool{}, left: -1}
	e.Store = w
	return w
}

// standing are the postings that are there.
func (w *watched) standing(e *env) (keys []itemstore.Key) {
	e.Helper()
	for some := range slices.Chunk(slices.Collect(maps.Keys(w.postings)), itemstore.MaxGet) {
		items, err := w.Get(e.Context(), some...)
		e.must(err)
		for _, it := range items {
			if it.Exists() {
				keys = append(keys, it.Key)
			}
		}
	}
	return keys
}

// wantIndexed checks that a box of acme stands where its entry says, and nowhere else.
func (w *watched) wantIndexed(e *env, b registry.Box) {
	e.Helper()
	list, _, err := e.Find(e.Context(), search.Query{Sort: search.ByCreated, Limit: 50}, "", []registry.ID{b.OrganizationID})
	e.must(err)
	if len(list) != 1 || list[0].Box.ID != b.ID || list[0].Box.Name != b.Name {
		e.Fatalf("found are %+v, want %s", list, b.Name)
	}
	if got, want := len(w.standing(e)), 3*len(list[0].Entry.Terms()); got != want {
		e.Errorf("%d postings are there, want %d of %+v", got, want, list[0].Entry)
	}
}

// long is a text of so many words that its index takes several writes.
func long(seed int) string {
	words := make([]string, 20)
	for i := range words {
		words[i] = fmt.Sprintf("w%dx%d", seed, i)
	}
	return strings.Join(words, " ")
}
