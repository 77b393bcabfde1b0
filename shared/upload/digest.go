package upload

import (
	"encoding/hex"
	"errors"
	"hash"
	"sync"

	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/registry"
)

// digest learns what it must know of a file while its bytes stream by: length, checksums, contents.
type digest struct {
	size   int64
	sums   map[string]hash.Hash
	inside *boxfile.Inspector
	known  *inside // what it turned out to be, once nothing can change that

	mu     sync.Mutex
	marked *registry.Study
}

// newDigest computes SHA-256 and the further algorithm that a client has declared its checksum in.
func newDigest(algorithm string) *digest {
	d := &digest{sums: map[string]hash.Hash{registry.SHA256: registry.NewHash(registry.SHA256)}, inside: boxfile.NewInspector()}
	if algorithm != "" && algorithm != registry.SHA256 {
		d.sums[algorithm] = registry.NewHash(algorithm)
	}
	return d
}

// Write takes the next bytes; it never fails.
func (d *digest) Write(p []byte) (int, error) {
	d.size += int64(len(p))
	for _, h := range d.sums {
		h.Write(p)
	}
	n, err := d.inside.Write(p)
	d.mark()
	return n, err
}

// Close lets go of a file that broke off.
func (d *digest) Close() error { return d.inside.Close() }

// found is what a file turned out to be.
type found struct {
	size     int64
	sums     map[string]string // by algorithm, hex
	contents boxfile.Contents
	// refused says why the archive is hostile.
	refused *boxfile.Refused
	// zip is set when the contents can only be told from the stored object.
	zip bool
}

// result is what was found once all bytes were written.
func (d *digest) result() (found, error) {
	f := found{size: d.size, sums: map[string]string{}}
	for algorithm, h := range d.sums {
		f.sums[algorithm] = hex.EncodeToString(h.Sum(nil))
	}
	if d.known != nil {
		f.contents, f.zip = d.known.Contents, d.known.Zip
		return f, nil
	}
	err := f.lookedInside(d.inside)
	return f, err
}

// lookedInside takes over what an inspection ended with.
func (f *found) lookedInside(inside *boxfile.Inspector) (err error) {
	f.contents, err = inside.Result()
	switch {
	case errors.As(err, &f.refused):
		err = nil
	case errors.Is(err, boxfile.ErrNeedsReaderAt):
		f.zip, err = true, nil
	}
	return err
}
