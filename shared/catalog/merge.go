package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// merged reads several lists of postings as one, in their common order, and no more of them than a
// call may.
type merged struct {
	c       *Catalog
	lists   []*list
	reverse bool
	bite    int    // how many postings are read at a time, of one list
	left    int    // how many may still be read
	last    string // the place of the posting that next returned
}

// list is a list of postings that is read bit by bit.
type list struct {
	query itemstore.Query
	items []itemstore.Item // read, and not yet taken
	done  bool             // there are no more to read
}

// merge begins to read the lists of what is wanted behind the query's place.
func (c *Catalog) merge(ctx context.Context, q search.Query, want search.Wanted, members []registry.ID) (*merged, error) {
	behind, err := q.Behind()
	if err != nil {
		return nil, registry.Wrong("after", err.Error())
	}
	scopes := []string{publicScope}
	for _, id := range members {
		scopes = append(scopes, privateScope(id))
	}
	m := &merged{c: c, reverse: q.Order != "asc", bite: q.Limit + 1, left: maxRead, last: behind}
	if want.Narrow() { // most that is read will not be wanted
		m.bite = maxRead / 4
	}
	m.bite = min(m.bite, max(maxRead/len(scopes), 1))
	for _, scope := range scopes {
		l := &list{query: itemstore.Query{
			Partition: findPartition(scope, q.Sort, want.Term()), After: behind, Reverse: m.reverse,
		}}
		m.lists = append(m.lists, l)
		if err := m.fill(ctx, l); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// fill reads on in a list until there is something of it.
func (m *merged) fill(ctx context.Context, l *list) error {
	for len(l.items) == 0 && !l.done {
		l.query.Limit = max(min(m.bite, m.left), 1)
		page, err := m.c.Store.Query(ctx, l.query)
		if err != nil {
			return err
		}
		l.items, l.query.After, l.done = page.Items, page.Next, page.Next == ""
		m.left -= len(page.Items)
	}
	return nil
}

// next is the next posting of all lists; ok is false at their end, and when enough was read.
func (m *merged) next(ctx context.Context) (it itemstore.Item, ok bool, err error) {
	var first *list
	for _, l := range m.lists {
		if len(l.items) == 0 && !l.done {
			if m.left <= 0 {
				return it, false, nil
			}
			if err := m.fill(ctx, l); err != nil {
				return it, false, err
			}
		}
		if len(l.items) > 0 && (first == nil || m.before(l, first)) {
			first = l
		}
	}
	if first == nil {
		return it, false, nil
	}
	it, first.items = first.items[0], first.items[1:]
	m.last = it.Sort
	return it, true, nil
}

func (m *merged) before(a, b *list) bool { return (a.items[0].Sort < b.items[0].Sort) != m.reverse }

// more reports whether there is anything left that next did not return.
func (m *merged) more() bool {
	for _, l := range m.lists {
		if len(l.items) > 0 || !l.done {
			return true
		}
	}
	return false
}
