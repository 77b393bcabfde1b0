package storetest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
)

const (
	writers = 16 // at once
	rounds  = 8  // of each
)

var concurrencyCases = []testCase{
	{"one of many creates wins", func(f *fixture) {
		for round := range rounds {
			sort := fmt.Sprint(round)
			f.oneWins(together(writers, func(i int) error {
				return f.store.Write(context.Background(), itemstore.Put(doc(sort, fmt.Sprint(i)), itemstore.Absent()))
			}), sort)
		}
	}},
	{"one of many creates wins, in transactions", func(f *fixture) {
		for round := range rounds {
			sort := fmt.Sprint(round)
			f.oneWins(together(writers, func(i int) error {
				return f.store.Write(context.Background(),
					itemstore.Add(key("created"), 1),
					itemstore.Put(doc(sort, fmt.Sprint(i)), itemstore.Absent()))
			}), sort)
		}
		f.wantCount("created", rounds)
	}},
	{"Adds add up", func(f *fixture) {
		f.allDone(together(writers, func(int) error {
			return repeat(rounds, func() error { return f.store.Write(context.Background(), itemstore.Add(key("a"), 3)) })
		}))
		f.wantCount("a", 3*writers*rounds)
	}},
	{"Adds in transactions add up", func(f *fixture) {
		f.allDone(together(writers, func(int) error {
			return repeat(rounds, func() error {
				return f.store.Write(context.Background(), itemstore.Add(key("b"), -1), itemstore.Add(key("a"), 1))
			})
		}))
		f.wantCount("a", writers*rounds)
		f.wantCount("b", -writers*rounds)
	}},
	{"read, change, write back loses nothing", func(f *fixture) {
		f.put("a", `0`)
		f.allDone(together(writers, func(int) error {
			return repeat(rounds, func() error { return f.increment("a") })
		}))
		f.wantDoc("a", fmt.Sprint(writers*rounds))
	}},
	{"transfers between items lose nothing, and no reading that holds is half of one", func(f *fixture) {
		const accounts, each = 4, 100
		for i := range accounts {
			f.put(fmt.Sprint(i), fmt.Sprint(each))
		}
		f.allDone(together(writers, func(i int) error {
			if i%4 == 0 {
				return repeat(rounds, func() error { return f.sumIs(accounts, accounts*each) })
			}
			from, to := fmt.Sprint(i%accounts), fmt.Sprint((i+1)%accounts)
			return repeat(rounds, func() error { return f.transfer(from, to) })
		}))
		f.allDone([]error{f.sumIs(accounts, accounts*each)})
	}},
	{"transactions on the same items never mix", func(f *fixture) {
		f.allDone(together(writers, func(i int) error {
			mark := fmt.Sprint(i)
			ops := []itemstore.Op{itemstore.Put(doc("a", mark), always), itemstore.Put(doc("b", mark), always), itemstore.Put(doc("c", mark), always)}
			if i%2 == 1 {
				ops[0], ops[2] = ops[2], ops[0]
			}
			return repeat(rounds, func() error { return f.store.Write(context.Background(), ops...) })
		}))
		items := f.get(key("a"), key("b"), key("c"))
		for _, item := range items {
			if string(item.Doc) != string(items[0].Doc) || !item.Exists() {
				f.Errorf("one transaction wrote %q, another %q", items[0].Doc, item.Doc)
			}
		}
	}},
}

// snapshotCases hold a store to Promises.Snapshot.
var snapshotCases = []testCase{
	{"no reader sees half a Write", func(f *fixture) {
		f.write(pair(-1)...)
		f.allDone(together(writers, func(i int) error {
			return repeat(4*rounds, func() error {
				switch i % 3 {
				case 0:
					return f.store.Write(context.Background(), pair(i)...)
				case 1:
					items, err := f.store.Get(context.Background(), key("a"), key("b"))
					return equalDocs(items, err)
				default:
					page, err := f.store.Query(context.Background(), itemstore.Query{Partition: "box"})
					return equalDocs(page.Items, err)
				}
			})
		}))
	}},
}

func pair(mark int) []itemstore.Op {
	return []itemstore.Op{itemstore.Put(doc("a", fmt.Sprint(mark)), always), itemstore.Put(doc("b", fmt.Sprint(mark)), always)}
}

func equalDocs(items []itemstore.Item, err error) error {
	if err == nil && (len(items) != 2 || string(items[0].Doc) != string(items[1].Doc)) {
		return fmt.Errorf("read %v, which no Write left", items)
	}
	return err
}

func repeat(n int, work func() error) error {
	for range n {
		if err := work(); err != nil {
			return err
		}
	}
	return nil
}

// oneWins makes sure that one Write was done, that its document, its number, is there, and that
// the others were refused by their condition.
func (f *fixture) oneWins(errs []error, sort string) {
	f.Helper()
	var winners []string
	for i, err := range errs {
		if _, refused := itemstore.FailedOp(err); err == nil {
			winners = append(winners, fmt.Sprint(i))
		} else if !refused {
			f.Errorf("writer %d: %v", i, err)
		}
	}
	if len(winners) != 1 {
		f.Fatalf("%d writers won", len(winners))
	}
	f.wantDoc(sort, winners[0])
}

// retried repeats attempt until no condition refuses it.
func retried(attempt func() error) error {
	for {
		err := attempt()
		if _, refused := itemstore.FailedOp(err); !refused {
			return err
		}
	}
}

// increment adds one to the number that is the document, by its revision.
func (f *fixture) increment(sort string) error {
	return retried(func() error {
		items, n, err := f.numbers(sort)
		if err != nil {
			return err
		}
		return f.store.Write(context.Background(), itemstore.Put(doc(sort, fmt.Sprint(n[0]+1)), itemstore.Rev(items[0].Rev)))
	})
}

// transfer moves one from a document to another.
func (f *fixture) transfer(from, to string) error {
	return retried(func() error {
		items, n, err := f.numbers(from, to)
		if err != nil {
			return err
		}
		return f.store.Write(context.Background(),
			itemstore.Put(doc(from, fmt.Sprint(n[0]-1)), itemstore.Rev(items[0].Rev)),
			itemstore.Put(doc(to, fmt.Sprint(n[1]+1)), itemstore.Rev(items[1].Rev)))
	})
}

// sumIs reads all accounts until a Write confirms that what it read was there at one moment, and
// makes sure of the sum.
func (f *fixture) sumIs(accounts, want int) error {
	return retried(func() error {
		sorts := strings.Split("0123456789"[:accounts], "")
		items, n, err := f.numbers(sorts...)
		if err != nil {
			return err
		}
		sum := 0
		checks := make([]itemstore.Op, len(items))
		for i, item := range items {
			sum += n[i]
			checks[i] = itemstore.Check(item.Key, itemstore.Rev(item.Rev))
		}
		if err := f.store.Write(context.Background(), checks...); err != nil || sum == want {
			return err
		}
		return fmt.Errorf("the accounts hold %v, which is not %d", n, want)
	})
}

// numbers reads items whose documents are numbers.
func (f *fixture) numbers(sorts ...string) (items []itemstore.Item, n []int, err error) {
	keys := make([]itemstore.Key, len(sorts))
	for i, sort := range sorts {
		keys[i] = key(sort)
	}
	if items, err = f.store.Get(context.Background(), keys...); err != nil {
		return nil, nil, err
	}
	n = make([]int, len(items))
	for i, item := range items {
		if n[i], err = strconv.Atoi(string(item.Doc)); err != nil {
			return nil, nil, err
		}
	}
	return items, n, nil
}
