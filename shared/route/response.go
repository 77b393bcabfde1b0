package route

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// Redirect is a response that sends the client elsewhere for the bytes.
type Redirect struct {
	URL string
}

// Document is a response that is written as it is.
type Document struct {
	ContentType string
	Body        []byte
	// ETag, with its quotes; empty for none. A request that has it is answered 304.
	ETag string
	// Vary names the request headers that the answer depends on.
	Vary string
	// Policy is the Content-Security-Policy of a page (PagePolicy); empty: nothing in it runs or is
	// loaded.
	Policy string
	// Encoding is how the body is compressed: gzip, or empty for not at all.
	Encoding string
	// Stale says why this may be older than it should be (RFC 7234 §5.5.1); empty: it is not.
	Stale string
	// MaxAge is for how many seconds it may be shown without another look; 0 leaves that open.
	MaxAge int
	// Status is the response's; 0: the row's.
	Status int
}

// Sketch is a response to HEAD that tells about bytes which are elsewhere.
type Sketch struct {
	ContentType string
	Size        int64
	ETag        string
}

// Accepted is a response whose status differs from the row's from case to case.
type Accepted interface {
	// HTTPStatus returns the status, or 0 for the row's.
	HTTPStatus() int
}

func write(w http.ResponseWriter, r *http.Request, row Row, response any) error {
	switch resp := response.(type) {
	case Redirect:
		w.Header().Set("Location", resp.URL)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusFound)
		return nil
	case Sketch:
		w.Header().Set("Content-Type", resp.ContentType)
		w.Header().Set("Content-Length", strconv.FormatInt(resp.Size, 10))
		w.Header().Set("ETag", resp.ETag)
		w.Header().Set("Accept-Ranges", "bytes")
		w.WriteHeader(http.StatusOK)
		return nil
	case Document:
		return writeDocument(w, r, row, resp)
	case Reply:
		return writeBytes(w, resp.Status, jsonType, resp.Body)
	default:
		if done, err := writeLines(w, r, row, response); done {
			return err
		}
		body, err := json.Marshal(response)
		if err != nil {
			return err
		}
		linkNext(w, r, response)
		if notModified(w, r, etagOf(response, body)) {
			return nil
		}
		return writeBytes(w, statusOf(row, response), jsonType, body)
	}
}

const jsonType = "application/json; charset=utf-8"

// notModified tells the ETag, unless it is empty, to who reads; who has that already is answered 304.
// Whatever a caller got with a token is kept by nobody but the caller.
func notModified(w http.ResponseWriter, r *http.Request, etag string) bool {
	if etag == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	w.Header().Set("ETag", etag)
	if registry.AuthorOf(r.Context()).Account != 0 {
		w.Header().Set("Cache-Control", "private, no-cache")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	if !Matches(r.Header.Get("If-None-Match"), etag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

func statusOf(row Row, response any) int {
	if a, ok := response.(Accepted); ok && a.HTTPStatus() != 0 {
		return a.HTTPStatus()
	}
	if row.Status != 0 {
		return row.Status
	}
	return http.StatusOK
}

func writeDocument(w http.ResponseWriter, r *http.Request, row Row, doc Document) error {
	h := w.Header()
	if doc.MaxAge > 0 {
		h.Set("Cache-Control", "max-age="+strconv.Itoa(doc.MaxAge))
	}
	if doc.Stale != "" {
		h.Set("Warning", "110 boxvault "+strconv.Quote(doc.Stale))
	}
	if doc.Vary != "" {
		h.Add("Vary", doc.Vary)
	}
	if doc.Encoding != "" {
		h.Set("Content-Encoding", doc.Encoding)
	}
	if doc.Policy != "" {
		h.Set("Content-Security-Policy", doc.Policy)
	}
	if strings.HasPrefix(doc.ContentType, "image/") { // pages elsewhere show it, such as a readme its badge
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if notModified(w, r, doc.ETag) {
		return nil
	}
	return writeBytes(w, cmp.Or(doc.Status, statusOf(row, doc)), doc.ContentType, doc.Body)
}

// writeBytes sends no body of its own accord on HEAD: net/http and the gateway leave it out, and
// Content-Length still tells. What says nothing about it is not to be kept by anybody.
func writeBytes(w http.ResponseWriter, status int, contentType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	// A client that went away is no fault of the registry.
	_, _ = w.Write(body)
	return nil
}

// errorBody is the BoxVault dialect.
type errorBody struct {
	Success bool           `json:"success"`
	Error   string         `json:"error"`
	Message string         `json:"message"`
	Details map[string]any `json:"details,omitempty"`
}

// vagrantErrorBody is what the vagrant_cloud gem and Packer read.
type vagrantErrorBody struct {
	Errors  []string `json:"errors"`
	Success bool     `json:"success"`
}

// writeError sends an error in the row's dialect. The connection is closed when the body was not
// read, so that a refused upload is not drained first.
func writeError(w http.ResponseWriter, row Row, e *registry.Error) {
	kind := registry.Kinds[e.Kind]
	if wait, ok := e.Details[registry.RetryAfter].(int); ok {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	if row.Dialect == Text {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_ = writeBytes(w, kind.Status, "text/plain; charset=utf-8", []byte(e.Message+"\n"))
		return
	}
	var body any = errorBody{Error: kind.Code, Message: e.Message, Details: e.Details}
	scheme := "Bearer"
	switch row.Dialect {
	case Vagrant:
		body = vagrantErrorBody{Errors: sentences(e)}
	case HCP:
		body = statusOfError(e)
	case OAuth:
		body, scheme = oauthErrorOf(e), "Basic"
	}
	if kind.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", scheme+` realm="boxvault"`)
	}
	raw, err := json.Marshal(body)
	if err != nil { // a detail that is no JSON: the message still goes out
		raw = []byte(`{"success":false,"error":"INTERNAL_ERROR","message":"internal error"}`)
	}
	_ = writeBytes(w, kind.Status, jsonType, raw)
}

// sentences are what is wrong: for each field, where fields are wrong.
func sentences(e *registry.Error) (list []string) {
	if e.Kind == registry.Invalid {
		for _, field := range slices.Sorted(maps.Keys(e.Details)) {
			list = append(list, fmt.Sprintf("%s %v", field, e.Details[field]))
		}
	}
	if len(list) == 0 {
		list = []string{e.Message}
	}
	return list
}

// Paged is a list that may go on. It is written as a plain array; where to go on is told in a
// Link header with rel="next" (RFC 8288).
type Paged[T any] struct {
	Items []T
	// After is the `after` parameter of the following page; empty on the last one.
	After string
}

// MarshalJSON writes the items.
func (p Paged[T]) MarshalJSON() ([]byte, error) { return json.Marshal(p.Items) }

func (p Paged[T]) after() string { return p.After }

// linkNext tells where a list goes on.
func linkNext(w http.ResponseWriter, r *http.Request, response any) {
	paged, ok := response.(interface{ after() string })
	if !ok || paged.after() == "" {
		return
	}
	query := r.URL.Query()
	query.Set("after", paged.after())
	query.Del("access_token")
	w.Header().Set("Link", "<"+r.URL.EscapedPath()+"?"+query.Encode()+`>; rel="next"`)
}
