package route_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// failing answers with an error.
type failing struct{ err error }

func (f failing) Fail(context.Context, registry.Caller, route.Nothing) (route.Nothing, error) {
	return route.Nothing{}, f.err
}

func told(t *testing.T, d route.Dialect, err error) (status int, body map[string]any, challenge string) {
	t.Helper()
	row := route.Row{Pattern: "GET /x", Name: "X", Dialect: d, Handler: route.To(failing.Fail)}
	shell := route.Shell{Identify: identify}
	w := httptest.NewRecorder()
	shell.Handler(row, failing{err}).ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return w.Code, body, w.Header().Get("WWW-Authenticate")
}

// Each kind of error has the code that google/rpc/code.proto gives its meaning, with the HTTP status that
// goes with it here.
func TestEveryKindHasItsRPCCode(t *testing.T) {
	codes := map[registry.Kind]float64{
		registry.Internal: 13, registry.Invalid: 3, registry.Unauthenticated: 16, registry.TokenExpired: 16,
		registry.Forbidden: 7, registry.NotFound: 5, registry.Timeout: 4, registry.Conflict: 6, registry.TooLarge: 3,
		registry.ChunkTooLarge: 3, registry.BadUpload: 3, registry.RateLimited: 8, registry.Renamed: 5,
		registry.Full: 8, registry.Outdated: 9, registry.KeyReused: 3, registry.Upstream: 14, registry.Busy: 14,
	}
	for kind, k := range registry.Kinds {
		e := registry.Errorf(registry.Kind(kind), "a message").With("maxSize", 5)
		status, body, _ := told(t, route.HCP, e)
		if want, ok := codes[registry.Kind(kind)]; !ok || status != k.Status || body["code"] != want {
			t.Errorf("%s is answered %d %v", k.Code, status, body)
		}
	}
	_, body, _ := told(t, route.HCP, &registry.Error{Kind: registry.Conflict, Message: "another change came first", Retry: true})
	if body["code"] != 10.0 {
		t.Errorf("a change that came in between is %v", body)
	}
}

func TestDetailsOfAnRPCError(t *testing.T) {
	_, body, _ := told(t, route.HCP, registry.Errorf(registry.TooLarge, "too large").With("maxSize", 5).With("X-Chunk-Index", 1))
	want := []any{map[string]any{
		"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "FILE_TOO_LARGE", "domain": "boxvault",
		"metadata": map[string]any{"max_size": "5", "X-Chunk-Index": "1"},
	}}
	if !reflect.DeepEqual(body["details"], want) || body["message"] != "too large" {
		t.Errorf("got %v", body)
	}
	_, body, _ = told(t, route.HCP, registry.Fields{"checksumType": "must be one", "name": "must not be empty"}.Err())
	want = []any{map[string]any{"@type": "type.googleapis.com/google.rpc.BadRequest", "field_violations": []any{
		map[string]any{"field": "checksum_type", "description": "must be one"}, map[string]any{"field": "name", "description": "must not be empty"},
	}}}
	if !reflect.DeepEqual(body["details"], want) || body["message"] != "checksum_type must be one; name must not be empty" {
		t.Errorf("got %v", body)
	}
}

func TestErrorsOfOAuth(t *testing.T) {
	for _, c := range []struct {
		err       error
		status    int
		code      string
		challenge string
	}{
		{registry.Errorf(registry.Unauthenticated, "wrong"), 401, "invalid_client", `Basic realm="boxvault"`},
		{registry.ExpiredToken(time.Unix(0, 0)), 401, "invalid_client", `Basic realm="boxvault"`},
		{registry.Wrong("grant_type", "must not be empty"), 400, "invalid_request", ""},
		{registry.Errorf(registry.Invalid, "no").With(route.OAuthCode, "unsupported_grant_type"), 400, "unsupported_grant_type", ""},
		{registry.Errorf(registry.RateLimited, "later"), 429, "invalid_request", ""},
		{context.DeadlineExceeded, 500, "server_error", ""},
		{itemstore.ErrBusy, 503, "temporarily_unavailable", ""},
	} {
		status, body, challenge := told(t, route.OAuth, c.err)
		if status != c.status || body["error"] != c.code || body["error_description"] == "" || len(body) != 2 || challenge != c.challenge {
			t.Errorf("%v is answered %d %v %q", c.err, status, body, challenge)
		}
	}
}
