// Package catalog reads and writes every record of the registry by its meaning.
//
// It knows the keys (keys.go), which records change together in one write, and how clashes are
// told: a record that is there already or has changed since it was read is a registry.Conflict,
// one that is missing a registry.NotFound. Who may do what is decided one floor up, in auth.
package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Catalog is the registry's records over a store.
type Catalog struct {
	Store itemstore.Store
	// Now is the clock; it must be set.
	Now func() time.Time
	// Wake is called after a write that left work whose time has come; nil calls nobody.
	Wake func()

	homes    homes
	recounts recounts
	indexing turns
}

// record is a registry noun that remembers the revision it was read at.
type record[T any] interface {
	*T
	SetRevision(int64)
}

// read decodes an item; ok is false when there was none.
func read[T any, R record[T]](item itemstore.Item) (value T, ok bool, err error) {
	if !item.Exists() {
		return value, false, nil
	}
	if err := json.Unmarshal(item.Doc, &value); err != nil {
		return value, false, fmt.Errorf("record %s / %s: %w", item.Partition, item.Sort, err)
	}
	R(&value).SetRevision(item.Rev)
	return value, true, nil
}

// readAll decodes the items of a page.
func readAll[T any, R record[T]](items []itemstore.Item) ([]T, error) {
	list := make([]T, 0, len(items))
	for _, item := range items {
		value, _, err := read[T, R](item)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

// get reads one record.
func get[T any, R record[T]](ctx context.Context, c *Catalog, key itemstore.Key, what string) (value T, err error) {
	items, err := c.Store.Get(ctx, key)
	if err != nil {
		return value, err
	}
	return present[T, R](items[0], what)
}

// present decodes an item that must be there.
func present[T any, R record[T]](item itemstore.Item, what string) (T, error) {
	value, ok, err := read[T, R](item)
	if err == nil && !ok {
		err = registry.Missing(what)
	}
	return value, err
}

// all reads every record of a partition below a prefix.
func all[T any, R record[T]](ctx context.Context, c *Catalog, q itemstore.Query) (list []T, err error) {
	for {
		page, err := c.Store.Query(ctx, q)
		if err != nil {
			return nil, err
		}
		some, err := readAll[T, R](page.Items)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
		if page.Next == "" {
			return list, nil
		}
		q.After = page.Next
	}
}

// getAll is lookUp in the order of the keys.
func (c *Catalog) getAll(ctx context.Context, keys []itemstore.Key) ([]itemstore.Item, error) {
	found, err := c.lookUp(ctx, keys)
	items := make([]itemstore.Item, len(keys))
	for i, key := range keys {
		items[i] = found[key]
	}
	return items, err
}

// lookUp reads items that are asked for in any number, and some of them more than once: one Get for
// MaxGet of them.
func (c *Catalog) lookUp(ctx context.Context, keys []itemstore.Key) (map[itemstore.Key]itemstore.Item, error) {
	found, left := make(map[itemstore.Key]itemstore.Item, len(keys)), []itemstore.Key(nil)
	for _, key := range keys {
		if _, ok := found[key]; !ok {
			found[key], left = itemstore.Item{}, append(left, key)
		}
	}
	for len(left) > 0 {
		n := min(len(left), itemstore.MaxGet)
		items, err := c.Store.Get(ctx, left[:n]...)
		if err != nil {
			return nil, err
		}
		for i, it := range items {
			found[left[i]] = it
		}
		left = left[n:]
	}
	return found, nil
}

// named is NotFound for a name that no record has: outsiders ask for anything, also for what no
// store takes for a key.
func named(what string, names ...string) error {
	for _, name := range names {
		if registry.CheckName(name) != nil {
			return registry.Missing(what)
		}
	}
	return nil
}

// item makes the item of a document.
func item(key itemstore.Key, doc any) itemstore.Item {
	raw, err := json.Marshal(doc)
	if err != nil { // our own records are made of plain fields
		panic(fmt.Sprintf("record %s / %s: %v", key.Partition, key.Sort, err))
	}
	return itemstore.Item{Key: key, Doc: raw}
}

// create and replace are the two ways a record is put.
func create(key itemstore.Key, doc any) itemstore.Op {
	return itemstore.Put(item(key, doc), itemstore.Absent())
}

func replace(key itemstore.Key, doc any, rev int64) itemstore.Op {
	return itemstore.Put(item(key, doc), itemstore.Rev(rev))
}

// write does the operations and writes down what happened; told turns the index of one whose
// condition failed into the error for the caller. Room and size are told as what they are.
func (c *Catalog) write(ctx context.Context, what events, told func(op int) error, ops ...itemstore.Op) error {
	ops = append(ops, c.record(ctx, what)...)
	err := c.Store.Write(ctx, ops...)
	c.noticed(ops)
	if op, failed := itemstore.FailedOp(err); failed {
		return told(op)
	}
	switch {
	case errors.Is(err, itemstore.ErrFull):
		return registry.Errorf(registry.Full, "the registry has no room left")
	case errors.Is(err, itemstore.ErrTooLarge):
		return registry.Errorf(registry.Invalid, "the record is too large: shorten its texts")
	}
	return err
}

// noticed is called after a write, whether it was done or not: an error does not tell for sure.
func (c *Catalog) noticed(ops []itemstore.Op) {
	organization, work := false, false
	for _, op := range ops {
		changes := op.Verb == itemstore.VerbPut || op.Verb == itemstore.VerbDelete
		organization = organization || changes && op.Item.Sort == organizationKey("").Sort
		work = work || changes && op.Item.Partition == DuePartition
	}
	if organization {
		c.homes.forget()
	}
	if work && c.Wake != nil {
		c.Wake()
	}
}

// changed is what a write is told when the record is not as it was read.
func changed(what string) func(int) error {
	return func(int) error {
		e := registry.Errorf(registry.Conflict, "%s was changed by another request; try again", what)
		e.Retry = true
		return e
	}
}
