package route_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
)

func secured(answer any, r *http.Request) http.Header {
	h := route.Shell{Identify: identify}.Handler(route.Row{Handler: route.To((*service).Do)}, &service{answer: answer})
	w := httptest.NewRecorder()
	route.Secure(h).ServeHTTP(w, r)
	return w.Header()
}

func TestBrowsersAreToldToComeByTLSWhereTheyDo(t *testing.T) {
	plain, encrypted, proxied := get(), get(), get()
	encrypted.TLS = &tls.ConnectionState{}
	proxied.Header.Set("X-Forwarded-Proto", "https")
	for r, want := range map[*http.Request]string{plain: "", encrypted: "max-age=31536000", proxied: "max-age=31536000"} {
		if got := secured(nil, r).Get("Strict-Transport-Security"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func get(header ...string) *http.Request {
	return withHeader(httptest.NewRequest("GET", "/box/debian", nil), header...)
}

func TestWhatADocumentMay(t *testing.T) {
	const nothing = "default-src 'none'; frame-ancestors 'none'"
	for _, c := range []struct {
		document       route.Document
		policy, shared string
	}{
		{route.Document{ContentType: "application/json"}, nothing, "same-origin"},
		{route.Document{ContentType: "text/html", Policy: "default-src 'self'"}, "default-src 'self'", "same-origin"},
		{route.Document{ContentType: "image/svg+xml"}, nothing, "cross-origin"},
	} {
		h := secured(c.document, get())
		if h.Get("Content-Security-Policy") != c.policy || h.Get("Cross-Origin-Resource-Policy") != c.shared || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", c.document.ContentType, h)
		}
	}
}

func TestWhoKeepsAnAnswer(t *testing.T) {
	tagged := route.Document{ContentType: "text/plain", ETag: `"1"`}
	for _, c := range []struct {
		about  string
		answer any
		token  string
		want   string
	}{
		{"a resource", map[string]int{"a": 1}, "", "no-store"},
		{"a resource, to a caller", map[string]int{"a": 1}, "ada", "no-store"},
		{"a page", route.Document{ContentType: "text/html"}, "", "no-store"},
		{"what has an ETag", tagged, "", "no-cache"},
		{"what has an ETag, to a caller", tagged, "ada", "private, no-cache"},
		{"a redirect", route.Redirect{URL: "http://x/"}, "", "no-store"},
	} {
		if got := secured(c.answer, get("X-Access-Token", c.token)).Get("Cache-Control"); got != c.want {
			t.Errorf("%s: %s, want %s", c.about, got, c.want)
		}
	}
}

// The hash is what `printf body{} | openssl dgst -sha256 -binary | base64` says.
func TestAPagesOwnStyleApplies(t *testing.T) {
	got := route.PagePolicy("<!doctype html><style>body{}</style><p style='x'><style>p{}</style>")
	want := "default-src 'none'; style-src 'sha256-fJgEClQWV1hGkK4qHMO0KotTsVnMYMXTq7/suurGyUo=' 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
