package storetest

import (
	"fmt"
	"math/rand/v2"

	"github.com/boxvault/boxvault/shared/itemstore"
)

var getCases = []testCase{
	{"an absent item has its key and nothing else", func(f *fixture) {
		f.put("there", `1`)
		f.absent(key("not there"))
		f.absent(key("not there"), key("there not"), itemstore.Key{Partition: "there", Sort: "box"})
	}},
	{"items come in the order of the keys", func(f *fixture) {
		for _, sort := range []string{"a", "b", "c"} {
			f.put(sort, `"`+sort+`"`)
		}
		items := f.get(key("c"), key("absent"), key("a"), key("b"))
		for i, want := range []string{`"c"`, ``, `"a"`, `"b"`} {
			if string(items[i].Doc) != want || items[i].Exists() != (want != "") {
				f.Errorf("item %d is %+v, want %q", i, items[i], want)
			}
		}
	}},
	{"a key asked for twice is answered twice", func(f *fixture) {
		f.put("a", `1`)
		for i, item := range f.get(key("a"), key("b"), key("a")) {
			if want := i != 1; item.Exists() != want {
				f.Errorf("item %d: exists is %v, want %v", i, item.Exists(), want)
			}
		}
	}},
	{"no keys, no items", func(f *fixture) { f.get() }},
	{"MaxGet items", func(f *fixture) {
		keys := make([]itemstore.Key, itemstore.MaxGet)
		ops := make([]itemstore.Op, len(keys))
		for i := range keys {
			keys[i] = key(fmt.Sprintf("%03d", i))
			ops[i] = itemstore.Put(itemstore.Item{Key: keys[i], Doc: []byte(keys[i].Sort)}, always)
		}
		f.write(ops...)
		rand.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		for i, item := range f.get(append(keys, keys[:7]...)...) {
			if want := keys[i%len(keys)]; item.Key != want || string(item.Doc) != want.Sort {
				f.Errorf("item %d is %+v, want %v", i, item, want)
			}
		}
	}},
	{"more than a server sends in one answer", func(f *fixture) {
		const n = 45 // of 390 KiB; DynamoDB ends an answer at 16 MB
		large := string(text(itemstore.MaxDoc))
		keys := make([]itemstore.Key, n)
		for i := range keys {
			keys[i] = key(fmt.Sprint(i))
			f.write(itemstore.Put(doc(keys[i].Sort, large), always))
		}
		for i, item := range f.get(keys...) {
			if item.Key != keys[i] || string(item.Doc) != large {
				f.Errorf("item %d came back with %d bytes", i, len(item.Doc))
			}
		}
	}},
	{"the document is the caller's own", func(f *fixture) {
		const size = 16 << 10 // too much to lie beside anything else
		given := itemstore.Item{Key: key("a"), Doc: text(size)}
		f.write(itemstore.Put(given, always))
		copy(given.Doc, `"changed`)
		f.wantDoc("a", string(text(size)))
		copy(f.one(key("a")).Doc, `"changed`)
		copy(f.query(itemstore.Query{Partition: "box"})[0].Doc, `"changed`)
		f.wantDoc("a", string(text(size)))
	}},
}
