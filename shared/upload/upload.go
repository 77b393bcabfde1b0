// Package upload is the one model of how a box file comes in, whatever door it takes: presigned
// parts, a raw body, a form or chunks. An upload is a record and a multipart upload in the blob
// store; it is open until its bytes are complete, is then verified, and ends stored or failed.
//
// What was there before stays until the new file is verified, and is replaced in one write.
package upload

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Uploads takes box files in. Its fields must be set.
type Uploads struct {
	Catalog *catalog.Catalog
	Blobs   blobstore.Store
	Now     func() time.Time
	// Patience is how long a request waits for the verification of what was uploaded directly; it
	// goes on behind the request when it takes longer.
	Patience time.Duration
}

// Declared is what a client says about the file it is going to send.
type Declared struct {
	Size         int64 // bytes; -1 when it did not say
	FileName     string
	Checksum     string // hex; empty when it did not say
	ChecksumType string // algorithm; empty is sha256
	Chunks       int    // of a chunked upload
	PartSize     int64  // bytes, when the client has set it; 0 leaves it to us

	single bool // it comes in one PUT
}

// DefaultFileName is the name of a file whose client gave none.
const DefaultFileName = "vagrant.box"

// Begin opens an upload for a caller who may write the box. NotFound, Conflict or Invalid when it
// is clear from the start that the file cannot be stored.
func (s *Uploads) Begin(ctx context.Context, caller registry.Caller, a catalog.BoxAccess, t registry.Target, d Declared) (registry.Upload, error) {
	if sum := expected(a, t); sum != nil && d.Checksum == "" {
		d.Checksum, d.ChecksumType = sum.Sum, sum.Type
	}
	if err := d.check(); err != nil {
		return registry.Upload{}, err
	}
	if err := mayReplace(a, t, d); err != nil {
		return registry.Upload{}, err
	}
	u := s.record(caller, a, t, d)
	ctx = context.WithoutCancel(ctx) // what is begun is also written down
	begun, err := s.Blobs.Begin(ctx, u.Blob, u.PartSize)
	if err != nil {
		return u, told(err)
	}
	u.BlobID = begun.ID
	made, err := s.Catalog.CreateUpload(ctx, u)
	if err != nil { // without a record nobody would find it again
		_ = s.Blobs.Abort(ctx, blob(u))
	}
	return made, err
}

func (s *Uploads) record(caller registry.Caller, a catalog.BoxAccess, t registry.Target, d Declared) registry.Upload {
	now := s.Now()
	u := registry.Upload{
		ID: strings.ToLower(rand.Text()), Target: t, BoxID: a.Box.ID, Home: a.Box.Home,
		Account: caller.Account, Username: caller.Username,
		FileName: d.FileName, Size: d.Size, Checksum: d.Checksum, ChecksumType: d.ChecksumType,
		Blob: strings.ToLower(rand.Text()), PartSize: d.PartSize, Chunks: d.Chunks, Single: d.single,
		State: registry.UploadOpen, CreatedAt: now, ExpiresAt: now.Add(registry.UploadLife),
	}
	if a.Version != nil {
		u.VersionID = a.Version.ID
	}
	if u.FileName == "" {
		u.FileName = DefaultFileName
	}
	if u.PartSize == 0 {
		u.PartSize = blobstore.PartSize(max(d.Size, 0))
	}
	return u
}

// mayReplace refuses an upload that would end at the file of a released version: those stay as
// they are. The same file once more is let through, since a client repeats what got no answer.
func mayReplace(a catalog.BoxAccess, t registry.Target, d Declared) error {
	file := fixedFile(a, t)
	if file == nil {
		return nil
	}
	other := d.Size >= 0 && d.Size != file.Size ||
		d.Checksum != "" && d.ChecksumType == registry.SHA256 && !strings.EqualFold(d.Checksum, file.SHA256)
	if other {
		return registry.Immutable(t.Version, t.Provider, t.Architecture)
	}
	return nil
}

// fixedFile is the file at the target, if it must not be replaced.
func fixedFile(a catalog.BoxAccess, t registry.Target) *registry.File {
	v := a.Version
	if v == nil || v.Replaceable(a.Organization.Policy) {
		return nil
	}
	if _, arch := v.FileAt(t.Provider, t.Architecture); arch != nil {
		return arch.File
	}
	return nil
}

// Parts lists what has arrived of an upload.
func (s *Uploads) Parts(ctx context.Context, u registry.Upload) ([]blobstore.Part, error) {
	if u.State != registry.UploadOpen {
		return nil, nil
	}
	parts, err := s.Blobs.Parts(ctx, blob(u))
	if errors.Is(err, blobstore.ErrNoUpload) { // it was completed or aborted since the record was read
		return nil, nil
	}
	return parts, err
}

// PartCount is how many parts an upload has in the end.
func PartCount(u registry.Upload) int {
	switch {
	case u.Single:
		return 1
	case u.Size < 0:
		return u.Chunks
	}
	return blobstore.Parts(u.Size, u.PartSize)
}

// Sign returns links to PUT parts of an open upload to.
func (s *Uploads) Sign(ctx context.Context, u registry.Upload, numbers []int) ([]blobstore.Link, error) {
	if u.State != registry.UploadOpen {
		return nil, registry.Errorf(registry.Conflict, "the upload is %s and takes no parts", u.State)
	}
	count := PartCount(u)
	links := make([]blobstore.Link, len(numbers))
	for i, n := range numbers {
		if n < 1 || n > count {
			return nil, registry.Wrong("partNumbers", "must be between 1 and the upload's partCount")
		}
		link, err := s.Blobs.SignPart(ctx, blob(u), n, linkLife(u))
		if err != nil {
			return nil, told(err)
		}
		links[i] = link
	}
	return links, nil
}

// linkLife is how long a part's link is good. Nobody renews that of a single PUT, which clients make
// again from its start when it breaks off.
func linkLife(u registry.Upload) time.Duration {
	if u.Single {
		return registry.SingleLinkLife
	}
	return registry.LinkLife
}

// Abort gives an upload up. One that is stored cannot be given up any more.
func (s *Uploads) Abort(ctx context.Context, u registry.Upload) error {
	switch {
	case u.State == registry.UploadFailed:
		return nil
	case u.State != registry.UploadOpen:
		return registry.Errorf(registry.Conflict, "the upload is %s and cannot be aborted", u.State)
	}
	return s.end(ctx, u, registry.Errorf(registry.Conflict, "the upload was aborted"))
}

// end writes down why an upload failed and lets go of its bytes. Nothing that was listed changes.
func (s *Uploads) end(ctx context.Context, u registry.Upload, why *registry.Error) error {
	u.State, u.Failure, u.FailureKind, u.Study = registry.UploadFailed, why.Message, why.Kind, nil
	if err := s.Catalog.EndUpload(ctx, u); err != nil {
		return err
	}
	// The janitor does it again, in case this does not get there.
	_ = s.Blobs.Abort(ctx, blob(u))
	return nil
}

func blob(u registry.Upload) blobstore.Upload {
	return blobstore.Upload{Key: u.Blob, ID: u.BlobID, PartSize: u.PartSize}
}

// told turns what a blob store reports into what a client is told.
func told(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, blobstore.ErrFull):
		return registry.Errorf(registry.Full, "not enough storage space for the box file")
	case errors.Is(err, blobstore.ErrPart):
		return registry.Errorf(registry.BadUpload, "%s", err)
	case errors.Is(err, blobstore.ErrNoUpload):
		return registry.Errorf(registry.Conflict, "the upload is over: begin a new one")
	default:
		return err
	}
}
