package local

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

func TestItemsOutliveTheStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	first, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, first, put("a", `1`), put("b", `2`))
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Get(t.Context(), key("a")); err == nil {
		t.Error("a closed store still reads")
	}
	if err := first.Write(t.Context(), put("a", `2`)); err == nil {
		t.Error("a closed store still writes")
	}
	wantDocs(t, openFile(t, path, nil), `1`, `2`)
}

// Neither after Close nor after a crash does the file forget which of its pages are free.
func TestRoomIsUsedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	crashed := filepath.Join(t.TempDir(), "records.db")
	store := openFile(t, path, nil)
	churn(t, store)
	copyFile(t, path, crashed)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"closed": path, "crashed": crashed} {
		before := sizeOf(t, path)
		churn(t, openFile(t, path, nil))
		if after := sizeOf(t, path); after > before {
			t.Errorf("%s: the file grew from %d to %d bytes", name, before, after)
		}
	}
}

// churn fills some megabytes and frees them again.
func churn(t *testing.T, s *Store) {
	t.Helper()
	const items = 40
	for i := range items {
		write(t, s, put(strconv.Itoa(i), `"`+strings.Repeat("x", 100<<10)+`"`))
	}
	for i := range items {
		write(t, s, itemstore.Delete(key(strconv.Itoa(i)), itemstore.Condition{}))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestOpenMakesAFileForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	openFile(t, path, nil)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the file has mode %v", mode)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	inUse := filepath.Join(t.TempDir(), "records.db")
	openFile(t, inUse, nil)
	noDatabase := filepath.Join(t.TempDir(), "records.db")
	if err := os.WriteFile(noDatabase, []byte(strings.Repeat("not a database. ", 1<<10)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"in use", inUse, "end that one, or give this one a data folder of its own"},
		{"of a later program", fileOfLayout(t, "2"), "the file has layout 2 and this program reads layout 1"},
		{"no database", noDatabase, "open the records in " + noDatabase},
		{"no such folder", filepath.Join(t.TempDir(), "none", "records.db"), "open the records in"},
	} {
		store, err := Open(c.path, Options{})
		if err == nil {
			t.Errorf("%s: opened", c.name)
			_ = store.Close()
			continue
		}
		if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: got %q, want %q", c.name, err, c.want)
		}
	}
}

// A file that was refused is let go of, so that the right program can open it.
func TestRefusedFileIsNotKeptLocked(t *testing.T) {
	path := fileOfLayout(t, "2")
	for range 2 {
		if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "layout 2") {
			t.Fatalf("Open returned %v", err)
		}
	}
}

func fileOfLayout(t *testing.T, version string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket(bucketLayout)
		if err != nil {
			return err
		}
		return b.Put(keyVersion, []byte(version))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A record of a damaged file is an error, not an absent item, which could be overwritten.
func TestDamagedRecord(t *testing.T) {
	s := openNew(t, nil)
	damage(t, s, "a")
	if _, err := s.Get(t.Context(), key("a")); err == nil {
		t.Error("Get reads it")
	}
	if _, err := s.Query(t.Context(), itemstore.Query{Partition: "box"}); err == nil {
		t.Error("Query reads it")
	}
	if err := s.Write(t.Context(), put("a", `1`)); err == nil {
		t.Error("Write overwrites it")
	}
}

// damage puts a record into the file that is none.
func damage(t *testing.T, s *Store, sort string) {
	t.Helper()
	err := s.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketItems).Put(itemKey("box", sort), []byte("short"))
	})
	if err != nil {
		t.Fatal(err)
	}
}
