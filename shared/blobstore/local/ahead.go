package local

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// ahead computes the SHA-256 of an upload while its parts arrive by links, so that the whole file
// need not be read once more in the end, when a client waits for it. It reads what is in its place
// in data, part by part from the first on: that is not written again before Complete.
//
// Parts that come through PutPart were seen by the caller, and nobody asks for this sum.
type ahead struct {
	wanted atomic.Bool // some part came by a link

	mu   sync.Mutex // held while a part is read
	sum  hash.Hash
	seen []blobstore.Part // that sum is of, from the first on
}

// lookAhead reads on, behind the request, as far as parts have arrived. One goroutine of an upload
// does so at a time; another one that comes meanwhile has nothing left to do.
func (s *Store) lookAhead(u blobstore.Upload) {
	up, err := s.find(u.ID, u.Key)
	if err != nil {
		return
	}
	up.ahead.wanted.Store(true)
	go func() {
		if !up.ahead.mu.TryLock() {
			return
		}
		defer up.ahead.mu.Unlock()
		for part, ok := up.inPlace(len(up.ahead.seen) + 1); ok; part, ok = up.inPlace(len(up.ahead.seen) + 1) {
			if up.ahead.read(filepath.Join(up.dir, "data"), up.PartSize, part) != nil {
				return
			}
		}
	}()
}

// inPlace returns part n if it has arrived in its place. It does not wait: Complete, which has the
// upload to itself, waits for who reads ahead.
func (up *upload) inPlace(n int) (blobstore.Part, bool) {
	if !up.mu.TryRLock() {
		return blobstore.Part{}, false
	}
	defer up.mu.RUnlock()
	r, ok := up.arrived[n]
	return r.Part, ok && r.File == "" && !up.over
}

// read adds a part to the sum. After an error nothing more is added.
func (a *ahead) read(data string, partSize int64, part blobstore.Part) error {
	if a.sum == nil {
		a.sum = sha256.New()
	}
	f, err := os.Open(data)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := chunks.Get().(*[chunk]byte)
	defer chunks.Put(buf)
	n, err := io.CopyBuffer(onlyWriter{a.sum}, io.NewSectionReader(f, int64(part.Number-1)*partSize, part.Size), buf[:])
	if err == nil && n != part.Size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		part.ETag = "" // of no part: the sum will not be asked for
	}
	a.seen = append(a.seen, part)
	return err
}

// onlyWriter hides all other methods, so that io.CopyBuffer uses the buffer it is given.
type onlyWriter struct{ io.Writer }

// finish reads what is left of an assembled upload, and sends the sum of the parts; empty when what
// was read before is not what was completed, or nothing was.
func (a *ahead) finish(data string, partSize int64, parts []blobstore.Part) <-chan string {
	result := make(chan string, 1)
	go func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		result <- a.finished(data, partSize, parts)
	}()
	return result
}

func (a *ahead) finished(data string, partSize int64, parts []blobstore.Part) string {
	if !a.wanted.Load() || len(a.seen) > len(parts) {
		return ""
	}
	for i, p := range a.seen {
		if p != parts[i] {
			return ""
		}
	}
	for _, p := range parts[len(a.seen):] {
		if a.read(data, partSize, p) != nil {
			return ""
		}
	}
	return hex.EncodeToString(a.sum.Sum(nil))
}

// saw remembers the sum of an object until it is asked for.
func (s *Store) saw(key, sum string) {
	if sum == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[key] = sum
}

// Seen tells the SHA-256 of an object whose parts came by links, once.
func (s *Store) Seen(key string) (sum string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum, ok = s.seen[key]
	delete(s.seen, key)
	return sum, ok
}
