package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// opsOf are Puts whose keys and documents have size bytes together.
func opsOf(size int) []itemstore.Op {
	var ops []itemstore.Op
	for size > 0 {
		k := key(fmt.Sprintf("%02d", len(ops)))
		keySize := len(k.Partition) + len(k.Sort)
		n := min(itemstore.MaxDoc, size-keySize)
		ops = append(ops, itemstore.Put(itemstore.Item{Key: k, Doc: text(n)}, always))
		size -= keySize + n
	}
	return ops
}

// text is a JSON document of n bytes.
func text(n int) []byte { return []byte(`"` + strings.Repeat("x", n-2) + `"`) }

var limitCases = []testCase{
	{"a document of MaxDoc bytes under the longest key", func(f *fixture) {
		item := itemstore.Item{
			Key:     itemstore.Key{Partition: strings.Repeat("p", itemstore.MaxKey), Sort: strings.Repeat("s", itemstore.MaxKey)},
			Doc:     text(itemstore.MaxDoc),
			Expires: f.clock.now().Add(1 << 40),
		}
		f.write(itemstore.Put(item, always))
		f.write(itemstore.Add(item.Key, -1<<62))
		f.write(itemstore.Put(item, itemstore.Exists()), itemstore.Delete(key("a"), always))
		if got := f.one(item.Key); string(got.Doc) != string(item.Doc) {
			f.Errorf("the document came back with %d bytes", len(got.Doc))
		}
		f.wantPlaces(itemstore.Query{Partition: item.Partition, Prefix: item.Sort}, item.Sort)
		f.wantPlaces(itemstore.Query{Partition: item.Partition, After: item.Sort, Until: item.Sort})
	}},
	{"a document over MaxDoc", func(f *fixture) {
		f.put("a", `1`)
		large := itemstore.Item{Key: key("a"), Doc: text(itemstore.MaxDoc + 1)}
		f.tooLarge(itemstore.Put(large, always))
		f.tooLarge(itemstore.Put(doc("b", `1`), always), itemstore.Put(large, always))
		f.wantDoc("a", `1`)
		f.absent(key("b"))
	}},
	{"a Write over MaxWrite", func(f *fixture) {
		f.tooLarge(opsOf(itemstore.MaxWrite + 1)...)
		f.wantPlaces(itemstore.Query{Partition: "box"})
	}},
}

func (f *fixture) tooLarge(ops ...itemstore.Op) {
	f.Helper()
	if err := f.store.Write(context.Background(), ops...); !errors.Is(err, itemstore.ErrTooLarge) {
		f.Errorf("Write returned %v, want ErrTooLarge", err)
	}
}
