package storetest

import (
	"fmt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

var writeCases = []testCase{
	{"no operations", func(f *fixture) { f.write() }},
	{"all verbs in one", func(f *fixture) {
		f.put("checked", `1`)
		f.put("deleted", `1`)
		f.write(
			itemstore.Put(doc("put", `2`), itemstore.Absent()),
			itemstore.Delete(key("deleted"), itemstore.Exists()),
			itemstore.Check(key("checked"), itemstore.Exists()),
			itemstore.Add(key("counted"), 2))
		f.wantDoc("put", `2`)
		f.wantDoc("checked", `1`)
		f.wantCount("counted", 2)
		f.absent(key("deleted"))
	}},
	{"across partitions", func(f *fixture) {
		there := itemstore.Key{Partition: "organization", Sort: "a"}
		f.write(itemstore.Put(doc("a", `1`), always), itemstore.Put(itemstore.Item{Key: there, Doc: []byte(`2`)}, always))
		f.refused(1, itemstore.Delete(key("a"), always), itemstore.Delete(there, itemstore.Absent()))
		f.wantDoc("a", `1`)
		if item := f.one(there); string(item.Doc) != `2` {
			f.Errorf("got %+v", item)
		}
	}},
	{"all or nothing, whichever operation fails", func(f *fixture) {
		f.put("deleted", `1`)
		f.put("replaced", `1`)
		f.write(itemstore.Add(key("counted"), 1))
		for failing := range 5 {
			ops := []itemstore.Op{
				itemstore.Put(doc("put", `2`), always),
				itemstore.Delete(key("deleted"), always),
				itemstore.Add(key("counted"), 2),
				itemstore.Put(doc("replaced", `2`), always),
			}
			f.refused(failing, append(ops[:failing:failing], append([]itemstore.Op{itemstore.Check(key("none"), itemstore.Exists())}, ops[failing:]...)...)...)
			f.absent(key("put"))
			f.wantDoc("deleted", `1`)
			f.wantDoc("replaced", `1`)
			f.wantCount("counted", 1)
		}
	}},
	{"MaxOps operations, all or nothing", func(f *fixture) {
		ops := make([]itemstore.Op, itemstore.MaxOps)
		for i := range ops {
			ops[i] = itemstore.Put(doc(fmt.Sprintf("%03d", i), `1`), itemstore.Absent())
		}
		f.write(ops...)
		if n := len(f.query(itemstore.Query{Partition: "box"})); n != len(ops) {
			f.Errorf("%d items of %d are there", n, len(ops))
		}
		f.write(itemstore.Delete(key("099"), always))
		f.refused(0, ops...)
		f.absent(key("099"))
	}},
	{"documents of MaxWrite bytes together", func(f *fixture) {
		ops := opsOf(itemstore.MaxWrite)
		f.write(ops...)
		for _, op := range ops {
			f.wantDoc(op.Item.Sort, string(op.Item.Doc))
		}
	}},
}
