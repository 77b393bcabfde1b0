package upload

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Whole takes a file that comes in one request, in constant memory, and ends with the file stored
// or an error that says why not.
func (s *Uploads) Whole(ctx context.Context, caller registry.Caller, a catalog.BoxAccess, t registry.Target, d Declared, body io.Reader) (registry.Upload, error) {
	u, err := s.Begin(ctx, caller, a, t, d)
	if err != nil {
		return u, err
	}
	f, err := s.receive(ctx, u, fromClient{body})
	if err != nil {
		// The client may be gone; what it left must be cleared away all the same.
		ctx := context.WithoutCancel(ctx)
		return u, errors.Join(err, s.end(ctx, u, failure(err)))
	}
	return s.finish(context.WithoutCancel(ctx), u, f)
}

// receive stores a body part by part, and makes the object of them.
func (s *Uploads) receive(ctx context.Context, u registry.Upload, body io.Reader) (found, error) {
	t := newTap(body, newDigest(u.ChecksumType))
	defer t.Close()
	parts, err := s.putParts(ctx, u, t, nil)
	if err != nil {
		return found{}, brokenOff(err)
	}
	f, err := t.Result()
	if err != nil {
		return f, err
	}
	if _, err := s.Blobs.Complete(ctx, blob(u), parts); err != nil {
		return f, told(err)
	}
	return f, nil
}

// putParts stores all of r, behind the parts that are there already. Where the length is known each part streams through; else a part is
// held in memory until it is whole, since stores must know a part's length beforehand.
func (s *Uploads) putParts(ctx context.Context, u registry.Upload, r io.Reader, parts []blobstore.Part) ([]blobstore.Part, error) {
	if u.Size < 0 {
		return s.putUnknown(ctx, u, r)
	}
	for n := len(parts) + 1; n <= blobstore.Parts(u.Size, u.PartSize); n++ {
		size := min(u.PartSize, u.Size-int64(n-1)*u.PartSize)
		p, err := s.Blobs.PutPart(ctx, blob(u), n, io.LimitReader(r, size), size)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	if extra, _ := io.CopyN(io.Discard, r, 1); extra > 0 {
		return nil, registry.Errorf(registry.BadUpload, "the file is longer than was declared")
	}
	return parts, nil
}

func (s *Uploads) putUnknown(ctx context.Context, u registry.Upload, r io.Reader) (parts []blobstore.Part, err error) {
	buffer := make([]byte, u.PartSize)
	for n := 1; ; n++ {
		size, readErr := fill(r, buffer)
		if readErr != nil && readErr != io.EOF {
			return nil, readErr
		}
		if size > 0 || n == 1 { // an empty file is one empty part
			p, err := s.Blobs.PutPart(ctx, blob(u), n, bytes.NewReader(buffer[:size]), int64(size))
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
		}
		if readErr == io.EOF {
			return parts, nil
		}
	}
}

// fromClient is a body whose failures are the client's: without it a connection that is reset could
// not be told from a fault of the store that the bytes go to.
type fromClient struct{ io.Reader }

func (b fromClient) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	var ours *registry.Error
	if err != nil && err != io.EOF && !errors.As(err, &ours) {
		err = errBrokenOff
	}
	return n, err
}

var errBrokenOff = registry.Errorf(registry.BadUpload, "the upload broke off before all bytes had come: send it again")

// brokenOff is for a store that found a body shorter than declared, its client gone, or silent for longer than it waits.
func brokenOff(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled):
		return errBrokenOff
	case errors.Is(err, blobstore.ErrStalled):
		return errStalled
	default:
		return told(err)
	}
}

var errStalled = registry.Errorf(registry.Timeout, "no byte has come for too long: the upload was given up, send it again")

// failure is what an upload's record says about an error.
func failure(err error) *registry.Error {
	var ours *registry.Error
	if errors.As(err, &ours) {
		return ours
	}
	return registry.Errorf(registry.Internal, "a fault of the registry")
}
