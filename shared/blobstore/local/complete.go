package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Complete makes an object out of an upload. Asked again, it finds the object.
func (s *Store) Complete(ctx context.Context, u blobstore.Upload, parts []blobstore.Part) (blobstore.Object, error) {
	up, err := s.find(u.ID, u.Key)
	if err == nil {
		err = s.complete(up, parts)
	}
	if errors.Is(err, blobstore.ErrNoUpload) {
		return s.completed(ctx, u.Key)
	}
	if err != nil {
		return blobstore.Object{}, fmt.Errorf("complete an upload: %w", asFull(err))
	}
	return s.Head(ctx, u.Key)
}

// completed answers for an upload that is no longer there. The process that renamed the object
// may have been killed before the name was on the disk.
func (s *Store) completed(ctx context.Context, key string) (blobstore.Object, error) {
	object, err := s.Head(ctx, key)
	if errors.Is(err, blobstore.ErrNotFound) {
		return object, blobstore.ErrNoUpload
	}
	if err != nil {
		return object, err
	}
	return object, s.settle(key)
}

func (s *Store) complete(up *upload, parts []blobstore.Part) error {
	up.mu.Lock()
	defer up.mu.Unlock()
	if up.over {
		return blobstore.ErrNoUpload
	}
	if err := blobstore.CheckParts(up.Upload, parts, up.parts()); err != nil {
		return err
	}
	if err := up.seize(len(parts)); err != nil {
		return err
	}
	data := filepath.Join(up.dir, "data")
	if err := up.assemble(data, parts); err != nil {
		return err
	}
	sum := up.ahead.finish(data, up.PartSize, parts) // goes on while the disk is waited for
	err := s.flush(data)
	s.saw(up.Key, <-sum)
	if err != nil {
		// What the system failed to write out, it may have dropped, and would not fail over again.
		err = errors.Join(err, os.Remove(data))
		s.end(up)
		return err
	}
	if err := s.publish(data, up.Key); err != nil {
		return err
	}
	s.end(up)
	return s.settle(up.Key)
}

// seize takes data from all but Complete, which may fail halfway, and the upload goes on: attempts
// that write to it are lost, and the parts behind the last, which will be cut off, are dropped.
func (up *upload) seize(last int) error {
	for n := range up.arrived {
		if n > last {
			if err := appendLine(up.dir, dropped(n)); err != nil {
				return err
			}
			delete(up.arrived, n)
		}
	}
	for n, a := range up.writing {
		a.lost = true
		delete(up.writing, n)
	}
	return nil
}

// assemble puts the parts that have their own file in their place, and cuts what is behind the
// last. Done again after it broke off, it does the same.
func (up *upload) assemble(data string, parts []blobstore.Part) error {
	f, err := os.OpenFile(data, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, p := range parts {
		if r := up.arrived[p.Number]; r.File != "" {
			if err := up.insert(f, r); err != nil {
				return err
			}
		}
	}
	last := parts[len(parts)-1]
	return f.Truncate(int64(last.Number-1)*up.PartSize + last.Size)
}

// insert copies from file to file, which the system can do by itself.
func (up *upload) insert(data *os.File, r record) error {
	own, err := os.Open(filepath.Join(up.dir, r.File))
	if err != nil {
		return err
	}
	defer own.Close()
	if _, err := data.Seek(int64(r.Number-1)*up.PartSize, io.SeekStart); err != nil {
		return err
	}
	_, err = io.CopyN(data, own, r.Size)
	return err
}
