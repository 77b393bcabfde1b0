package route

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"

	"github.com/boxvault/boxvault/shared/registry"
)

// Reply is a JSON answer as it went out.
type Reply struct {
	Status int
	Body   []byte
}

// Once does what a request asks for, unless the caller made that same request with the same key
// before: then it returns the answer of that time, and true. Request tells requests apart.
//
// Errors of its own are of kind KeyReused, when the key came with another request before, and
// Conflict, while the first request is still being done.
type Once func(ctx context.Context, caller registry.Caller, key string, request [sha256.Size]byte, do func() (Reply, error)) (Reply, bool, error)

const idempotencyKey = "Idempotency-Key"

// once runs a handler, and looks after the Idempotency-Key of a request that makes something
// (draft-ietf-httpapi-idempotency-key-header). Strangers have no name under which to keep an answer.
func (s Shell) once(w http.ResponseWriter, r *http.Request, row Row, caller registry.Caller, h handler) (any, error) {
	key := r.Header.Get(idempotencyKey)
	if key == "" || s.Once == nil || !caller.Known() || !row.makes(r) {
		return h(r, caller)
	}
	if !isKey(key) {
		return nil, registry.Wrong(idempotencyKey, "must be 1 to 255 visible ASCII characters, such as a UUID")
	}
	body, err := readJSON(r)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer, again, err := s.Once(r.Context(), caller, key, fingerprint(row, r, body), func() (Reply, error) {
		response, err := h(r, caller)
		if err != nil {
			return Reply{}, err
		}
		body, err := json.Marshal(response)
		return Reply{Status: statusOf(row, response), Body: body}, err
	})
	if again {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	return answer, err
}

// makes reports whether a request makes something new each time that it is made.
func (r Row) makes(req *http.Request) bool {
	return r.Status == http.StatusCreated && req.Method == http.MethodPost && !r.Handler.Streams()
}

// fingerprint leaves the query out: a token may be in it, and be another one by now.
func fingerprint(row Row, r *http.Request, body []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(row.Name+"\n"+r.URL.EscapedPath()+"\n"), body...))
}

func isKey(key string) bool {
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return len(key) <= 255
}
