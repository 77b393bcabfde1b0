package catalog

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/search"
)

// indexed says in which lists of the index a box stands.
type indexed struct {
	// Entry is what the box is found by, and counted for; nil as long as it is not.
	Entry *search.Entry `json:"entry,omitempty"`
	// Under are entries whose lists the box may stand in as well: of changes that are under way, or
	// broke off.
	Under []search.Entry `json:"under,omitempty"`

	registry.Revision
}

// settledAt reports whether the box stands in the lists of an entry (nil: in none) and in no others.
func (i indexed) settledAt(now *search.Entry) bool {
	same := i.Entry == now || i.Entry != nil && now != nil && *i.Entry == *now
	return same && len(i.Under) == 0
}

// index takes a box out of the lists it stands in and puts it into those of an entry. Overtaken tells
// that another call, which has read the box since this one began to write, does it.
//
// What does not go into one write goes into several. The first one notes what is under way, so that
// nothing is forgotten when it breaks off, and gives the record a revision that the others depend
// on, so that a later call stops them. When already the first one comes too late, nothing is done.
func (c *Catalog) index(ctx context.Context, box registry.ID, was indexed, now *search.Entry, o *registry.Organization) (overtaken bool, err error) {
	groups, tally := moves(box, was, now), c.tally(was.Entry, now, o)
	if all := slices.Concat(groups...); len(all)+len(tally) < itemstore.MaxOps {
		return late(c.Store.Write(ctx, slices.Concat(all, tally, settle(box, now, was.Rev))...), false)
	}
	rev := itemstore.NewRev()
	hold := begin(box, was, now).Stamped(rev)
	begun := false
	for ops := range batches(groups, itemstore.MaxOps-1) {
		if err := c.Store.Write(ctx, append(ops, hold)...); err != nil {
			return late(err, begun)
		}
		hold, begun = itemstore.Check(indexedKey(box), itemstore.Rev(rev)), true
	}
	return late(c.Store.Write(ctx, append(tally, settle(box, now, rev)...)...), begun)
}

// late takes it as no error that the record was changed by another call.
func late(err error, begun bool) (overtaken bool, _ error) {
	if _, failed := itemstore.FailedOp(err); failed {
		return begun, nil
	}
	return false, err
}

// begin notes that a box may stand in the lists of an entry from now on.
func begin(box registry.ID, was indexed, now *search.Entry) itemstore.Op {
	if now != nil && !slices.Contains(was.Under, *now) {
		was.Under = append(slices.Clone(was.Under), *now)
	}
	return replace(indexedKey(box), was, was.Rev)
}

// settle notes that a box stands in the lists of an entry and in no others.
func settle(box registry.ID, now *search.Entry, rev int64) []itemstore.Op {
	if now == nil {
		return []itemstore.Op{itemstore.Delete(indexedKey(box), itemstore.Rev(rev))}
	}
	return []itemstore.Op{replace(indexedKey(box), indexed{Entry: now}, rev)}
}

// batches puts groups together to at most `most` operations.
func batches(groups [][]itemstore.Op, most int) iter.Seq[[]itemstore.Op] {
	return func(yield func([]itemstore.Op) bool) {
		var ops []itemstore.Op
		for _, g := range groups {
			if len(ops)+len(g) > most {
				if !yield(ops) {
					return
				}
				ops = nil
			}
			ops = append(ops, g...)
		}
		yield(ops)
	}
}

// postings are where a box stands with an entry.
func postings(box registry.ID, e *search.Entry) map[itemstore.Key]bool {
	if e == nil {
		return nil
	}
	all := map[itemstore.Key]bool{}
	for _, term := range e.Terms() {
		for _, by := range search.Sorts {
			all[findKey(*e, by, term, box)] = true
		}
	}
	return all
}

// moves are the changes to the lists, those to one list together: a box that moves in a list is at no
// moment twice in it, or not at all.
func moves(box registry.ID, was indexed, now *search.Entry) [][]itemstore.Op {
	before, after := postings(box, was.Entry), postings(box, now)
	// Only of a settled record is it certain what stands there.
	same := len(was.Under) == 0 && was.Entry != nil && now != nil && was.Entry.Posting == now.Posting
	lists := map[string][]itemstore.Op{}
	for key := range after {
		if !same || !before[key] {
			lists[key.Partition] = append(lists[key.Partition], itemstore.Put(item(key, now.Posting), itemstore.Condition{}))
		}
	}
	for i := range was.Under {
		if before == nil {
			before = map[itemstore.Key]bool{}
		}
		maps.Copy(before, postings(box, &was.Under[i]))
	}
	for key := range before {
		if !after[key] {
			lists[key.Partition] = append(lists[key.Partition], itemstore.Delete(key, itemstore.Condition{}))
		}
	}
	return slices.Collect(maps.Values(lists))
}
