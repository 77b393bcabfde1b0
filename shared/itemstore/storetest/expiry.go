package storetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// putExpiring writes an item that expires after life and returns its revision.
func (f *fixture) putExpiring(sort string, life time.Duration) int64 {
	f.Helper()
	given := doc(sort, `"old"`)
	given.Expires = f.clock.now().Add(life)
	f.write(itemstore.Put(given, always))
	return f.one(given.Key).Rev
}

// putExpired does so and lets it expire.
func (f *fixture) putExpired(sort string) int64 {
	f.Helper()
	rev := f.putExpiring(sort, time.Second)
	f.clock.advance(time.Second)
	return rev
}

var expiryCases = []testCase{
	{"an item is there until its time, and not at it", func(f *fixture) {
		f.putExpiring("a", 10*time.Second)
		f.put("b", `1`)
		f.clock.advance(9 * time.Second)
		f.wantDoc("a", `"old"`)
		f.wantPlaces(itemstore.Query{Partition: "box"}, "a", "b")
		f.clock.advance(time.Second)
		f.absent(key("a"))
		f.absent(key("a"), key("c"))
		f.wantPlaces(itemstore.Query{Partition: "box"}, "b")
	}},
	{"the time is kept to the second, in UTC", func(f *fixture) {
		given := doc("a", `1`)
		given.Expires = f.clock.now().Add(time.Hour + 999*time.Millisecond).In(time.FixedZone("east", 3600))
		f.write(itemstore.Put(given, always))
		if got, want := f.one(key("a")).Expires, given.Expires.Truncate(time.Second).UTC(); got != want {
			f.Errorf("expires %v, want %v", got, want)
		}
	}},
	{"an item may come too late", func(f *fixture) {
		for i, at := range []time.Time{f.clock.now(), f.clock.now().Add(-time.Hour), time.Unix(0, 0), time.Unix(-5, 0)} {
			given := doc(fmt.Sprint(i), `1`)
			given.Expires = at
			f.write(itemstore.Put(given, itemstore.Absent()))
			f.absent(given.Key)
		}
	}},
	{"pages go on behind expired items", func(f *fixture) {
		var want []string
		for i := range 12 {
			sort := fmt.Sprintf("%02d", i)
			if i%4 == 3 {
				f.put(sort, `1`)
				want = append(want, sort)
			} else {
				f.putExpiring(sort, time.Second)
			}
		}
		f.clock.advance(time.Second)
		f.wantPlaces(itemstore.Query{Partition: "box", Limit: 2}, want...)
		slices.Reverse(want)
		f.wantPlaces(itemstore.Query{Partition: "box", Limit: 2, Reverse: true}, want...)
	}},
	{"Add begins anew", func(f *fixture) {
		for i, alone := range []bool{true, false} {
			sort := fmt.Sprint(i)
			f.putExpiring(sort, time.Second)
			f.write(itemstore.Add(key(sort), 5))
			before := f.one(key(sort)).Rev
			f.clock.advance(time.Second)
			if alone {
				f.write(itemstore.Add(key(sort), 2))
			} else {
				f.write(itemstore.Put(doc("beside", `1`), always), itemstore.Add(key(sort), 2))
			}
			item := f.one(key(sort))
			if item.Count != 2 || len(item.Doc) != 0 || !item.Expires.IsZero() || item.Rev == before || !item.Exists() {
				f.Errorf("got %+v, want count 2 and nothing else", item)
			}
		}
	}},
	{"a condition beside an Add that begins anew is still named", func(f *fixture) {
		f.putExpired("a")
		f.refused(1, itemstore.Add(key("a"), 1), itemstore.Check(key("b"), itemstore.Exists()))
		f.absent(key("a"))
	}},
	{"Adds to an expired item at once add up", func(f *fixture) {
		f.putExpired("a")
		f.allDone(together(8, func(int) error {
			return f.store.Write(context.Background(), itemstore.Add(key("a"), 3))
		}))
		f.wantCount("a", 24)
	}},
	{"a new item has a revision of its own", func(f *fixture) {
		before := f.putExpired("a")
		f.write(itemstore.Put(doc("a", `2`), itemstore.Absent()))
		if rev := f.one(key("a")).Rev; rev == before {
			f.Errorf("revision %d came again", rev)
		}
		f.clock.advance(time.Hour)
		f.wantDoc("a", `2`)
	}},
}
