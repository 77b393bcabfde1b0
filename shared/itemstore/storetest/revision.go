package storetest

import (
	"github.com/boxvault/boxvault/shared/itemstore"
)

var revisionCases = []testCase{
	{"each Put makes a new one", func(f *fixture) {
		first := f.put("a", `1`)
		second := f.put("a", `1`)
		if first <= 0 || second <= 0 || first == second {
			f.Errorf("got revisions %d and %d", first, second)
		}
	}},
	{"nothing but a Put of the item changes it", func(f *fixture) {
		rev := f.put("a", `1`)
		f.put("b", `1`)
		f.write(itemstore.Check(key("a"), itemstore.Exists()))
		f.refused(0, itemstore.Put(doc("a", `2`), itemstore.Absent()))
		f.write(itemstore.Add(key("a"), 1))
		if got := f.one(key("a")).Rev; got != rev {
			f.Errorf("got revision %d, want %d", got, rev)
		}
	}},
	{"none comes twice, deleted in between or not", func(f *fixture) {
		seen := map[int64]bool{}
		for i := range 60 {
			rev := f.put("a", `1`)
			if seen[rev] {
				f.Fatalf("revision %d came again after %d Puts", rev, i)
			}
			seen[rev] = true
			if i%3 == 0 {
				f.write(itemstore.Delete(key("a"), always))
			}
		}
	}},
	{"a Put can be given one, alone and among others", func(f *fixture) {
		alone, among := itemstore.NewRev(), itemstore.NewRev()
		f.write(itemstore.Put(doc("a", `1`), itemstore.Absent()).Stamped(alone))
		f.write(itemstore.Put(doc("a", `2`), itemstore.Rev(alone)).Stamped(among), itemstore.Put(doc("b", `1`), always))
		if a, b := f.one(key("a")).Rev, f.one(key("b")).Rev; a != among || b == among || b <= 0 {
			f.Errorf("got revisions %d and %d, want %d and another", a, b, among)
		}
		f.refused(0, itemstore.Put(doc("a", `3`), itemstore.Rev(alone)).Stamped(itemstore.NewRev()))
	}},
	{"none comes twice when an Add makes the item", func(f *fixture) {
		before := f.put("a", `1`)
		f.write(itemstore.Delete(key("a"), always))
		f.write(itemstore.Add(key("a"), 1))
		if rev := f.one(key("a")).Rev; rev <= 0 || rev == before {
			f.Errorf("got revision %d after %d", rev, before)
		}
	}},
}
