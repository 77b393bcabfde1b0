// Package cloudfront has downloads go through a CloudFront distribution: it is another blobstore with
// links of its own to what is in there. All else the store behind it does.
//
// A link is a signed URL of the distribution below Path, good for GET and for HEAD, whole and by
// ranges. The distribution has to demand one, of a key group that knows the public key, and to pass
// response-content-type and response-content-disposition on to the bucket, which answers with them.
package cloudfront

import (
	"context"
	"crypto/ecdsa"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Path is where a distribution has the objects, each by its key.
const Path = "/files/"

// MaxSize is the size in bytes of the largest object that CloudFront answers with. Source:
// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html.
const MaxSize = 50 << 30

// The members of a query that S3 answers with as headers. Source:
// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html.
const (
	ContentType        = "response-content-type"
	ContentDisposition = "response-content-disposition"
)

// Edge is a distribution and the key that links to it are signed with.
type Edge struct {
	// URL is where clients reach the distribution: scheme and host.
	URL string
	// KeyID is CloudFront's own name for the public key.
	KeyID string
	Key   *ecdsa.PrivateKey // on P-256
}

// Store is the store behind the distribution, with links to the distribution.
type Store struct {
	blobstore.Store
	edge func(context.Context) (*Edge, error)
	now  func() time.Time
}

var (
	_ blobstore.Store = (*Store)(nil)
	_ blobstore.Seer  = (*Store)(nil)
)

// Open puts a distribution in front of a store. edge is asked for every link; where it answers nil
// there is no distribution, and the link is the store's own.
func Open(behind blobstore.Store, edge func(context.Context) (*Edge, error), now func() time.Time) *Store {
	return &Store{behind, edge, now}
}

// SignGet returns a signed URL to GET an object, or ask for its HEAD. For one that is too large for CloudFront
// it is the store's own.
func (s *Store) SignGet(ctx context.Context, key string, o blobstore.LinkOptions) (blobstore.Link, error) {
	if err := blobstore.CheckLink(key, o.TTL); err != nil {
		return blobstore.Link{}, err
	}
	if o.Size > MaxSize {
		return s.Store.SignGet(ctx, key, o)
	}
	e, err := s.edge(ctx)
	if err != nil {
		return blobstore.Link{}, err
	}
	if e == nil {
		return s.Store.SignGet(ctx, key, o)
	}
	expires := s.now().Add(o.TTL).Truncate(time.Second)
	signed, err := e.sign(e.URL+Path+key+"?"+query(o), expires)
	return blobstore.Link{Method: http.MethodGet, URL: signed, Expires: expires}, err
}

// query is what S3 is to answer with. A space is %20: what S3 makes of a plus is nowhere written.
func query(o blobstore.LinkOptions) string {
	q := url.Values{ContentType: {o.MediaType()}}
	if d := o.Disposition(); d != "" {
		q.Set(ContentDisposition, d)
	}
	return strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Seen asks the store behind.
func (s *Store) Seen(key string) (sum string, ok bool) { return blobstore.Seen(s.Store, key) }
