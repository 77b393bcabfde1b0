package upload

import (
	"context"
	"io"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// BeginSingle opens an upload for a client that sends the file in one PUT and does not say beforehand
// how large it is: Vagrant Cloud's. It is one part, so that its link is dead once the file is complete.
func (s *Uploads) BeginSingle(ctx context.Context, caller registry.Caller, a catalog.BoxAccess, t registry.Target) (registry.Upload, error) {
	return s.Begin(ctx, caller, a, t, Declared{Size: -1, PartSize: blobstore.MaxPart, single: true})
}

// Take receives the file of an open upload, and ends with the file stored or an error that says why
// not. Where the transfer broke off the upload stays open for another one; one that is stored takes
// nothing any more, and is answered as before.
func (s *Uploads) Take(ctx context.Context, u registry.Upload, size int64, body io.Reader) (registry.Upload, error) {
	switch {
	case u.Done():
		return u, outcome(u)
	case size < 0:
		return u, registry.Wrong("Content-Length", "is needed")
	}
	sized := u
	sized.Size = size
	f, err := s.receive(ctx, sized, fromClient{body})
	if registry.KindOf(err) == registry.Conflict { // all of it came before, and the process died before it was listed
		return s.Complete(ctx, u)
	}
	if err != nil {
		return u, err
	}
	return s.finish(context.WithoutCancel(ctx), sized, f)
}

// expected is what the publisher said beforehand of the file that is to come to a target.
func expected(a catalog.BoxAccess, t registry.Target) *registry.Checksum {
	if a.Version == nil {
		return nil
	}
	p := a.Version.Provider(t.Provider)
	if p == nil || p.Architecture(t.Architecture) == nil {
		return nil
	}
	return p.Architecture(t.Architecture).Expected
}
