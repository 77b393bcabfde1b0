package client

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// SingleRequest is the most bytes that Relay sends in one request. What API Gateway hands to a function
// has at most 6 MB, as base64.
const SingleRequest = 4 << 20

// Incoming is a file that is being read, such as a Reader.
type Incoming interface {
	io.ReadCloser
	// Size is the whole file's, in bytes; -1 while it is not known.
	Size() int64
}

// RelayOptions say what Relay sends, and where to.
type RelayOptions struct {
	// Target is where the file is to end. Version, provider and architecture are made when they are
	// missing, the box is not.
	Target registry.Target
	// Open begins to read the file at a byte. It is called again for what has to be read again.
	Open func(ctx context.Context, from int64) (Incoming, error)
	// FileName is what the file is called at the registry.
	FileName string
	// Size in bytes; -1 when it is not known beforehand.
	Size int64
	// Checksum is what the file is said to have, in hex, and ChecksumType its type, as
	// registry.ParseChecksumType returns it; Checksum is empty when nothing is said.
	Checksum, ChecksumType string
	// Modified is when the file was changed last; zero when it is not known.
	Modified time.Time
	// Progress may be nil.
	Progress Progress
}

// Relay sends a file that is read while it is sent: of the file, no more than two parts are in memory at
// a time, and nothing is on disk. Small files take one request. The Relay of a larger one that broke off
// is taken up: parts that have arrived are not sent again, and not read again when there is a Checksum.
//
// Bytes that do not have the Checksum are not stored; the error is a *ChecksumError. Without one, the
// SHA-256 of what was read is what the registry holds the file against. The error is a Conflict when the
// version is released and has another file at the target.
func (c *Client) Relay(ctx context.Context, o RelayOptions) (Pushed, error) {
	r := &relay{RelayOptions: o}
	r.upload = upload{
		c: c, target: o.Target, file: origin{o.FileName, o.Size, o.Modified}, progress: orSilent(o.Progress),
		unchanged: func() error { return nil },
	}
	defer r.close()
	head, err := r.size(ctx)
	switch {
	case err != nil:
		return Pushed{}, err
	case r.file.size == 0:
		return Pushed{}, registry.Errorf(registry.BadUpload, "the file is empty")
	case head != nil:
		return r.small(ctx, head)
	}
	done, err := r.large(ctx)
	if wrong := (*ChecksumError)(nil); errors.As(err, &wrong) && done.Resumed > 0 { // what had arrived was of another file
		r.close()
		return r.large(ctx)
	}
	return done, err
}

// relay is a Relay at work.
type relay struct {
	RelayOptions
	upload
	in Incoming // nil: not open
	at int64    // where it reads next
}

func (r *relay) close() {
	if r.in != nil {
		r.in.Close() // nothing was written to it
		r.in = nil
	}
}

// seek has the next Read read from a byte on.
func (r *relay) seek(ctx context.Context, to int64) error {
	if r.in != nil && r.at == to {
		return nil
	}
	r.close()
	in, err := r.Open(ctx, to)
	if err != nil {
		return err
	}
	r.in, r.at = in, to
	if size := in.Size(); size >= 0 && r.file.size >= 0 && size != r.file.size {
		return registry.Errorf(registry.BadUpload, "the file has %d bytes, and %d were announced", size, r.file.size)
	}
	return nil
}

// Read reads on.
func (r *relay) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	r.at += int64(n)
	return n, err
}

// size finds out how large the file is, and returns all of it when it is small.
func (r *relay) size(ctx context.Context) (small []byte, err error) {
	if r.file.size > SingleRequest {
		return nil, nil
	}
	if err := r.seek(ctx, 0); err != nil {
		return nil, err
	}
	if r.file.size < 0 {
		r.file.size = r.in.Size()
	}
	if r.file.size > SingleRequest {
		return nil, nil
	}
	head, err := io.ReadAll(io.LimitReader(r, SingleRequest+1))
	switch {
	case err != nil:
		return nil, err
	case r.file.size >= 0 && int64(len(head)) != r.file.size:
		return nil, registry.Errorf(registry.BadUpload, "the file has %d bytes or more, and %d were announced", len(head), r.file.size)
	case len(head) > SingleRequest:
		return nil, r.count(head)
	}
	r.file.size = int64(len(head))
	return head, nil
}

// count reads a large file to its end, because nobody says how large it is: the registry has to know
// before the first part. The checksum that is found on the way keeps the second reading honest.
func (r *relay) count(head []byte) error {
	sum := newSum(r.ChecksumType)
	sum.Write(head)
	r.progress.Enter(Comparing, -1, 0)
	rest, err := copyCounted(sum, r, r.progress.Moved)
	if err != nil {
		return err
	}
	r.file.size = int64(len(head)) + rest
	if err := sum.hold(r.Checksum); err != nil {
		return err
	}
	r.Checksum, r.ChecksumType = sum.hex(), sum.algorithm
	return nil
}

// small sends a file in one request.
func (r *relay) small(ctx context.Context, content []byte) (Pushed, error) {
	sum := newSum(r.ChecksumType)
	sum.Write(content)
	if err := sum.hold(r.Checksum); err != nil {
		return Pushed{}, err
	}
	r.progress.Enter(Sending, r.file.size, 0)
	done, err := r.c.UploadFile(ctx, r.target, WholeFile{
		Name: r.FileName, Content: content, Checksum: sum.hex(), ChecksumType: sum.algorithm,
	})
	if err != nil {
		return Pushed{}, mismatch(err)
	}
	if done.File == nil {
		return Pushed{}, fmt.Errorf("%s did not say what it stored", r.c.base)
	}
	r.progress.Moved(r.file.size)
	return Pushed{File: *done.File, Warning: done.Warning}, nil
}

// sum computes a checksum.
type sum struct {
	algorithm string
	hasher
}

type hasher interface {
	io.Writer
	Sum([]byte) []byte
}

// newSum computes a checksum of a type; empty is SHA-256.
func newSum(algorithm string) sum {
	if algorithm == "" {
		algorithm = registry.SHA256
	}
	return sum{algorithm, registry.NewHash(algorithm)}
}

func (s sum) hex() string { return hex.EncodeToString(s.Sum(nil)) }

// hold is an error when the checksum is not the one that is wanted; an empty one wants nothing.
func (s sum) hold(want string) error {
	if got := s.hex(); want != "" && got != want {
		return &ChecksumError{What: "what was read", Type: s.algorithm, Got: got, Want: want, Done: "nothing was stored"}
	}
	return nil
}
