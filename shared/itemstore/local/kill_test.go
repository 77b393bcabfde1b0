package local

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// killFile tells the child of TestKilled which file to write.
const killFile = "LOCAL_TEST_KILL_FILE"

const (
	killRounds  = 6
	killWriters = 4
)

// TestKilled has a process of its own write and say so, kills it in the middle of it, and finds
// all that was acknowledged, and nothing half done.
func TestKilled(t *testing.T) {
	if path := os.Getenv(killFile); path != "" {
		writeUntilKilled(path)
	}
	path := filepath.Join(t.TempDir(), "records.db")
	for range killRounds {
		acknowledged := killedWriter(t, path, 50+rand.IntN(400))
		s, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkFile(t, s)
		for _, ack := range acknowledged {
			checkPair(t, s, ack)
		}
		for w := range killWriters {
			checkCount(t, s, fmt.Sprint(w))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// writeUntilKilled writes pairs of items and counts them, each pair with its count in one Write.
// It prints the place of each pair that was acknowledged.
func writeUntilKilled(path string) {
	s, err := Open(path, Options{})
	if err != nil {
		panic(err)
	}
	for w := range killWriters {
		go func() {
			partition := fmt.Sprint(w)
			for n := written(s, partition); ; n++ {
				if err := s.Write(context.Background(), pairOf(partition, n)...); err != nil {
					panic(err)
				}
				fmt.Printf("done %s %d\n", partition, n)
			}
		}()
	}
	select {}
}

func pairOf(partition string, n int64) []itemstore.Op {
	doc := fmt.Appendf(nil, `{"n":%d,"text":%q}`, n, strings.Repeat("x", int(n*37%9000)))
	item := func(half string) itemstore.Item {
		return itemstore.Item{Key: itemstore.Key{Partition: partition, Sort: fmt.Sprintf("%s/%d", half, n)}, Doc: doc}
	}
	return []itemstore.Op{
		itemstore.Put(item("a"), itemstore.Absent()),
		itemstore.Put(item("b"), itemstore.Absent()),
		itemstore.Add(itemstore.Key{Partition: partition, Sort: "count"}, 1),
	}
}

// written is how many pairs of the partition the file counts.
func written(s *Store, partition string) int64 {
	items, err := s.Get(context.Background(), itemstore.Key{Partition: partition, Sort: "count"})
	if err != nil {
		panic(err)
	}
	return items[0].Count
}

// killedWriter starts the child, kills it after so many acknowledgements and returns all that it
// printed.
func killedWriter(t *testing.T, path string, after int) (acknowledged []string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), killFile+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if ack, ok := strings.CutPrefix(lines.Text(), "done "); ok {
			acknowledged = append(acknowledged, ack)
		}
		if len(acknowledged) == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(acknowledged) < after {
		t.Fatalf("the writer ended by itself after %d acknowledgements: %v", len(acknowledged), err)
	}
	return acknowledged
}

// checkFile has bbolt verify its pages.
func checkFile(t *testing.T, s *Store) {
	t.Helper()
	err := s.db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkPair(t *testing.T, s *Store, ack string) {
	t.Helper()
	var partition string
	var n int64
	if _, err := fmt.Sscan(ack, &partition, &n); err != nil {
		t.Fatalf("%q: %v", ack, err)
	}
	for _, op := range pairOf(partition, n)[:2] {
		items, err := s.Get(t.Context(), op.Item.Key)
		if err != nil || string(items[0].Doc) != string(op.Item.Doc) {
			t.Errorf("%s was acknowledged and is not whole: %+v, %v", ack, items, err)
		}
	}
}

// checkCount makes sure that a partition holds as many halves of each kind as it counts pairs.
func checkCount(t *testing.T, s *Store, partition string) {
	t.Helper()
	want := written(s, partition)
	for _, half := range []string{"a/", "b/"} {
		n := int64(len(all(t, s, itemstore.Query{Partition: partition, Prefix: half})))
		if n != want {
			t.Errorf("partition %s counts %d pairs and has %d of %s", partition, want, n, half)
		}
	}
}
