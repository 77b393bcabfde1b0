// Package blobstore is the port to the store that holds the bytes of box files.
//
// Bytes arrive as a multipart upload, part by part, from a client that holds signed links or
// from a stream through the registry; they leave by a signed link. A key is opaque, is used for
// one upload only and is never overwritten. Implementations: s3 and local (a folder).
package blobstore

import (
	"context"
	"errors"
	"io"
	"time"
)

// Limits of S3, which every store keeps, so that what works on one works on all.
// Source: docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html.
const (
	MinPart  = 5 << 20            // bytes in a part, but for the last one
	MaxPart  = 5 << 30            // bytes in a part
	MaxParts = 10_000             // parts of an upload
	MaxSize  = MaxParts * MaxPart // bytes in an object
)

// Upload names a multipart upload that is under way.
type Upload struct {
	Key string
	// ID is the store's own name for it.
	ID string
	// PartSize is the size in bytes of every part but the last, fixed when the upload begins:
	// part n starts at byte (n-1)*PartSize.
	PartSize int64
}

// Part is a part that has arrived whole.
type Part struct {
	Number int    `json:"partNumber"` // from 1
	Size   int64  `json:"size"`       // bytes
	ETag   string `json:"etag"`       // without quotes
}

// Object tells about a stored object.
type Object struct {
	Size int64 // bytes
	ETag string
}

// Link is a signed request that anyone who holds it may make until it expires.
type Link struct {
	Method  string
	URL     string
	Expires time.Time
}

// LinkOptions say what a download link answers with, beside the bytes.
type LinkOptions struct {
	TTL         time.Duration // how long the link is valid, at most MaxTTL
	FileName    string        // for Content-Disposition; empty leaves it out
	ContentType string        // empty: application/octet-stream
	Size        int64         // of the object in bytes, for stores that give large ones out in another way; 0: not large
}

// Store is the port. Keys are 1–200 letters, digits and `-`, made by the caller. Methods are safe for
// concurrent use.
type Store interface {
	// Begin starts a multipart upload to a key that was never used. partSize is between MinPart
	// and MaxPart.
	Begin(ctx context.Context, key string, partSize int64) (Upload, error)
	// PutPart writes part number n (1…MaxParts) of exactly size bytes from r, in constant memory.
	// A part sent again replaces the former one as a whole; one that breaks off (r fails or is
	// short) leaves the former one, or none: then the error is r's, or io.ErrUnexpectedEOF.
	// ErrPart when size is more than PartSize, or there is no such number; ErrNoUpload when the
	// upload is not there; ErrStalled when the store waited for bytes of r for longer than it does.
	PutPart(ctx context.Context, u Upload, n int, r io.Reader, size int64) (Part, error)
	// SignPart returns a link to PUT part n with, for ttl. The size is what the request says it is
	// (Content-Length); a store may leave it to Complete to refuse what is more than PartSize, but
	// not what is more than MaxPart. The same link may be used again (clients retry): the last
	// whole PUT wins. It ends with the upload, so that who holds it cannot change the object: a
	// file whose size nobody knows goes up by one link, as the only part of an upload in MaxPart.
	SignPart(ctx context.Context, u Upload, n int, ttl time.Duration) (Link, error)
	// Parts lists the parts that have arrived, in the order of their numbers. ErrNoUpload when
	// the upload is not there.
	Parts(ctx context.Context, u Upload) ([]Part, error)
	// Complete makes the object out of the parts given, which must be as they arrived, numbered
	// from 1 without a gap; parts that are not given are dropped. An empty object is one empty
	// part. When it returns nil the object is durable. ErrPart when a part is missing, changed, or
	// too small (all but the last must have PartSize bytes); ErrNoUpload when the upload is not
	// there and neither is the object. Calling it again after it succeeded is no error; of two
	// calls at the same time, one may fail and is then to be made again.
	Complete(ctx context.Context, u Upload, parts []Part) (Object, error)
	// Abort forgets the upload and its parts. No error when it is not there.
	Abort(ctx context.Context, u Upload) error

	// Head tells about an object. ErrNotFound when there is none.
	Head(ctx context.Context, key string) (Object, error)
	// Open reads an object from byte offset on; at its end and behind it, there is nothing to
	// read. ErrNotFound when there is none.
	Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error)
	// SignGet returns a link that answers GET with the object, ranges included.
	SignGet(ctx context.Context, key string, o LinkOptions) (Link, error)
	// Delete removes an object. No error when there is none.
	Delete(ctx context.Context, key string) error
}

// Errors a caller may have to tell apart.
var (
	ErrNotFound = errors.New("no such object")
	ErrNoUpload = errors.New("no such upload")
	ErrPart     = errors.New("a part is missing, changed or too small")
	ErrStalled  = errors.New("the bytes of a part did not come for too long")
	ErrFull     = errors.New("no space left for box files")
	ErrBusy     = errors.New("the store of box files is too busy") // for now, and after some tries
)
