package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Head tells about an object.
func (s *Store) Head(_ context.Context, key string) (blobstore.Object, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return blobstore.Object{}, err
	}
	info, err := os.Stat(s.objectPath(key))
	if err != nil {
		return blobstore.Object{}, asNotFound(err)
	}
	return blobstore.Object{Size: info.Size(), ETag: etag(info)}, nil
}

// etag is a strong one: an object is not written to, and one put in its place is of another time.
func etag(info fs.FileInfo) string {
	return fmt.Sprintf("%x-%x", info.ModTime().UnixNano(), info.Size())
}

// Open reads an object.
func (s *Store) Open(_ context.Context, key string, offset int64) (io.ReadCloser, error) {
	f, err := s.openObject(key)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (s *Store) openObject(key string) (*os.File, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return nil, err
	}
	f, err := os.Open(s.objectPath(key))
	return f, asNotFound(err)
}

// Delete removes an object. Who is reading it, reads it to its end.
func (s *Store) Delete(_ context.Context, key string) error {
	s.Seen(key) // nobody will ask any more
	if err := blobstore.CheckKey(key); err != nil {
		return err
	}
	err := os.Remove(s.objectPath(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func asNotFound(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return blobstore.ErrNotFound
	}
	return err
}

// HasObjects reports whether there is an object in a folder that no Store need have open. One that is not
// there has none.
func HasObjects(dir string) (some bool, err error) {
	err = filepath.WalkDir(filepath.Join(dir, "objects"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			some = true
			return fs.SkipAll
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return some, err
}
