package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// How a file becomes an object: its bytes are flushed, it gets its name, the name is flushed.

// flush waits until the bytes of a file are on the disk. Its time of change becomes the object's,
// which tells it from another under the same key (see etag).
func (s *Store) flush(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	now := time.Now()
	if err := os.Chtimes(path, now, now); err != nil {
		return err
	}
	return s.fsync(f)
}

// publish gives a file its place as an object.
func (s *Store) publish(file, key string) error {
	path := s.objectPath(key)
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(file, path)
}

// settle waits until the name of an object is on the disk.
func (s *Store) settle(key string) error {
	dir := filepath.Dir(s.objectPath(key))
	if err := syncDir(dir); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// asFull makes the errors of a full disk, or quota, known as ErrFull.
func asFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", blobstore.ErrFull, err)
	}
	return err
}
