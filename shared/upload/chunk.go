package upload

import (
	"context"
	"io"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Chunk is one of the pieces of a chunked upload.
type Chunk struct {
	Index int   // from 0
	Total int   // how many there are
	Size  int64 // bytes; must be known
	Body  io.Reader
}

// Progress is how far a chunked upload is.
type Progress struct {
	Upload   registry.Upload
	Received int // chunks
}

// Chunk takes a chunk. The one that makes the file whole has it verified and stored. Chunks may come
// in any order and more than once, but all except the last must have one size, which the last
// cannot tell: it must not come first.
func (s *Uploads) Chunk(ctx context.Context, caller registry.Caller, a catalog.BoxAccess, t registry.Target, d Declared, c Chunk) (Progress, error) {
	if err := c.check(); err != nil {
		return Progress{}, err
	}
	u, err := s.chunked(ctx, caller, a, t, d, c)
	if err != nil {
		return Progress{}, err
	}
	if c.Size > u.PartSize || c.Size < u.PartSize && c.Index < c.Total-1 {
		return Progress{}, wrongChunk(c, u.PartSize)
	}
	if _, err := s.Blobs.PutPart(ctx, blob(u), c.Index+1, fromClient{c.Body}, c.Size); err != nil {
		return Progress{}, brokenOff(err)
	}
	parts, err := s.Parts(ctx, u)
	if err != nil || len(parts) < c.Total {
		return Progress{Upload: u, Received: len(parts)}, err
	}
	u, err = s.Complete(ctx, u)
	return Progress{Upload: u, Received: c.Total}, err
}

func (c Chunk) check() error {
	var wrong registry.Fields
	if c.Total < 1 || c.Total > blobstore.MaxParts {
		wrong.Add("X-Total-Chunks", "must be between 1 and 10000")
	}
	if c.Index < 0 || c.Index >= c.Total {
		wrong.Add("X-Chunk-Index", "must be between 0 and X-Total-Chunks less one")
	}
	if c.Size < 0 {
		wrong.Add("Content-Length", "is needed with chunks")
	}
	return wrong.Err()
}

// chunked finds the upload that a chunk belongs to, or begins it.
func (s *Uploads) chunked(ctx context.Context, caller registry.Caller, a catalog.BoxAccess, t registry.Target, d Declared, c Chunk) (registry.Upload, error) {
	u, err := s.Catalog.ChunkedUpload(ctx, a.Box, caller.Account, t, c.Total)
	if registry.KindOf(err) != registry.NotFound {
		return u, err
	}
	switch last := c.Index == c.Total-1; {
	case last && c.Total > 1:
		return u, registry.Errorf(registry.Conflict, "send another chunk before the last one: it does not tell how large chunks are")
	case !last && c.Size < blobstore.MinPart:
		return u, registry.Errorf(registry.BadUpload, "chunks must have at least 5 MiB, but for the last one").
			With("minSize", int64(blobstore.MinPart)).With("receivedSize", c.Size)
	case c.Size > blobstore.MaxPart:
		return u, wrongChunk(c, blobstore.MaxPart)
	}
	d.Size, d.Chunks, d.PartSize = -1, c.Total, max(c.Size, blobstore.MinPart)
	u, err = s.Begin(ctx, caller, a, t, d)
	if registry.Retryable(err) { // another chunk was quicker
		return s.Catalog.ChunkedUpload(ctx, a.Box, caller.Account, t, c.Total)
	}
	return u, err
}

func wrongChunk(c Chunk, want int64) error {
	if c.Size > want {
		return registry.Errorf(registry.ChunkTooLarge, "Upload chunk exceeds size limit").
			With("maxSize", want).With("receivedSize", c.Size)
	}
	return registry.Errorf(registry.BadUpload, "every chunk but the last must have %d bytes", want).
		With("expectedSize", want).With("receivedSize", c.Size)
}
