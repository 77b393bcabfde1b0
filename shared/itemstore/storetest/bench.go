package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// The partitions of the benchmark: a box with one version, and one with 200. The box itself is
// an item too.
const (
	smallBox, largeBox = "small", "large"
	versions           = 200
	versionSize        = 1 << 10
)

// Bench measures what a request costs the stores that open makes.
func Bench(b *testing.B, open Open) {
	store := open(b, time.Now)
	fillBench(b, store)
	var n atomic.Int64
	fresh := func(partition string) itemstore.Op {
		k := itemstore.Key{Partition: partition, Sort: fmt.Sprintf("%09d", n.Add(1))}
		return itemstore.Put(itemstore.Item{Key: k, Doc: text(versionSize)}, itemstore.Absent())
	}
	for _, m := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"Get", func(ctx context.Context) error {
			_, err := store.Get(ctx, itemstore.Key{Partition: smallBox, Sort: "0"})
			return err
		}},
		{"Query1", func(ctx context.Context) error { return readAll(ctx, store, smallBox, 1) }},
		{"Query201", func(ctx context.Context) error { return readAll(ctx, store, largeBox, versions+1) }},
		{"Put", func(ctx context.Context) error { return store.Write(ctx, fresh("put")) }},
		{"Transaction4", func(ctx context.Context) error {
			return store.Write(ctx, fresh("a"), fresh("b"), fresh("c"), itemstore.Add(itemstore.Key{Partition: "count", Sort: "0"}, 1))
		}},
	} {
		b.Run(m.name, func(b *testing.B) { benchAlone(b, m.do) })
		b.Run(m.name+"/at once", func(b *testing.B) { benchAtOnce(b, m.do) })
	}
}

func benchAlone(b *testing.B, do func(context.Context) error) {
	b.ReportAllocs()
	for b.Loop() {
		if err := do(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// benchAtOnce has 16 callers for each core.
func benchAtOnce(b *testing.B, do func(context.Context) error) {
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(b.Context()); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func fillBench(b *testing.B, store itemstore.Store) {
	b.Helper()
	put := func(partition string, place int) {
		k := itemstore.Key{Partition: partition, Sort: fmt.Sprint(place)}
		if err := store.Write(b.Context(), itemstore.Put(itemstore.Item{Key: k, Doc: text(versionSize)}, always)); err != nil {
			b.Fatal(err)
		}
	}
	put(smallBox, 0)
	for i := range versions + 1 {
		put(largeBox, i)
	}
}

func readAll(ctx context.Context, store itemstore.Store, partition string, want int) error {
	n := 0
	for q := (itemstore.Query{Partition: partition}); ; {
		page, err := store.Query(ctx, q)
		if err != nil {
			return err
		}
		if n += len(page.Items); page.Next == "" {
			break
		}
		q.After = page.Next
	}
	if n != want {
		return fmt.Errorf("found %d items, want %d", n, want)
	}
	return nil
}
