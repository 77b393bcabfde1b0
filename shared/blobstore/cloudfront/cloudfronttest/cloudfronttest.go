// Package cloudfronttest is an edge location of a CloudFront distribution for tests, in this process.
//
// It holds a request against its signature as CloudFront is documented to, with canned and custom policies and
// the keys of a key group, and answers from a store where CloudFront asks the bucket. All else is refused.
package cloudfronttest

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/keyring"
)

// Edge answers signed URLs.
type Edge struct {
	URL   string // scheme and host
	store blobstore.Store
	now   func() time.Time

	mu    sync.Mutex
	group map[string]*ecdsa.PublicKey // the key group, by the ids of its keys
}

// Start starts an edge in front of a store, with a key group that is empty. It ends with the test.
func Start(t testing.TB, store blobstore.Store, now func() time.Time) *Edge {
	t.Helper()
	e := &Edge{store: store, now: now, group: map[string]*ecdsa.PublicKey{}}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	e.URL = server.URL
	return e
}

// NewKey makes a key, adds its public half to the key group, and returns what signs with it.
func (e *Edge) NewKey(t testing.TB, id string) *cloudfront.Edge {
	t.Helper()
	secret, public, err := cloudfront.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	e.AddKey(t, id, public)
	signer, err := cloudfront.At(e.URL, keyring.Ring{{ID: id, Secret: secret}}, e.now())
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// AddKey adds a public key (PEM) to the key group.
func (e *Edge) AddKey(t testing.TB, id, public string) {
	t.Helper()
	block, _ := pem.Decode([]byte(public))
	if block == nil {
		t.Fatalf("the public key is %q", public)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.group[id] = key.(*ecdsa.PublicKey)
}

// RemoveKey takes a key out of the key group.
func (e *Edge) RemoveKey(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.group, id)
}

func (e *Edge) key(id string) *ecdsa.PublicKey {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.group[id]
}

// ServeHTTP answers GET and HEAD of a signed URL.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, inFiles := strings.CutPrefix(r.URL.Path, cloudfront.Path)
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !inFiles || !e.signed(r) {
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	}
	object, err := e.store.Head(r.Context(), key)
	if errors.Is(err, blobstore.ErrNotFound) { // S3 says so to a distribution that may list the bucket
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	if err != nil {
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	}
	q := r.URL.Query()
	w.Header().Set("Content-Type", q.Get(cloudfront.ContentType))
	if d := q.Get(cloudfront.ContentDisposition); d != "" {
		w.Header().Set("Content-Disposition", d)
	}
	w.Header().Set("ETag", strconv.Quote(object.ETag))
	http.ServeContent(noRange{w}, r, "", time.Time{}, &content{r.Context(), e.store, key, object.Size, 0})
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code></Error>")
}

// noRange leaves Content-Range out of a 416, as S3 does.
type noRange struct{ http.ResponseWriter }

func (w noRange) WriteHeader(status int) {
	if status == http.StatusRequestedRangeNotSatisfiable {
		w.Header().Del("Content-Range")
	}
	w.ResponseWriter.WriteHeader(status)
}

// content is an object to be read from anywhere.
type content struct {
	ctx   context.Context
	store blobstore.Store
	key   string
	size  int64
	at    int64
}

// Seek moves to where the next Read begins.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
		c.at = offset
	case io.SeekCurrent:
		c.at += offset
	case io.SeekEnd:
		c.at = c.size + offset
	}
	return c.at, nil
}

// Read reads from where Seek or the last Read left off.
func (c *content) Read(p []byte) (int, error) {
	r, err := c.store.Open(c.ctx, c.key, c.at)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n, err := io.ReadFull(r, p)
	c.at += int64(n)
	if err == io.ErrUnexpectedEOF {
		err = nil
	}
	return n, err
}

// base is the URL that a request was made with, without what CloudFront takes out of its query.
func (e *Edge) base(r *http.Request) (base string, own url.Values) {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	own = url.Values{}
	var rest []string
	for _, member := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(member, "=")
		switch name {
		case expires, policy, signature, keyPair, algorithm:
			own.Add(name, value)
		default:
			rest = append(rest, member)
		}
	}
	base = e.scheme() + "://" + r.Host + path
	if text := strings.Join(rest, "&"); text != "" {
		base += "?" + text
	}
	return base, own
}

func (e *Edge) scheme() string {
	scheme, _, _ := strings.Cut(e.URL, "://")
	return scheme
}
