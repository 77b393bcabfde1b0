package gateway_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/boxvault/boxvault/shared/gateway"
)

// golden is one file of testdata: an event, what the handler must see of it, and what it must
// become of what the handler does.
type golden struct {
	Shows    string
	Event    json.RawMessage
	Request  map[string]any // what a seen must have, by its JSON names
	Handler  act
	Response map[string]any // nil when the file is about the request only
}

// seen is a request as a handler behind a ServeMux sees it.
type seen struct {
	Method        string              `json:"method"`
	Path          string              `json:"path"`
	RawPath       string              `json:"rawPath"`
	URI           string              `json:"uri"`
	Query         map[string][]string `json:"query"`
	Pattern       string              `json:"pattern"`
	Parameters    map[string]string   `json:"parameters"`
	Host          string              `json:"host"`
	Scheme        string              `json:"scheme"`
	RemoteAddr    string              `json:"remoteAddr"`
	Header        http.Header         `json:"header"`
	Cookies       map[string]string   `json:"cookies"`
	ContentLength int64               `json:"contentLength"`
	Body          string              `json:"body"`
	BodyBase64    string              `json:"bodyBase64"`
}

// act is what a handler does.
type act struct {
	Status     []int
	Header     http.Header
	LateHeader http.Header // set after the status
	Body       string
	BodyBase64 string
}

// TestGolden walks testdata. The events go through the runtime's own decoding, so the files are
// what Lambda sends and gets.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.json")
	if len(files) < 20 {
		t.Fatalf("only %d golden files", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			g := read(t, file)
			var got seen
			response := invoke(t, routes(func(w http.ResponseWriter, r *http.Request, pattern string) {
				got = look(t, r, pattern)
				g.Handler.do(t, w)
			}), g.Event)
			t.Log(g.Shows)
			compare(t, "request", g.Request, got)
			if g.Response != nil && !reflect.DeepEqual(response, g.Response) {
				t.Errorf("response\n got %v\nwant %v", response, g.Response)
			}
		})
	}
}

func read(t *testing.T, file string) (g golden) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&g); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return g
}

// invoke runs the Lambda handler on an event in JSON and returns its response, from JSON.
func invoke(t *testing.T, h http.Handler, event []byte) (response map[string]any) {
	t.Helper()
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{
		AwsRequestID: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
	})
	raw, err := lambda.NewHandler(gateway.Handler(h)).Invoke(ctx, event)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &response); err != nil {
		t.Fatal(err)
	}
	return response
}

// patterns are routes like the registry's, with the parameters of each.
var patterns = map[string][]string{
	"GET /{organization}/{box}":    {"organization", "box"},
	"DELETE /{organization}/{box}": {"organization", "box"},
	"GET /api/docs/{page...}":      {"page"},
	"POST /api/{rest...}":          {"rest"},
	"/":                            nil,
}

// routes is a ServeMux of the patterns, all with the same handler.
func routes(h func(w http.ResponseWriter, r *http.Request, pattern string)) http.Handler {
	mux := http.NewServeMux()
	for pattern := range patterns {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { h(w, r, pattern) })
	}
	return mux
}

func look(t *testing.T, r *http.Request, pattern string) seen {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	s := seen{
		Method: r.Method, Path: r.URL.Path, RawPath: r.URL.RawPath, URI: r.RequestURI, Query: r.URL.Query(),
		Pattern: pattern, Parameters: map[string]string{}, Host: r.Host, Scheme: r.URL.Scheme,
		RemoteAddr: r.RemoteAddr, Header: r.Header.Clone(), Cookies: map[string]string{},
		ContentLength: r.ContentLength, Body: string(body), BodyBase64: base64.StdEncoding.EncodeToString(body),
	}
	for _, name := range patterns[pattern] {
		s.Parameters[name] = r.PathValue(name)
	}
	for _, cookie := range r.Cookies() {
		s.Cookies[cookie.Name] = cookie.Value
	}
	return s
}

func (a act) do(t *testing.T, w http.ResponseWriter) {
	t.Helper()
	maps.Copy(w.Header(), a.Header)
	for _, status := range a.Status {
		w.WriteHeader(status)
	}
	maps.Copy(w.Header(), a.LateHeader)
	body, err := base64.StdEncoding.DecodeString(a.BodyBase64)
	if err != nil {
		t.Error(err)
	}
	body = append(body, a.Body...)
	if len(body) > 0 {
		_, _ = w.Write(body)
	}
}

// compare holds what was seen against the fields that the file names; of the header, against the
// names that it names, where null is a header that must not be there.
func compare(t *testing.T, what string, want map[string]any, got any) {
	t.Helper()
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]any
	if err := json.Unmarshal(raw, &have); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if name == "header" {
			compare(t, "header", value.(map[string]any), have["header"])
		} else if !reflect.DeepEqual(have[name], value) {
			t.Errorf("%s: %s is %#v, want %#v", what, name, have[name], value)
		}
	}
}
