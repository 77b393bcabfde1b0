package local

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB, now func() time.Time) itemstore.Store { return openNew(t, now) },
		storetest.Promises{Snapshot: true})
}

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(t testing.TB, now func() time.Time) itemstore.Store { return openNew(t, now) })
}

func openNew(t testing.TB, now func() time.Time) *Store {
	t.Helper()
	return openFile(t, filepath.Join(t.TempDir(), "records.db"), now)
}

func openFile(t testing.TB, path string, now func() time.Time) *Store {
	t.Helper()
	store, err := Open(path, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func key(sort string) itemstore.Key { return itemstore.Key{Partition: "box", Sort: sort} }

func put(sort, doc string) itemstore.Op {
	return itemstore.Put(itemstore.Item{Key: key(sort), Doc: []byte(doc)}, itemstore.Condition{})
}

func write(t *testing.T, s *Store, ops ...itemstore.Op) {
	t.Helper()
	if err := s.Write(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
}

// all reads every page of a Query.
func all(t *testing.T, s *Store, q itemstore.Query) (items []itemstore.Item) {
	t.Helper()
	for {
		page, err := s.Query(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
		if q.After = page.Next; q.After == "" {
			return items
		}
	}
}

// wantDocs makes sure that just these documents are in the partition, in the order of their
// places.
func wantDocs(t *testing.T, s *Store, docs ...string) {
	t.Helper()
	var got []string
	for _, item := range all(t, s, itemstore.Query{Partition: "box"}) {
		got = append(got, string(item.Doc))
	}
	if !slices.Equal(got, docs) {
		t.Errorf("got documents %.20q, want %.20q", got, docs)
	}
}
