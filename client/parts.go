package client

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

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

// unfinished finds the caller's latest upload of this very file to the target.
func (p *push) unfinished(ctx context.Context) (u api.Upload, found bool, err error) {
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
func latest(uploads []api.Upload, user string, f *local) (u api.Upload, found bool) {
	uploads = slices.DeleteFunc(uploads, func(u api.Upload) bool {
		return u.UploadedBy != user || u.Size != f.size || u.FileName != f.base()
	})
	if len(uploads) == 0 {
		return u, false
	}
	return slices.MaxFunc(uploads, func(a, b api.Upload) int { return a.CreatedAt.Compare(b.CreatedAt) }), true
}

// missing leaves out the parts that have arrived with the bytes that the file has now.
func (p *push) missing(ctx context.Context, u api.Upload, parts []part) ([]part, error) {
	if len(u.Parts) == 0 {
		return parts, nil
	}
	arrived := map[int]api.UploadedPart{}
	for _, a := range u.Parts {
		arrived[a.PartNumber] = a
	}
	p.progress.Enter(Comparing, p.file.size, 0)
	there := map[int]bool{}
	for _, part := range parts {
		same, err := p.file.has(ctx, part, arrived[part.number], u)
		if err != nil {
			return nil, err
		}
		there[part.number] = same
		p.progress.Moved(part.size)
	}
	return slices.DeleteFunc(parts, func(part part) bool { return there[part.number] }), nil
}

// has reports whether the part that arrived is that part of the file. S3's ETag of a part is the
// MD5 of its bytes. Where it is something else, a part counts if the file was not changed since
// the upload began. Neither need be proof: the checksum of the whole file is, at the end.
func (l *local) has(ctx context.Context, want part, arrived api.UploadedPart, u api.Upload) (bool, error) {
	if arrived.PartNumber != want.number || arrived.Size != want.size {
		return false, nil
	}
	if raw, err := hex.DecodeString(arrived.ETag); err != nil || len(raw) != md5.Size {
		return l.modified.Before(u.CreatedAt), nil
	}
	h := md5.New()
	_, err := io.Copy(h, &cancelled{ctx, io.NewSectionReader(l, want.offset, want.size)})
	return hex.EncodeToString(h.Sum(nil)) == arrived.ETag, err
}
