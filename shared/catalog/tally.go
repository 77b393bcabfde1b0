package catalog

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// tallyLife is how long the counts of an organization stay when it is gone.
const tallyLife = 30 * 24 * time.Hour

// tally counts boxes from one settled entry to the next. It is part of the write that settles it, so
// that each is counted once. The organization is nil when it is gone.
func (c *Catalog) tally(was, now *search.Entry, o *registry.Organization) (ops []itemstore.Op) {
	organization, before := tallied(was)
	if now != nil {
		organization = now.Organization
	}
	_, after := tallied(now)
	for i, key := range tallyKeys(organization) {
		switch n := after[i] - before[i]; {
		case n == 0:
		case o == nil || o.ID != organization:
			ops = append(ops, itemstore.AddUntil(key, n, c.Now().Add(tallyLife)))
		default:
			ops = append(ops, itemstore.Add(key, n))
		}
	}
	return ops
}

// tallied is what an entry counts for: as a box, and as a public one.
func tallied(e *search.Entry) (organization registry.ID, counts [2]int64) {
	if e == nil {
		return 0, counts
	}
	counts[0] = 1
	if e.Public {
		counts[1] = 1
	}
	return e.Organization, counts
}

// Tally is how many boxes an organization has.
type Tally struct {
	Boxes, Public int64
}

// Tallies counts the boxes of organizations, in their order, as far as they are indexed: those of the
// last moment may be missing. One Get for 50.
func (c *Catalog) Tallies(ctx context.Context, organizations ...registry.ID) ([]Tally, error) {
	var keys []itemstore.Key
	for _, id := range organizations {
		keys = append(keys, tallyKeys(id)...)
	}
	items, err := c.getAll(ctx, keys)
	if err != nil {
		return nil, err
	}
	list := make([]Tally, len(organizations))
	for i := range list {
		list[i] = Tally{Boxes: items[2*i].Count, Public: items[2*i+1].Count}
	}
	return list, nil
}
