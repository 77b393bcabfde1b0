package blobstore

import (
	"context"
	"io"
	"time"

	"github.com/boxvault/boxvault/shared/grant"
)

// Guard refuses what the row of the running route did not ask for, as IAM does on AWS. Signing a
// link asks for the right that the link gives away, and one to download also for the keys of the edge.
func Guard(s Store) Store { return guarded{s} }

type guarded struct{ Store }

func (g guarded) Begin(ctx context.Context, key string, partSize int64) (Upload, error) {
	if err := grant.Check(ctx, grant.WriteBlobs); err != nil {
		return Upload{}, err
	}
	return g.Store.Begin(ctx, key, partSize)
}

func (g guarded) PutPart(ctx context.Context, u Upload, n int, r io.Reader, size int64) (Part, error) {
	if err := grant.Check(ctx, grant.WriteBlobs); err != nil {
		return Part{}, err
	}
	return g.Store.PutPart(ctx, u, n, r, size)
}

func (g guarded) SignPart(ctx context.Context, u Upload, n int, ttl time.Duration) (Link, error) {
	if err := grant.Check(ctx, grant.WriteBlobs); err != nil {
		return Link{}, err
	}
	return g.Store.SignPart(ctx, u, n, ttl)
}

func (g guarded) Parts(ctx context.Context, u Upload) ([]Part, error) {
	if err := grant.Check(ctx, grant.WriteBlobs); err != nil {
		return nil, err
	}
	return g.Store.Parts(ctx, u)
}

func (g guarded) Complete(ctx context.Context, u Upload, parts []Part) (Object, error) {
	if err := grant.Check(ctx, grant.WriteBlobs|grant.ReadBlobs); err != nil {
		return Object{}, err
	}
	return g.Store.Complete(ctx, u, parts)
}

func (g guarded) Abort(ctx context.Context, u Upload) error {
	if err := grant.Check(ctx, grant.WriteBlobs); err != nil {
		return err
	}
	return g.Store.Abort(ctx, u)
}

func (g guarded) Head(ctx context.Context, key string) (Object, error) {
	if err := grant.Check(ctx, grant.ReadBlobs); err != nil {
		return Object{}, err
	}
	return g.Store.Head(ctx, key)
}

func (g guarded) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	if err := grant.Check(ctx, grant.ReadBlobs); err != nil {
		return nil, err
	}
	return g.Store.Open(ctx, key, offset)
}

func (g guarded) SignGet(ctx context.Context, key string, o LinkOptions) (Link, error) {
	if err := grant.Check(ctx, grant.ReadBlobs|grant.SignLinks); err != nil {
		return Link{}, err
	}
	return g.Store.SignGet(ctx, key, o)
}

func (g guarded) Delete(ctx context.Context, key string) error {
	if err := grant.Check(ctx, grant.DeleteBlobs); err != nil {
		return err
	}
	return g.Store.Delete(ctx, key)
}

func (g guarded) Seen(key string) (string, bool) { return Seen(g.Store, key) }
