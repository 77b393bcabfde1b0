package route

import (
	"encoding/json"
	"net/http"
	"strconv"

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
	default:
		if done, err := writeLines(w, r, row, response); done {
			return err
		}
		body, err := json.Marshal(response)
		if err != nil {
			return err
		}
		linkNext(w, r, response)
		return writeBytes(w, statusOf(row, response), "application/json; charset=utf-8", body)
	}
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
	if doc.Vary != "" {
		w.Header().Set("Vary", doc.Vary)
	}
	if doc.ETag != "" {
		w.Header().Set("ETag", doc.ETag)
		w.Header().Set("Cache-Control", "no-cache")
		if Matches(r.Header.Get("If-None-Match"), doc.ETag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	return writeBytes(w, statusOf(row, doc), doc.ContentType, doc.Body)
}

// writeBytes sends no body of its own accord on HEAD: net/http and the gateway leave it out, and
// Content-Length still tells.
func writeBytes(w http.ResponseWriter, status int, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
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
	var body any = errorBody{Error: kind.Code, Message: e.Message, Details: e.Details}
	if row.Dialect == Vagrant {
		body = vagrantErrorBody{Errors: []string{e.Message}}
	}
	if kind.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="boxvault"`)
	}
	raw, err := json.Marshal(body)
	if err != nil { // a detail that is no JSON: the message still goes out
		raw = []byte(`{"success":false,"error":"INTERNAL_ERROR","message":"internal error"}`)
	}
	_ = writeBytes(w, kind.Status, "application/json; charset=utf-8", raw)
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
