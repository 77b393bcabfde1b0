package route_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Place and Body stand in a Request as the paths and bodies of package api stand in real ones.
type Place struct {
	Box string `path:"box" json:"-"`
}

type Body struct {
	Text   string             `json:"text"`
	Yes    *bool              `json:"yes"`
	Number int64              `json:"number"`
	List   []string           `json:"list"`
	Inner  struct{ Deep int } `json:"inner"`
}

type Request struct {
	Place
	Body
	Limit int    `query:"limit" json:"-"`
	Fresh *bool  `query:"fresh" json:"-"`
	Chunk *int   `header:"X-Chunk" json:"-"`
	Note  string `header:"X-Note" json:"-"`
}

// service remembers what its handler was called with, and answers as it is told.
type service struct {
	called bool
	caller registry.Caller
	got    Request
	answer any
	err    error
	panics any
}

func (s *service) Do(_ context.Context, caller registry.Caller, req Request) (any, error) {
	s.called, s.caller, s.got = true, caller, req
	if s.panics != nil {
		panic(s.panics)
	}
	return s.answer, s.err
}

// callers are known to the tests by their tokens.
var callers = map[string]registry.Caller{
	"ada": {Account: 1, Username: "ada"}, "robot": {Account: 1, Username: "robot", ServiceAccount: 2, Scope: 7},
}

func identify(r *http.Request) (registry.Caller, error) {
	token := r.Header.Get("X-Access-Token")
	if caller, ok := callers[token]; ok || token == "" {
		return caller, nil
	}
	return registry.Caller{}, registry.Errorf(registry.Unauthenticated, "the token is not valid")
}

// serve runs a row's handler for one request.
func serve(s *service, row route.Row, r *http.Request) *httptest.ResponseRecorder {
	answer, _ := serveLogged(s, row, r)
	return answer
}

// serveLogged also returns what was logged.
func serveLogged(s *service, row route.Row, r *http.Request) (*httptest.ResponseRecorder, string) {
	var log bytes.Buffer
	row.Pattern, row.Name, row.Handler = "/box/{box}", "Do", route.To((*service).Do)
	shell := route.Shell{Identify: identify, Log: slog.New(slog.NewJSONHandler(&log, nil))}
	mux := http.NewServeMux()
	mux.Handle(row.Pattern, shell.Handler(row, s))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w, log.String()
}

func post(body string, header ...string) *http.Request {
	return withHeader(httptest.NewRequest("POST", "/box/debian", strings.NewReader(body)), header...)
}

func withHeader(r *http.Request, header ...string) *http.Request {
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// failure is an error in the BoxVault dialect.
type failure struct {
	Success *bool
	Error   string
	Message string
	Details map[string]any
}

// wantFailure fails the test unless the answer is an error of the kind in the documented shape.
func wantFailure(t *testing.T, w *httptest.ResponseRecorder, kind registry.Kind) (f failure) {
	t.Helper()
	want := registry.Kinds[kind]
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil || decoder.Decode(&f) != io.EOF {
		t.Fatalf("the error is not one JSON object of the documented shape: %v", err)
	}
	if w.Code != want.Status || f.Error != want.Code || f.Success == nil || *f.Success || f.Message == "" {
		t.Fatalf("%d %+v, want %d %s", w.Code, f, want.Status, want.Code)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("the error has the type %s", got)
	}
	return f
}
