package storetest

import (
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// state is what an item may be before an operation on it.
type state struct {
	name   string
	exists bool
	// make brings the item into the state and returns the revision it has or had.
	make func(f *fixture, sort string) (rev int64)
}

var states = []state{
	{"absent", false, func(*fixture, string) int64 { return 0 }},
	{"present", true, func(f *fixture, sort string) int64 { return f.put(sort, `"old"`) }},
	{"counting", true, func(f *fixture, sort string) int64 {
		f.write(itemstore.Add(key(sort), 1))
		return f.one(key(sort)).Rev
	}},
	{"expiring", true, func(f *fixture, sort string) int64 { return f.putExpiring(sort, time.Hour) }},
	{"expired", false, func(f *fixture, sort string) int64 { return f.putExpired(sort) }},
	{"deleted", false, func(f *fixture, sort string) int64 {
		rev := f.put(sort, `"old"`)
		f.write(itemstore.Delete(key(sort), always))
		return rev
	}},
}

// condition is asked of an item whose revision is, or was, rev.
type condition struct {
	name  string
	of    func(rev int64) itemstore.Condition
	holds func(exists bool) bool
}

var conditions = []condition{
	{"any", func(int64) itemstore.Condition { return always }, func(bool) bool { return true }},
	{"absent", func(int64) itemstore.Condition { return itemstore.Absent() }, func(exists bool) bool { return !exists }},
	{"revision 0", func(int64) itemstore.Condition { return itemstore.Rev(0) }, func(exists bool) bool { return !exists }},
	{"exists", func(int64) itemstore.Condition { return itemstore.Exists() }, func(exists bool) bool { return exists }},
	{"its revision", func(rev int64) itemstore.Condition { return itemstore.Rev(max(rev, 1)) }, func(exists bool) bool { return exists }},
	{"another revision", func(rev int64) itemstore.Condition { return itemstore.Rev(rev + 1) }, func(bool) bool { return false }},
}

var conditionCases = []testCase{
	{"Put", func(f *fixture) {
		f.eachCondition(
			func(sort string, c itemstore.Condition) itemstore.Op { return itemstore.Put(doc(sort, `"new"`), c) },
			func(sort string) { f.wantDoc(sort, `"new"`) })
	}},
	{"Delete", func(f *fixture) {
		f.eachCondition(
			func(sort string, c itemstore.Condition) itemstore.Op { return itemstore.Delete(key(sort), c) },
			func(sort string) { f.absent(key(sort)) })
	}},
	{"Check", func(f *fixture) {
		f.eachCondition(
			func(sort string, c itemstore.Condition) itemstore.Op { return itemstore.Check(key(sort), c) },
			func(string) {})
	}},
	{"the first one that does not hold is named", func(f *fixture) {
		f.put("a", `1`)
		f.put("b", `1`)
		f.refused(1,
			itemstore.Put(doc("a", `2`), itemstore.Exists()),
			itemstore.Put(doc("b", `2`), itemstore.Absent()),
			itemstore.Put(doc("c", `2`), itemstore.Exists()))
	}},
}

// eachCondition does an operation under every condition in every state, alone and as one of
// several.
func (f *fixture) eachCondition(op func(sort string, c itemstore.Condition) itemstore.Op, done func(sort string)) {
	for _, s := range states {
		for _, c := range conditions {
			for _, alone := range []bool{true, false} {
				sort := fmt.Sprintf("%s, wanted %s, alone %v", s.name, c.name, alone)
				before := s.make(f, sort)
				f.underCondition(op(sort, c.of(before)), c.holds(s.exists), alone)
				if c.holds(s.exists) {
					done(sort)
				}
			}
		}
	}
}

// underCondition does op, which must be refused and change nothing unless the condition holds.
func (f *fixture) underCondition(op itemstore.Op, holds, alone bool) {
	f.Helper()
	before := f.one(op.Item.Key)
	ops, at := []itemstore.Op{op}, 0
	if !alone {
		ops, at = []itemstore.Op{itemstore.Put(doc("beside", `1`), always), op}, 1
	}
	if holds {
		f.write(ops...)
		return
	}
	f.refused(at, ops...)
	if after := f.one(op.Item.Key); after.Rev != before.Rev || string(after.Doc) != string(before.Doc) {
		f.Errorf("a refused Write made %+v of %+v", after, before)
	}
}
