package upload

import (
	"context"
	"encoding"
	"encoding/json"
	"io"

	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/registry"
)

// A study of a large object may take longer than its process lives: on AWS a function ends after 15 minutes.
// So the upload's record says from time to time how far it is, and the next process goes on from there.

// markEvery is how many bytes are looked at before it is noted again how far a study is.
const markEvery = 8 << 20

// inside is what an archive turned out to be, as a record has it.
type inside struct {
	boxfile.Contents
	Zip bool `json:",omitempty"`
}

// study learns everything from the bytes of an object that is stored, but what an earlier one has learnt.
func (s *Uploads) study(ctx context.Context, u registry.Upload) (registry.Upload, found, error) {
	d, err := resumeDigest(u)
	if err != nil {
		return u, found{}, err
	}
	object, err := s.Blobs.Open(ctx, u.Blob, d.size)
	if err != nil {
		return u, found{}, err
	}
	defer object.Close()
	signs := &signsOfLife{s: s, ctx: ctx, u: u, mark: d.latest}
	t := newTap(object, d)
	defer t.Close()
	if _, err := io.Copy(signs, t); err != nil {
		return signs.latest(), found{}, err
	}
	f, err := t.Result()
	return signs.latest(), f, err
}

// resumeDigest is a digest that has seen what an earlier study of the upload has.
func resumeDigest(u registry.Upload) (*digest, error) {
	d := newDigest(u.ChecksumType)
	if u.Study == nil {
		return d, nil
	}
	for algorithm, sum := range d.sums {
		if err := sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(u.Study.Sums[algorithm]); err != nil {
			return d, err
		}
	}
	var known inside
	if err := json.Unmarshal(u.Study.Inside, &known); err != nil {
		return d, err
	}
	_ = d.inside.Close() // nobody inspects the rest
	d.size, d.marked, d.known = u.Study.Offset, u.Study, &known
	return d, nil
}

// mark notes how far the digest is, once the rest of the archive need not be looked into.
func (d *digest) mark() {
	if d.marked != nil && d.size-d.marked.Offset < markEvery || d.size < markEvery || !d.settled() {
		return
	}
	m := &registry.Study{Offset: d.size, Sums: map[string][]byte{}}
	for algorithm, sum := range d.sums {
		state, err := sum.(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil { // those of the standard library can
			return
		}
		m.Sums[algorithm] = state
	}
	var err error
	if m.Inside, err = json.Marshal(d.known); err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.marked = m
}

// settled reports whether it is known what is in the archive, and nothing is wrong with it.
func (d *digest) settled() bool {
	if d.known == nil && d.inside.Done() {
		var f found
		if err := f.lookedInside(d.inside); err == nil && f.refused == nil {
			d.known = &inside{f.contents, f.zip}
		}
	}
	return d.known != nil
}

// latest is how far the digest is known to be; nil before it is worth noting.
func (d *digest) latest() *registry.Study {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.marked
}
