package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// Found is a box that was searched for, as it is now, with its entry in the index, which follows the
// box within a moment.
type Found struct {
	Box          registry.Box // less its readme
	Organization registry.Organization
	Entry        search.Entry
}

// maxRead is how many postings one call reads at the most, and so what a search can cost.
const maxRead = 1000

// Find searches public boxes and the private ones of some organizations; where the query names an
// organization, home is where it is kept. A page may be short, or even empty, and still have a next.
func (c *Catalog) Find(ctx context.Context, q search.Query, home string, members []registry.ID) (list []Found, next string, err error) {
	want := q.Wanted(home)
	m, err := c.merge(ctx, q, want, members)
	if err != nil {
		return nil, "", err
	}
	var hits []hit
	for len(hits) < q.Limit {
		it, ok, err := m.next(ctx)
		if err != nil {
			return nil, "", err
		}
		if !ok {
			break
		}
		h, err := hitOf(it)
		if err != nil {
			return nil, "", err
		}
		if want.Matches(h.Posting) {
			hits = append(hits, h)
		}
	}
	if m.more() {
		next = q.Next(m.last)
	}
	list, err = c.found(ctx, want, hits)
	return list, next, err
}

// hit is a posting with the box that it is about.
type hit struct {
	box registry.ID
	search.Posting
}

func hitOf(it itemstore.Item) (h hit, err error) {
	_, digits, _ := strings.Cut(it.Sort, "#")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err == nil {
		err = json.Unmarshal(it.Doc, &h.Posting)
	}
	if err != nil {
		return h, fmt.Errorf("posting %s / %s: %w", it.Partition, it.Sort, err)
	}
	h.box = registry.ID(id)
	return h, nil
}

// found reads the boxes themselves, in one Get for 33, and leaves out what is gone, has moved, or is
// not what is wanted any more.
func (c *Catalog) found(ctx context.Context, want search.Wanted, hits []hit) (list []Found, err error) {
	var keys []itemstore.Key
	for _, h := range hits {
		keys = append(keys, boxListKey(h.Place, h.Name), organizationKey(h.Place), indexedKey(h.box))
	}
	items, err := c.getAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	seen := map[registry.ID]bool{}
	for i, h := range hits {
		f, ok, err := foundAt(items[3*i : 3*i+3])
		if err != nil {
			return nil, err
		}
		if ok && f.Box.ID == h.box && want.Matches(f.Entry.Posting) && !seen[h.box] {
			list, seen[h.box] = append(list, f), true
		}
	}
	return list, nil
}

func foundAt(items []itemstore.Item) (f Found, ok bool, err error) {
	o, ok, err := read[registry.Organization](items[1])
	if err != nil || !ok || o.Deleting {
		return f, false, err
	}
	f.Organization = o
	f.Box, err = boxOf(o, items[0])
	if registry.KindOf(err) == registry.NotFound {
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	at, ok, err := read[indexed](items[2])
	if err != nil || !ok || at.Entry == nil {
		return f, false, err
	}
	f.Entry = *at.Entry
	return f, true, nil
}

// Entries are what the index has of each of some boxes; that of a box which it does not have yet is empty.
func (c *Catalog) Entries(ctx context.Context, boxes []registry.Box) ([]search.Entry, error) {
	keys := make([]itemstore.Key, len(boxes))
	for i, b := range boxes {
		keys[i] = indexedKey(b.ID)
	}
	found, err := c.lookUp(ctx, keys)
	if err != nil {
		return nil, err
	}
	list := make([]search.Entry, len(boxes))
	for i, key := range keys {
		e, ok, err := read[indexed](found[key])
		if err != nil {
			return nil, err
		}
		if ok && e.Entry != nil {
			list[i] = *e.Entry
		}
	}
	return list, nil
}
