// Package local keeps the items of the registry in one file of this machine.
//
// The file is a bbolt database: a B+ tree that is read through a memory map and written
// copy-on-write, so that a process killed at any moment leaves the state of the last commit.
// Reads take no lock that a writer holds. Writers that come while a commit is under way share
// the next one.
package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// Options are the settings of a Store; the zero value is good.
type Options struct {
	// Now is the clock that items expire by; nil means time.Now.
	Now func() time.Time
}

// Store is an itemstore.Store in a file.
type Store struct {
	db  *bbolt.DB
	now func() time.Time

	// turn is held by the caller who commits.
	turn chan struct{}
	// waiting are the Writes that no commit has taken up yet.
	mu      sync.Mutex
	waiting []*pending
}

var _ itemstore.Store = (*Store)(nil)

// lockWait is how long Open waits for another process to let go of the file: enough for one
// that is about to end.
const lockWait = time.Second

// Open opens the file at path and makes it when it is not there; its folder must be. Only one
// process can have it open.
func Open(path string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:        lockWait,
		FreelistType:   bbolt.FreelistMapType,
		NoFreelistSync: true, // see Close
		NoStatistics:   true,
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%s is open in another process: end that one, or give this one a data folder of its own", path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the records in %s: %w", path, explain(err))
	}
	if err := prepare(db); err != nil {
		return nil, errors.Join(fmt.Errorf("open the records in %s: %w", path, err), db.Close())
	}
	return &Store{db: db, now: o.Now, turn: make(chan struct{}, 1)}, nil
}

// Close waits for the reads and the commit that are under way and lets go of the file. Every
// later call fails.
//
// It is here that the list of free pages is written. As a part of every commit it would make Writes
// slower by what was ever deleted; where it is missing, after a crash, Open looks through the
// file, which takes a third of a second for 1 GB. So when the list cannot be written, nothing is lost.
func (s *Store) Close() error {
	_ = s.db.Update(func(*bbolt.Tx) error {
		s.db.NoFreelistSync = false
		return nil
	})
	return s.db.Close()
}

// prepare makes the buckets of a new file and makes sure of the layout of an old one.
func prepare(db *bbolt.DB) error {
	version, err := readVersion(db)
	switch {
	case err != nil:
		return err
	case version == layoutVersion:
		return nil
	case version != "":
		return fmt.Errorf("the file has layout %s and this program reads layout %s: use the program that wrote it", version, layoutVersion)
	}
	if err := db.Update(makeBuckets); err != nil {
		return explain(err)
	}
	return syncFolder(filepath.Dir(db.Path()))
}

// readVersion returns the layout of the file, empty for a new one.
func readVersion(db *bbolt.DB) (version string, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(bucketLayout); b != nil {
			version = string(b.Get(keyVersion))
		}
		return nil
	})
	return version, err
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{bucketItems, bucketExpires, bucketLayout} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	return tx.Bucket(bucketLayout).Put(keyVersion, []byte(layoutVersion))
}

// syncFolder makes the entry of a new file durable, which syncing the file itself does not.
// Windows has no such call and needs none.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
