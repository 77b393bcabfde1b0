package storetest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// client is somebody who holds a link. As curl does, it waits for the server's go-ahead before it
// sends a body, so that a refusal reaches it however large the body is.
var client = &http.Client{
	Transport: &http.Transport{ExpectContinueTimeout: 10 * time.Second, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return errors.New("a link must be answered by who signed it")
	},
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (e *env) do(r *http.Request) answer {
	e.Helper()
	a, err := send(r)
	e.must(err)
	return a
}

func send(r *http.Request) (answer, error) {
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, body}, err
}

func (e *env) request(method, url string, body io.Reader) *http.Request {
	e.Helper()
	r, err := http.NewRequestWithContext(e.Context(), method, url, body)
	e.must(err)
	if body != nil {
		r.Header.Set("Expect", "100-continue")
	}
	return r
}

func (e *env) put(l blobstore.Link, content []byte) answer {
	e.Helper()
	return e.do(e.request(l.Method, l.URL, bytes.NewReader(content)))
}

func (e *env) get(l blobstore.Link, header ...string) answer {
	e.Helper()
	r := e.request(l.Method, l.URL, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return e.do(r)
}

// putCut sends half of the content and breaks the connection.
func (e *env) putCut(l blobstore.Link, content []byte) {
	e.Helper()
	half := io.MultiReader(bytes.NewReader(content[:len(content)/2]), failing{errCut})
	r := e.request(l.Method, l.URL, half)
	r.ContentLength = int64(len(content))
	if _, err := send(r); !errors.Is(err, errCut) {
		e.Fatalf("the transfer ended with %v, it was to be cut", err)
	}
}

var errCut = errors.New("the line was cut")

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (e *env) wantStatus(want int, a answer) {
	e.Helper()
	if a.status != want {
		e.Errorf("status %d, want %d: %s", a.status, want, a.body)
	}
}

// wantRefused wants a refusal of the link itself. S3 says 403 to a wrong signature; where a member
// of the query is missing, or has not the form it should, a server may not come to look at that.
func (e *env) wantRefused(what string, a answer) {
	e.Helper()
	switch a.status {
	case http.StatusForbidden, http.StatusBadRequest, http.StatusMethodNotAllowed:
	default:
		e.Errorf("%s: status %d, want a refusal: %s", what, a.status, a.body)
	}
}

func (e *env) signPart(u blobstore.Upload, n int) blobstore.Link {
	e.Helper()
	return e.link(e.Store.SignPart(e.Context(), u, n, ttl))
}

func (e *env) signGet(key string) blobstore.Link {
	e.Helper()
	return e.link(e.Store.SignGet(e.Context(), key, blobstore.LinkOptions{TTL: ttl}))
}

// link checks what is true of every link.
func (e *env) link(l blobstore.Link, err error) blobstore.Link {
	e.Helper()
	e.must(err)
	if l.Method != http.MethodGet && l.Method != http.MethodPut {
		e.Fatalf("a link to %s", l.Method)
	}
	return l
}
