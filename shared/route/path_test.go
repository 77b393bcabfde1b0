package route_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
)

func TestPathsAreClean(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{org}/{box}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Found", r.PathValue("org")+"|"+r.PathValue("box"))
	})
	refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.Handle("/", http.NotFoundHandler())
	h := route.Clean(mux, refuse)
	for target, want := range map[string]struct {
		status int
		found  string
	}{
		"/acme/debian":           {200, "acme|debian"},
		"//acme/debian":          {200, "acme|debian"},
		"///acme////debian":      {200, "acme|debian"},
		"/acme/debian.12":        {200, "acme|debian.12"},
		"/acme/.hidden":          {200, "acme|.hidden"},
		"/acme/...":              {200, "acme|..."},
		"/acme/a%2Fb":            {200, "acme|a/b"},
		"//acme/a%2Fb":           {200, "acme|a/b"},
		"/acme/de%62ian":         {200, "acme|debian"},
		"/acme/debian/":          {404, ""},
		"/acme":                  {404, ""},
		"/acme/.":                {http.StatusTeapot, ""},
		"/acme/..":               {http.StatusTeapot, ""},
		"/acme/../acme/debian":   {http.StatusTeapot, ""},
		"/./acme/debian":         {http.StatusTeapot, ""},
		"/acme/%2e%2e":           {http.StatusTeapot, ""},
		"/acme/%2E":              {http.StatusTeapot, ""},
		"/acme/%2e./debian":      {http.StatusTeapot, ""},
		"/acme/x%2f..%2fdebian":  {http.StatusTeapot, ""},
		"//../acme/debian":       {http.StatusTeapot, ""},
		"/acme//..//acme/debian": {http.StatusTeapot, ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "http://example.com"+target, nil))
		if w.Code != want.status || w.Header().Get("Found") != want.found {
			t.Errorf("POST %s: %d %q (Location %q), want %d %q", target, w.Code, w.Header().Get("Found"), w.Header().Get("Location"), want.status, want.found)
		}
	}
}

func TestPatterns(t *testing.T) {
	row := route.Row{Pattern: "GET /a/{x}", Also: []string{"/b"}}
	if got := row.Patterns(); len(got) != 2 || got[0] != "GET /a/{x}" || got[1] != "/b" {
		t.Error(got)
	}
	for pattern, want := range map[string][2]string{"GET /a/{x}": {"GET", "/a/{x}"}, "/": {"", "/"}} {
		if method, path := route.Split(pattern); method != want[0] || path != want[1] {
			t.Errorf("%s was split into %q and %q", pattern, method, path)
		}
	}
}
