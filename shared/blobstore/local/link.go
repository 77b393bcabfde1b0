package local

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/keyring"
)

// Prefix is the path under which Handler answers links.
const Prefix = "/_blobs/"

// A link is Prefix, the key, and a query that says all else that it allows; the last member of
// the query is an HMAC-SHA256 over the method, the key and the rest of the query.
const (
	uploadID   = "upload"    // id of the upload that a part is for
	partNumber = "part"      // number of the part
	fileName   = "filename"  // for Content-Disposition
	mediaType  = "type"      // Content-Type of the answer
	expiry     = "expires"   // seconds since 1970
	keyID      = "key"       // names the key of the signature
	signature  = "signature" // base64url
)

// SignPart returns a link to PUT a part.
func (s *Store) SignPart(ctx context.Context, u blobstore.Upload, n int, ttl time.Duration) (blobstore.Link, error) {
	if err := blobstore.CheckPart(u, n, 0); err != nil {
		return blobstore.Link{}, err
	}
	return s.link(ctx, http.MethodPut, u.Key, ttl, url.Values{uploadID: {u.ID}, partNumber: {strconv.Itoa(n)}})
}

// SignGet returns a link to GET an object, or ask for its HEAD.
func (s *Store) SignGet(ctx context.Context, key string, o blobstore.LinkOptions) (blobstore.Link, error) {
	query := url.Values{mediaType: {o.MediaType()}}
	if o.FileName != "" {
		query.Set(fileName, o.FileName)
	}
	return s.link(ctx, http.MethodGet, key, o.TTL, query)
}

func (s *Store) link(ctx context.Context, method, key string, ttl time.Duration, query url.Values) (blobstore.Link, error) {
	if err := blobstore.CheckLink(key, ttl); err != nil {
		return blobstore.Link{}, err
	}
	ring, err := s.keys(ctx, "")
	if err != nil {
		return blobstore.Link{}, fmt.Errorf("the keys of links: %w", err)
	}
	signer, ok := ring.Current(s.now())
	if !ok {
		return blobstore.Link{}, errors.New("no key signs links yet")
	}
	expires := s.now().Add(ttl).Truncate(time.Second)
	query.Set(expiry, strconv.FormatInt(expires.Unix(), 10))
	query.Set(keyID, signer.ID)
	query.Set(signature, sign(signer, method, key, query))
	return blobstore.Link{Method: method, URL: s.baseFor(ctx) + Prefix + key + "?" + query.Encode(), Expires: expires}, nil
}

type overTLS struct{}

// OverTLS returns a context in which links begin with https, for a client that has come so to a
// registry whose links begin with http otherwise: both are answered at the same place.
func OverTLS(ctx context.Context) context.Context { return context.WithValue(ctx, overTLS{}, true) }

func (s *Store) baseFor(ctx context.Context) string {
	rest, plain := strings.CutPrefix(s.base, "http://")
	if plain && ctx.Value(overTLS{}) != nil {
		return "https://" + rest
	}
	return s.base
}

// sign signs the query as a whole, in its one canonical form, so that nothing can be added to a
// link, taken from it, or moved between its members.
func sign(by keyring.Key, method, key string, query url.Values) string {
	mac := hmac.New(sha256.New, by.Secret)
	mac.Write([]byte(method + "\n" + key + "\n" + query.Encode()))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// verify returns the key and the query of a request made with a valid link.
func (s *Store) verify(r *http.Request) (key string, query url.Values, err error) {
	key = strings.TrimPrefix(r.URL.Path, Prefix)
	query, err = url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", nil, errForged
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	ring, err := s.keys(r.Context(), query.Get(keyID))
	if err != nil {
		return "", nil, fmt.Errorf("the keys of links: %w", err)
	}
	by, known := ring.Named(query.Get(keyID))
	given := query[signature]
	query.Del(signature)
	if !known || len(given) != 1 || !hmac.Equal([]byte(given[0]), []byte(sign(by, method, key, query))) {
		return "", nil, errForged
	}
	expires, err := strconv.ParseInt(query.Get(expiry), 10, 64)
	if err != nil || !s.now().Before(time.Unix(expires, 0)) {
		return "", nil, errExpired
	}
	return key, query, nil
}
