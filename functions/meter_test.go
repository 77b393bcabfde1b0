package functions_test

import (
	"context"
	"sync"

	"github.com/boxvault/boxvault/functions/cost"
	"github.com/boxvault/boxvault/shared/itemstore"
)

// meter counts what DynamoDB would have paid for the calls of a store.
type meter struct {
	itemstore.Store
	mu    sync.Mutex
	taken cost.Request
}

func (m *meter) Get(ctx context.Context, keys ...itemstore.Key) ([]itemstore.Item, error) {
	items, err := m.Store.Get(ctx, keys...)
	reads := 0
	for i := range keys {
		size := 0
		if i < len(items) {
			size = sizeOf(items[i])
		}
		reads += units(size, 4<<10)
	}
	m.count(cost.Request{Calls: 1, Reads: reads})
	return items, err
}

func (m *meter) Query(ctx context.Context, q itemstore.Query) (itemstore.Page, error) {
	page, err := m.Store.Query(ctx, q)
	size := 0
	for _, it := range page.Items {
		size += sizeOf(it)
	}
	m.count(cost.Request{Calls: 1, Reads: units(size, 4<<10)})
	return page, err
}

// Write counts a write of one thing once and a transaction twice, as dynamo makes them.
func (m *meter) Write(ctx context.Context, ops ...itemstore.Op) error {
	alone := len(ops) == 1 && (ops[0].Verb == itemstore.VerbPut || ops[0].Verb == itemstore.VerbDelete && ops[0].If.Any())
	writes := 0
	for _, op := range ops {
		writes += units(sizeOf(op.Item), 1<<10)
	}
	if !alone {
		writes *= 2
	}
	m.count(cost.Request{Calls: 1, Writes: writes})
	return m.Store.Write(ctx, ops...)
}

func (m *meter) count(r cost.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken.Calls += r.Calls
	m.taken.Reads += r.Reads
	m.taken.Writes += r.Writes
}

func (m *meter) take() cost.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := m.taken
	m.taken = cost.Request{}
	return taken
}

// sizeOf is what DynamoDB counts of an item; its own attributes have short names and values.
func sizeOf(it itemstore.Item) int {
	const names, numbers = len("pk") + len("sk") + len("rev") + len("doc") + len("n"), 24
	return len(it.Partition) + len(it.Sort) + len(it.Doc) + names + numbers
}

func units(size, each int) int { return max(1, (size+each-1)/each) }
