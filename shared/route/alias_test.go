package route_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
)

func TestAnAliasLeadsToThePattern(t *testing.T) {
	rows := []route.Row{{Pattern: "GET /api/badge/{organization}/{file}", Alias: "/badge/"}, {Pattern: "GET /{a}/boxes/{b}"}}
	if got := rows[0].Addresses(); !slices.Equal(got, []string{"GET /api/badge/{organization}/{file}", "GET /badge/{organization}/{file}"}) {
		t.Errorf("the addresses are %q", got)
	}
	if got := rows[1].Addresses(); !slices.Equal(got, rows[1].Patterns()) {
		t.Errorf("the addresses are %q", got)
	}
	h := route.Aliased(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.EscapedPath())
	}), rows)
	for path, want := range map[string]string{
		"/badge/acme/debian.svg": "/api/badge/acme/debian.svg", "/badge/a%2Fb/c%20d": "/api/badge/a%2Fb/c%20d",
		"/badge/": "/api/badge/", "/badge": "/badge", "/badges/acme/x": "/badges/acme/x", "/acme/badge/x": "/acme/badge/x",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Body.String() != want {
			t.Errorf("%s leads to %s, want %s", path, w.Body, want)
		}
	}
}
