// Package local is the blobstore in a folder.
//
//	objects/ab/<key>         an object; "ab" are the first letters of its key
//	uploads/<id>/data        the parts of an upload, each at its offset
//	uploads/<id>/journal     the parts that have arrived, see journal.go
//	uploads/<id>/<n>-<etag>  a part that could not be written in its place, see attempt.go
//	lock                     held by the one process that has the folder open
//
// An upload is there as long as its data is, and becomes an object by renaming that file, so
// completing it copies nothing. An object is on the disk before it can be seen: its bytes are
// written out early, waited for, and renamed into place.
//
// A process that is killed loses nothing that it acknowledged. A machine that loses its power
// may lose parts of unfinished uploads, which are then no longer listed, and never an object.
//
// No name that a client sent becomes a path: keys and ids are letters, digits and `-`. On a file
// system that does not tell upper from lower case, keys must not differ by case alone.
package local

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/keyring"
)

// Options configure a Store.
type Options struct {
	// BaseURL is where clients reach Handler, without its Prefix, as in http://127.0.0.1:3000.
	BaseURL string
	// Keys are those that links are signed with. A link is void once its key is gone.
	Keys keyring.Source
	// Now is the clock that links expire by; nil means time.Now.
	Now func() time.Time
}

// Store keeps blobs in a folder.
type Store struct {
	dir   string
	base  string
	keys  keyring.Source
	now   func() time.Time
	fsync func(*os.File) error
	lock  *os.File

	mu      sync.Mutex
	uploads map[string]*loading // by id
	seen    map[string]string   // SHA-256 of objects just completed, by key
}

var (
	_ blobstore.Store = (*Store)(nil)
	_ blobstore.Seer  = (*Store)(nil)
)

// Open opens the store in dir, which is made if it is not there, and clears away what a killed
// process left unfinished. It fails if another process has the folder open.
func Open(dir string, o Options) (*Store, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("the base of the links is no URL: %q", o.BaseURL)
	}
	if o.Keys == nil {
		return nil, errors.New("links need keys to be signed with")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{
		dir:     dir,
		base:    strings.TrimSuffix(o.BaseURL, "/"),
		keys:    o.Keys,
		now:     o.Now,
		fsync:   (*os.File).Sync,
		uploads: make(map[string]*loading),
		seen:    make(map[string]string),
	}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("open the folder of box files: %w", err)
	}
	return s, nil
}

func (s *Store) open() error {
	for _, name := range []string{"objects", "uploads"} {
		if err := os.MkdirAll(filepath.Join(s.dir, name), 0o700); err != nil {
			return err
		}
	}
	lock, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := lockFile(lock); err != nil {
		lock.Close()
		return fmt.Errorf("%s is in use by another process: %w", s.dir, err)
	}
	s.lock = lock
	if err := s.sweep(); err != nil {
		lock.Close()
		return err
	}
	return nil
}

// sweep removes what nobody can finish: uploads without data, which were begun by half, or
// completed or aborted but not yet cleared away.
func (s *Store) sweep() error {
	uploads, err := os.ReadDir(filepath.Join(s.dir, "uploads"))
	for _, u := range uploads {
		dir := s.uploadDir(u.Name())
		if _, headErr := readHeader(dir); errors.Is(headErr, blobstore.ErrNoUpload) {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}
	return err
}

// Close lets another process open the folder. The store must not be in use.
func (s *Store) Close() error { return s.lock.Close() }

func (s *Store) objectPath(key string) string {
	return filepath.Join(s.dir, "objects", key[:min(2, len(key))], key)
}

func (s *Store) uploadDir(id string) string { return filepath.Join(s.dir, "uploads", id) }
