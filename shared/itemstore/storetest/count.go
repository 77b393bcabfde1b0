package storetest

import (
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

func (f *fixture) wantCount(sort string, want int64) {
	f.Helper()
	if item := f.one(key(sort)); item.Count != want || !item.Exists() {
		f.Errorf("%s: got count %d with revision %d, want count %d", sort, item.Count, item.Rev, want)
	}
}

var countCases = []testCase{
	{"Add makes an absent item, without a document", func(f *fixture) {
		f.write(itemstore.Add(key("a"), 5))
		f.wantCount("a", 5)
		f.wantDoc("a", ``)
		f.refused(0, itemstore.Check(key("a"), itemstore.Absent()))
		f.write(itemstore.Check(key("a"), itemstore.Rev(f.one(key("a")).Rev)))
	}},
	{"Add of nothing makes an item too", func(f *fixture) {
		f.write(itemstore.Add(key("a"), 0))
		f.wantCount("a", 0)
	}},
	{"Add moves up and down", func(f *fixture) {
		for _, n := range []int64{10, -3, 1 << 40, -1 << 41} {
			f.write(itemstore.Add(key("a"), n))
		}
		f.wantCount("a", 7+1<<40-1<<41)
	}},
	{"Add leaves the rest of the item", func(f *fixture) {
		given := doc("a", `{"name":"a"}`)
		given.Expires = f.clock.now().Add(time.Hour)
		f.write(itemstore.Put(given, always))
		before := f.one(key("a"))
		f.write(itemstore.Add(key("a"), 2))
		after := f.one(key("a"))
		if after.Count != 2 || after.Rev != before.Rev || string(after.Doc) != `{"name":"a"}` || !after.Expires.Equal(before.Expires) {
			f.Errorf("got %+v after %+v", after, before)
		}
	}},
	{"an item that AddUntil makes expires, and is counted anew", func(f *fixture) {
		soon, later := f.clock.now().Add(time.Hour), f.clock.now().Add(2*time.Hour)
		f.write(itemstore.AddUntil(key("a"), 2, soon))
		f.write(itemstore.AddUntil(key("a"), 3, later))
		f.wantCount("a", 5)
		if got := f.one(key("a")).Expires; !got.Equal(soon) {
			f.Errorf("it expires at %v, want %v", got, soon)
		}
		f.clock.advance(time.Hour)
		f.write(itemstore.AddUntil(key("a"), 1, later))
		f.wantCount("a", 1)
		if got := f.one(key("a")).Expires; !got.Equal(later) {
			f.Errorf("the new one expires at %v, want %v", got, later)
		}
	}},
	{"Put sets the count to 0", func(f *fixture) {
		f.write(itemstore.Add(key("a"), 5))
		f.put("a", `1`)
		f.wantCount("a", 0)
		f.write(itemstore.Add(key("a"), 1))
		f.wantCount("a", 1)
	}},
	{"Add is part of a Write like any other", func(f *fixture) {
		f.write(itemstore.Add(key("a"), 1), itemstore.Add(key("b"), 2), itemstore.Put(doc("c", `1`), itemstore.Absent()))
		f.refused(2, itemstore.Add(key("a"), 1), itemstore.Add(key("b"), 2), itemstore.Put(doc("c", `1`), itemstore.Absent()))
		f.wantCount("a", 1)
		f.wantCount("b", 2)
	}},
}
