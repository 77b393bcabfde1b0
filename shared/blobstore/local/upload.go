package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// upload is a multipart upload that is under way, as this process knows it.
type upload struct {
	blobstore.Upload
	dir  string
	from *loading

	// mu is held for reading while bytes are written to data, and for writing while anything
	// below changes. So no byte is written once the upload is over and data is an object.
	mu      sync.RWMutex
	over    bool
	arrived map[int]record
	writing map[int]*attempt // those that write to data, by the part whose place it is

	ahead ahead
}

// Begin makes data last: without it, the upload is not there.
func (s *Store) Begin(_ context.Context, key string, partSize int64) (blobstore.Upload, error) {
	if err := blobstore.CheckBegin(key, partSize); err != nil {
		return blobstore.Upload{}, err
	}
	u := blobstore.Upload{Key: key, ID: rand.Text(), PartSize: partSize}
	dir := s.uploadDir(u.ID)
	if err := makeUpload(dir, header{Key: key, PartSize: partSize, Boot: boot()}); err != nil {
		os.RemoveAll(dir)
		return blobstore.Upload{}, fmt.Errorf("begin an upload: %w", asFull(err))
	}
	return u, nil
}

func makeUpload(dir string, h header) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := appendLine(dir, h); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "data"), nil, 0o600)
}

// loading is an upload that this process has read from the folder, or is reading. All who want
// it share one, because the upload's state is in memory.
type loading struct{ wait func() (*upload, error) }

// find returns the upload with that id and key.
func (s *Store) find(id, key string) (*upload, error) {
	if blobstore.CheckKey(id) != nil {
		return nil, blobstore.ErrNoUpload
	}
	l := s.loading(id)
	up, err := l.wait()
	if err != nil {
		s.forget(id, l)
		return nil, err
	}
	if up.Key != key {
		return nil, blobstore.ErrNoUpload
	}
	return up, nil
}

func (s *Store) loading(id string) *loading {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, known := s.uploads[id]
	if !known {
		l = &loading{}
		l.wait = sync.OnceValues(func() (*upload, error) { return s.load(id, l) })
		s.uploads[id] = l
	}
	return l
}

func (s *Store) forget(id string, l *loading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uploads[id] == l {
		delete(s.uploads, id)
	}
}

func (s *Store) load(id string, l *loading) (*upload, error) {
	dir := s.uploadDir(id)
	h, err := readHeader(dir)
	if err != nil {
		return nil, err
	}
	arrived, err := readRecords(dir)
	if err != nil {
		return nil, fmt.Errorf("read the journal of an upload: %w", err)
	}
	if !h.trusted() {
		maps.DeleteFunc(arrived, func(_ int, r record) bool { return !r.intact(dir, h.PartSize) })
	}
	return &upload{
		Upload:  blobstore.Upload{Key: h.Key, ID: id, PartSize: h.PartSize},
		dir:     dir,
		from:    l,
		arrived: arrived,
		writing: make(map[int]*attempt),
	}, nil
}

// Parts lists the parts that have arrived.
func (s *Store) Parts(_ context.Context, u blobstore.Upload) ([]blobstore.Part, error) {
	up, err := s.find(u.ID, u.Key)
	if err != nil {
		return nil, err
	}
	up.mu.RLock()
	defer up.mu.RUnlock()
	if up.over {
		return nil, blobstore.ErrNoUpload
	}
	return up.parts(), nil
}

func (up *upload) parts() []blobstore.Part {
	list := make([]blobstore.Part, 0, len(up.arrived))
	for _, n := range slices.Sorted(maps.Keys(up.arrived)) {
		list = append(list, up.arrived[n].Part)
	}
	return list
}

// Abort removes data first: what is left then is no upload, whatever happens.
func (s *Store) Abort(_ context.Context, u blobstore.Upload) error {
	up, err := s.find(u.ID, u.Key)
	if errors.Is(err, blobstore.ErrNoUpload) {
		return nil
	}
	if err != nil {
		return err
	}
	up.mu.Lock()
	defer up.mu.Unlock()
	if up.over {
		return nil
	}
	if err := os.Remove(filepath.Join(up.dir, "data")); err != nil {
		return fmt.Errorf("abort an upload: %w", err)
	}
	s.end(up)
	return nil
}

// end forgets an upload whose data is gone. What cannot be removed now, the next Open removes.
// It is called with up.mu held.
func (s *Store) end(up *upload) {
	up.over = true
	s.forget(up.ID, up.from)
	os.RemoveAll(up.dir)
}
