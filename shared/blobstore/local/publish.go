package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
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

// put makes an object of size bytes of r.
func (s *Store) put(ctx context.Context, key string, r io.Reader, size int64) error {
	path := filepath.Join(s.dir, "incoming", rand.Text())
	defer os.Remove(path) // unless it has become an object
	err := write(ctx, path, r, size)
	if err == nil {
		err = s.flush(path)
	}
	if err == nil {
		err = s.publish(path, key)
	}
	if err == nil {
		err = s.settle(key)
	}
	return asFull(err)
}

func write(ctx context.Context, path string, r io.Reader, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = receive(ctx, writeOut{f, f}, 0, r, size)
	return errors.Join(err, f.Close())
}

// asFull makes the errors of a full disk, or quota, known as ErrFull.
func asFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", blobstore.ErrFull, err)
	}
	return err
}
