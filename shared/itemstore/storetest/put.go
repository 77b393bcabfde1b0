package storetest

import (
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

var putCases = []testCase{
	{"a document comes back byte for byte", func(f *fixture) {
		for _, text := range []string{
			`{"name":"debian"}`,
			" {\n\t\"spaces\" : [ ] } \r\n",
			`{"escapes":"\u0000\"\\\/\ud83d\ude00"}`,
			"{\"text\":\"é ÿ \uffff \U0001f600 <&> \u2028 \x7f\"}",
		} {
			f.put("a", text)
			f.wantDoc("a", text)
		}
	}},
	{"a later document replaces an earlier one", func(f *fixture) {
		f.put("a", `{"long":"document"}`)
		f.put("a", `1`)
		f.wantDoc("a", `1`)
		f.wantPlaces(itemstore.Query{Partition: "box"}, "a")
	}},
	{"a document may be empty", func(f *fixture) {
		f.put("a", `1`)
		f.put("a", ``)
		f.wantDoc("a", ``)
	}},
	{"Rev and Count of the given item are not looked at", func(f *fixture) {
		given := doc("a", `1`)
		given.Rev, given.Count = 4711, 12
		f.write(itemstore.Put(given, always))
		if item := f.one(key("a")); item.Rev == 4711 || item.Count != 0 {
			f.Errorf("got revision %d and count %d", item.Rev, item.Count)
		}
	}},
	{"Put writes the expiry, and takes it away", func(f *fixture) {
		given := doc("a", `1`)
		given.Expires = f.clock.now().Add(time.Hour)
		f.write(itemstore.Put(given, always))
		if got := f.one(key("a")).Expires; !got.Equal(given.Expires) {
			f.Errorf("expires %v, want %v", got, given.Expires)
		}
		f.put("a", `2`)
		if got := f.one(key("a")).Expires; !got.IsZero() {
			f.Errorf("expires %v, want never", got)
		}
	}},
	{"Delete removes", func(f *fixture) {
		f.put("a", `1`)
		f.put("b", `2`)
		f.write(itemstore.Delete(key("a"), always))
		f.absent(key("a"))
		f.wantPlaces(itemstore.Query{Partition: "box"}, "b")
	}},
	{"Delete of an absent item is no error", func(f *fixture) {
		f.write(itemstore.Delete(key("a"), always))
		f.write(itemstore.Delete(key("a"), always), itemstore.Put(doc("b", `1`), always))
		f.absent(key("a"))
		f.wantDoc("b", `1`)
	}},
	{"Check changes nothing", func(f *fixture) {
		rev := f.put("a", `1`)
		f.write(itemstore.Check(key("a"), itemstore.Rev(rev)))
		f.write(itemstore.Check(key("b"), itemstore.Absent()))
		f.write(itemstore.Check(key("a"), always), itemstore.Check(key("b"), always))
		f.wantDoc("a", `1`)
		f.absent(key("b"))
	}},
}
