package upload

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Origin gives the bytes of a file that is kept elsewhere.
type Origin interface {
	// Open gives the file from an offset on, if what it calls by the tag is there still; otherwise from
	// its start. Errors that may pass have Retry, those of the Body too.
	Open(ctx context.Context, offset int64, tag string) (Stretch, error)
}

// Stretch is a file from some byte to its end.
type Stretch struct {
	Body   io.ReadCloser
	Offset int64 // where in the file it begins
	Size   int64 // bytes of the whole file; -1 when that is not known
	// Tag is what the origin calls these very bytes; empty when it does not.
	Tag string
}

// ToKeep makes the upload by which a file of a version is fetched that is kept elsewhere. It is not
// written yet.
func (s *Uploads) ToKeep(a catalog.BoxAccess, t registry.Target, f registry.File) registry.Upload {
	u := s.record(registry.Caller{}, a, t, Declared{
		Size: -1, FileName: f.Name, Checksum: f.Declared.Sum, ChecksumType: f.Declared.Type,
	})
	u.ID, u.Keeps = catalog.FetchID(f.ID), f.ID
	return u
}

// refusedRest is how long a file that may not be kept is not fetched again.
const refusedRest = 10 * time.Minute

// Keep fetches the file of an upload that ToKeep made, unless another process does (Conflict,
// with Retry), and ends with
// the file kept. A file that may not be kept ends the upload, with the error that is returned; after any
// other error it is open, and goes on with the parts that have come when it is kept again.
func (s *Uploads) Keep(ctx context.Context, u registry.Upload, from Origin) (registry.Upload, error) {
	// From here on the janitor sees to it, in case this process does not get to the end.
	u.Lease, u.Failure = s.Now().Add(lease), ""
	u, err := s.Catalog.TakeFetch(ctx, u)
	if err != nil {
		return u, err
	}
	u, f, err := s.fetch(ctx, u, from)
	if err != nil {
		return u, err
	}
	u.Lease = s.Now().Add(refusedRest) // of a file that may not be kept
	return s.finish(context.WithoutCancel(ctx), u, f)
}

func (s *Uploads) fetch(ctx context.Context, u registry.Upload, from Origin) (registry.Upload, found, error) {
	have, whole, err := s.arrived(ctx, u)
	if err != nil || whole {
		return s.restudy(ctx, u, err)
	}
	in := Stretch{Body: io.NopCloser(strings.NewReader("")), Offset: int64(len(have)) * u.PartSize, Size: u.Size}
	if u.BlobID == "" || in.Offset < u.Size || u.Size < 0 {
		if in, err = from.Open(ctx, in.Offset, u.Tag); err != nil {
			return u, found{}, err
		}
	}
	defer in.Body.Close()
	if u.BlobID == "" || in.Offset == 0 {
		have = nil
		if u, err = s.restart(ctx, u, in); err != nil {
			return u, found{}, err
		}
	}
	return s.takeIn(ctx, u, in, have)
}

// arrived returns the parts that came before a transfer broke off, as far as none is missing, and whether
// the object of all of them was made already.
func (s *Uploads) arrived(ctx context.Context, u registry.Upload) (parts []blobstore.Part, whole bool, err error) {
	if u.BlobID == "" {
		return nil, false, nil
	}
	parts, err = s.Blobs.Parts(ctx, blob(u))
	if errors.Is(err, blobstore.ErrNoUpload) {
		if _, err = s.Blobs.Head(ctx, u.Blob); errors.Is(err, blobstore.ErrNotFound) {
			return nil, false, nil
		}
		return nil, err == nil, err
	}
	n := 0
	for u.Size >= 0 && u.Tag != "" && n < len(parts) && parts[n].Number == n+1 &&
		parts[n].Size == min(u.PartSize, u.Size-int64(n)*u.PartSize) {
		n++
	}
	return parts[:min(n, len(parts))], false, err
}

// restart gives the bytes a new place. Another process that fetched them before, and lives on, goes on
// writing to the old one.
func (s *Uploads) restart(ctx context.Context, u registry.Upload, in Stretch) (registry.Upload, error) {
	before := u
	u.Blob, u.PartSize = strings.ToLower(rand.Text()), blobstore.PartSize(max(in.Size, 0))
	u.Size, u.Tag, u.Lease, u.Study = in.Size, in.Tag, s.Now().Add(lease), nil
	begun, err := s.Blobs.Begin(ctx, u.Blob, u.PartSize)
	if err != nil {
		return before, told(err)
	}
	u.BlobID = begun.ID
	saved, err := s.Catalog.BeginFetch(ctx, before, u)
	if err != nil {
		_ = s.Blobs.Abort(ctx, blob(u))
		return before, err
	}
	return saved, nil
}

// takeIn stores what comes behind the parts that are there, and makes the object of all.
func (s *Uploads) takeIn(ctx context.Context, u registry.Upload, in Stretch, have []blobstore.Part) (registry.Upload, found, error) {
	t := newTap(in.Body, newDigest(u.ChecksumType))
	defer t.Close()
	signs := &signsOfLife{s: s, ctx: ctx, u: u}
	parts, err := s.putParts(ctx, u, io.TeeReader(t, signs), have)
	u = signs.latest()
	if err != nil {
		return u, found{}, told(err)
	}
	if _, err := s.Blobs.Complete(ctx, blob(u), parts); err != nil {
		return u, found{}, told(err)
	}
	if len(have) > 0 { // nobody has seen all of it go by
		return s.restudy(ctx, u, nil)
	}
	f, err := t.Result()
	return u, f, err
}

// restudy learns what there is to know of an object that is stored.
func (s *Uploads) restudy(ctx context.Context, u registry.Upload, err error) (registry.Upload, found, error) {
	if err != nil {
		return u, found{}, err
	}
	return s.study(ctx, u)
}

// keep has the file whose bytes have come in the registry's own store from now on.
func (s *Uploads) keep(ctx context.Context, a catalog.BoxAccess, u registry.Upload, f found) (registry.Upload, error) {
	_, arch := a.Version.FileAt(u.Target.Provider, u.Target.Architecture)
	if arch == nil || arch.File.ID != u.Keeps || !arch.File.Elsewhere() {
		return u, gone("file")
	}
	file := arch.File.Kept(u.Blob, f.size, f.sums[registry.SHA256], registry.Contents(f.contents.Kind), warning(f))
	arch.File, arch.UpdatedAt, a.Version.UpdatedAt = &file, s.Now(), s.Now()
	u.State, u.File, u.Warning, u.Study = registry.UploadStored, &file, file.Note, nil
	return u, retryable(s.Catalog.StoreFile(ctx, a.Box, *a.Version, u, nil, false))
}
