package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// attempt is one transfer of one part.
//
// It writes to the part's place in data, and the part has arrived once the journal says so. But
// where the part has arrived before, or another attempt is writing, it takes a file of its own,
// so that whichever breaks off, the others are not harmed; Complete puts such a part in its place.
type attempt struct {
	up     *upload
	record // what the journal will say
	file   *os.File
	whole  bool
	lost   bool // its place in data was taken from it
}

var errLost = errors.New("the upload was about to be completed")

// PutPart writes a part.
func (s *Store) PutPart(ctx context.Context, u blobstore.Upload, n int, r io.Reader, size int64) (blobstore.Part, error) {
	up, err := s.find(u.ID, u.Key)
	if err != nil {
		return blobstore.Part{}, err
	}
	part, err := up.put(ctx, n, r, size)
	if err != nil {
		return blobstore.Part{}, fmt.Errorf("part %d: %w", n, asFull(err))
	}
	return part, nil
}

func (up *upload) put(ctx context.Context, n int, r io.Reader, size int64) (blobstore.Part, error) {
	if err := blobstore.CheckPart(up.Upload, n, size); err != nil {
		return blobstore.Part{}, err
	}
	a, err := up.attempt(n, size)
	if err != nil {
		return blobstore.Part{}, err
	}
	defer a.close()
	_, offset := a.place(up.PartSize)
	if a.CRC, err = receive(ctx, writeOut{a, a.file}, offset, r, size); err != nil {
		return blobstore.Part{}, err
	}
	return a.Part, a.arrive()
}

func (up *upload) attempt(n int, size int64) (*attempt, error) {
	up.mu.Lock()
	defer up.mu.Unlock()
	if up.over {
		return nil, blobstore.ErrNoUpload
	}
	a := &attempt{up: up, record: record{Part: blobstore.Part{Number: n, Size: size, ETag: rand.Text()}}}
	name, flags := "data", os.O_WRONLY
	if old, arrived := up.arrived[n]; up.writing[n] != nil || arrived && old.File == "" {
		a.File = fmt.Sprintf("%d-%s", n, a.ETag)
		name, flags = a.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL
	}
	var err error
	if a.file, err = os.OpenFile(filepath.Join(up.dir, name), flags, 0o600); err != nil {
		return nil, err
	}
	if a.File == "" {
		up.writing[n] = a
	}
	return a, nil
}

// WriteAt writes as long as the part can still arrive.
func (a *attempt) WriteAt(p []byte, offset int64) (int, error) {
	a.up.mu.RLock()
	defer a.up.mu.RUnlock()
	if err := a.void(); err != nil {
		return 0, err
	}
	return a.file.WriteAt(p, offset)
}

func (a *attempt) void() error {
	switch {
	case a.up.over:
		return blobstore.ErrNoUpload
	case a.lost:
		return errLost
	}
	return nil
}

// arrive makes the part known, in place of the one that was there.
func (a *attempt) arrive() error {
	a.up.mu.Lock()
	defer a.up.mu.Unlock()
	if err := a.void(); err != nil {
		return err
	}
	if err := appendLine(a.up.dir, a.record); err != nil {
		return err
	}
	if old := a.up.arrived[a.Number]; old.File != "" {
		os.Remove(filepath.Join(a.up.dir, old.File))
	}
	a.up.arrived[a.Number] = a.record
	a.whole = true
	return nil
}

// close frees the place in data, or removes the attempt's own file if it broke off.
func (a *attempt) close() {
	a.file.Close()
	a.up.mu.Lock()
	defer a.up.mu.Unlock()
	if a.up.writing[a.Number] == a {
		delete(a.up.writing, a.Number)
	}
	if a.File != "" && !a.whole {
		os.Remove(filepath.Join(a.up.dir, a.File))
	}
}
