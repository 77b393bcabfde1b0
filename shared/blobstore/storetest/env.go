package storetest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
)

const ttl = 10 * time.Minute // of links that are to be used

// env is a test and its store. Its methods do what must succeed, and end the test if it does not.
type env struct {
	testing.TB
	Target
}

func newKey() string { return strings.ToLower(rand.Text()) }

// noise is size bytes that are the same for the same seed, and compress to nothing smaller.
func noise(seed byte, size int64) []byte {
	b := make([]byte, size)
	mathrand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

func (e *env) wantError(err, want error) {
	e.Helper()
	if !errors.Is(err, want) {
		e.Errorf("error %v, want: %v", err, want)
	}
}

// begin starts an upload in parts of MinPart.
func (e *env) begin() blobstore.Upload {
	e.Helper()
	u, err := e.Store.Begin(e.Context(), newKey(), blobstore.MinPart)
	e.must(err)
	return u
}

func (e *env) putPart(u blobstore.Upload, n int, b []byte) blobstore.Part {
	e.Helper()
	p, err := e.Store.PutPart(e.Context(), u, n, bytes.NewReader(b), int64(len(b)))
	e.must(err)
	if p.Number != n || p.Size != int64(len(b)) || p.ETag == "" || strings.Contains(p.ETag, `"`) {
		e.Fatalf("part %d of %d bytes came out as %+v", n, len(b), p)
	}
	return p
}

func (e *env) parts(u blobstore.Upload) []blobstore.Part {
	e.Helper()
	list, err := e.Store.Parts(e.Context(), u)
	e.must(err)
	return list
}

func (e *env) complete(u blobstore.Upload, parts ...blobstore.Part) blobstore.Object {
	e.Helper()
	o, err := e.Store.Complete(e.Context(), u, parts)
	e.must(err)
	return o
}

// wantObject reads an object back and compares it with the bytes that went up.
func (e *env) wantObject(key string, content ...[]byte) {
	e.Helper()
	want := bytes.Join(content, nil)
	o, err := e.Store.Head(e.Context(), key)
	e.must(err)
	if o.Size != int64(len(want)) || o.ETag == "" {
		e.Errorf("the object is %+v, want %d bytes", o, len(want))
	}
	if got := e.read(key, 0); sum(got) != sum(want) {
		e.Errorf("the object has %d other bytes than went up", len(got))
	}
}

func (e *env) wantNoObject(key string) {
	e.Helper()
	_, err := e.Store.Head(e.Context(), key)
	e.wantError(err, blobstore.ErrNotFound)
}

func (e *env) read(key string, offset int64) []byte {
	e.Helper()
	r, err := e.Store.Open(e.Context(), key, offset)
	e.must(err)
	b, err := io.ReadAll(r)
	e.must(errors.Join(err, r.Close()))
	return b
}

// store makes an object with content, of one part.
func (e *env) store(content []byte) (key string) {
	e.Helper()
	key = newKey()
	e.storeAs(key, content)
	return key
}

func (e *env) storeAs(key string, content []byte) {
	e.Helper()
	u, err := e.Store.Begin(e.Context(), key, blobstore.MinPart)
	e.must(err)
	e.complete(u, e.putPart(u, 1, content))
}
