package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// awkward are places in the order of their bytes that a store with another order, another
// separator or another idea of text would get wrong. U+FFFF comes behind U+10000 in UTF-16.
var awkward = []string{
	"\x01", " ", "#", "#1", "%", "/", "0", "10", "9", "A", "A#1", "Z", "_", "a", "a#", "a#1", "a#1#x", "a#2",
	"a%", "a*", "a/", "a/b", "a\\", "a_", "aa", "ab", "a\U0010ffff", "b", "z", "~", "\x7f", "\u0080", "é", "é#", "ÿ", "Ā", "\uffff", "\U00010000", "\U0010ffff",
}

func (f *fixture) fill(partition string, sorts []string) {
	f.Helper()
	ops := make([]itemstore.Op, len(sorts))
	for i, sort := range sorts {
		ops[i] = itemstore.Put(itemstore.Item{Key: itemstore.Key{Partition: partition, Sort: sort}, Doc: []byte(`{}`)}, always)
	}
	f.write(ops...)
}

// selected is the contract of Query in its plainest form.
func selected(sorts []string, q itemstore.Query) []string {
	var want []string
	for _, s := range sorts {
		behind := q.After == "" || s > q.After
		if q.Reverse {
			behind = q.After == "" || s < q.After
		}
		if behind && strings.HasPrefix(s, q.Prefix) && (q.Until == "" || s < q.Until) {
			want = append(want, s)
		}
	}
	if q.Reverse {
		slices.Reverse(want)
	}
	return want
}

var queryCases = []testCase{
	{"the order is that of the bytes", func(f *fixture) {
		if !slices.IsSorted(awkward) {
			f.Fatal("the list of this test is out of order")
		}
		f.fill("box", awkward)
		f.bothWays(itemstore.Query{Partition: "box"})
	}},
	{"all bounds, in all combinations", func(f *fixture) {
		f.fill("box", awkward)
		f.fill("bow", awkward)
		f.fill("boy", awkward)
		bounds := []string{"", "a", "a#1", "a00", "é", "\x7f", "\U0010ffff"}
		for _, prefix := range []string{"", "a", "a#", "\x7f", "é", "a\U0010ffff", "\U0010ffff", "A", "a_", "a%", "a*", "a\\", "nothing"} {
			for _, after := range bounds {
				for _, until := range bounds {
					f.bothWays(itemstore.Query{Partition: "box", Prefix: prefix, After: after, Until: until})
				}
			}
		}
	}},
	{"limits", func(f *fixture) {
		f.fill("box", awkward)
		for _, limit := range []int{1, 2, len(awkward) - 1, len(awkward), len(awkward) + 1} {
			f.bothWays(itemstore.Query{Partition: "box", Limit: limit})
			f.bothWays(itemstore.Query{Partition: "box", Prefix: "a", Until: "a/", Limit: limit})
			f.bothWays(itemstore.Query{Partition: "box", Prefix: "a#", After: "a#1", Limit: limit})
		}
	}},
	{"partitions do not leak into each other", func(f *fixture) {
		partitions := []string{"a", "ab", "a#", "a/", "a\x01", "b", "é", "\U0010ffff"}
		for i, p := range partitions {
			f.fill(p, []string{"b", "b#", fmt.Sprint(i), "\U0010ffff"})
		}
		for i, p := range partitions {
			want := []string{fmt.Sprint(i), "b", "b#", "\U0010ffff"}
			f.wantPlaces(itemstore.Query{Partition: p}, want...)
			slices.Reverse(want)
			f.wantPlaces(itemstore.Query{Partition: p, Reverse: true}, want...)
		}
		f.wantPlaces(itemstore.Query{Partition: "a\x02"})
		f.wantPlaces(itemstore.Query{Partition: "zz", Reverse: true})
	}},
	{"items come whole", func(f *fixture) {
		rev := f.put("a", `{"name":"a"}`)
		f.write(itemstore.Add(key("a"), 7))
		items := f.query(itemstore.Query{Partition: "box"})
		if len(items) != 1 || items[0].Key != key("a") || string(items[0].Doc) != `{"name":"a"}` || items[0].Rev != rev || items[0].Count != 7 {
			f.Errorf("got %+v", items)
		}
	}},
	{"a partition too large for a page", func(f *fixture) {
		want := []string{"a", "b", "c", "d", "e", "f", "g"}
		for _, sort := range want {
			f.write(itemstore.Put(doc(sort, string(text(itemstore.MaxDoc))), always))
		}
		f.bothWaysAmong(want, itemstore.Query{Partition: "box"})
	}},
}

// bothWays compares the answer to q, which asks a partition filled with awkward, with the
// contract, in both directions.
func (f *fixture) bothWays(q itemstore.Query) {
	f.Helper()
	f.bothWaysAmong(awkward, q)
}

func (f *fixture) bothWaysAmong(sorts []string, q itemstore.Query) {
	f.Helper()
	f.wantPlaces(q, selected(sorts, q)...)
	q.Reverse = true
	f.wantPlaces(q, selected(sorts, q)...)
}
