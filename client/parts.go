package client

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// part is a piece of the file.
type part struct {
	number       int // from 1
	offset, size int64
}

// plan divides a file of size bytes into the parts of an upload.
func plan(u api.Upload, size int64) ([]part, error) {
	if u.PartSize <= 0 || u.Size != size || int64(u.PartCount) != (size+u.PartSize-1)/u.PartSize {
		return nil, fmt.Errorf("the registry wants %d parts of %d bytes for %d bytes, which does not add up", u.PartCount, u.PartSize, size)
	}
	parts := make([]part, u.PartCount)
	for i := range parts {
		offset := int64(i) * u.PartSize
		parts[i] = part{number: i + 1, offset: offset, size: min(u.PartSize, size-offset)}
	}
	return parts, nil
}

func total(parts []part) (bytes int64) {
	for _, p := range parts {
		bytes += p.size
	}
	return bytes
}

// origin is what is known of a file before it is read.
type origin struct {
	name     string
	size     int64
	modified time.Time // zero when it is not known
}

// upload is a file that goes into the registry part by part, whatever it is read from.
type upload struct {
	c        *Client
	target   registry.Target
	file     origin
	progress Progress
	// unchanged returns an error when the file is another one than when the upload began.
	unchanged func() error
}

// unfinished finds the caller's latest upload of this very file to the target.
func (p *upload) unfinished(ctx context.Context) (u api.Upload, found bool, err error) {
	uploads, err := p.c.Uploads(ctx, p.target)
	if registry.KindOf(err) == registry.NotFound || err == nil && len(uploads) == 0 {
		return u, false, nil
	}
	if err != nil {
		return u, false, err
	}
	me, err := p.c.User(ctx)
	if err != nil {
		return u, false, err
	}
	u, found = latest(uploads, me.Username, p.file)
	if found {
		u, err = p.c.Upload(ctx, p.target, u.ID)
	}
	return u, found, err
}

// latest picks the upload that was begun last of those that `user` began with this file.
func latest(uploads []api.Upload, user string, file origin) (u api.Upload, found bool) {
	uploads = slices.DeleteFunc(uploads, func(u api.Upload) bool {
		return u.UploadedBy != user || u.Size != file.size || u.FileName != file.name
	})
	if len(uploads) == 0 {
		return u, false
	}
	return slices.MaxFunc(uploads, func(a, b api.Upload) int { return a.CreatedAt.Compare(b.CreatedAt) }), true
}

// arrivedOf are the parts that have arrived of an upload, by number.
func arrivedOf(u api.Upload) map[int]api.UploadedPart {
	arrived := map[int]api.UploadedPart{}
	for _, a := range u.Parts {
		arrived[a.PartNumber] = a
	}
	return arrived
}

// has reports whether the part that arrived is that part of the file, whose bytes content reads. S3's
// ETag of a part is the MD5 of its bytes. Where it is something else, a part counts if the file was not
// changed since the upload began. Neither need be proof: the checksum of the whole file is, at the end.
func (o origin) has(want part, content io.Reader, arrived api.UploadedPart, u api.Upload) (bool, error) {
	if arrived.PartNumber != want.number || arrived.Size != want.size {
		return false, nil
	}
	if raw, err := hex.DecodeString(arrived.ETag); err != nil || len(raw) != md5.Size {
		return !o.modified.IsZero() && o.modified.Before(u.CreatedAt), nil
	}
	h := md5.New()
	_, err := io.Copy(h, content)
	return hex.EncodeToString(h.Sum(nil)) == arrived.ETag, err
}
