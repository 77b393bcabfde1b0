package description_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
)

func TestTheDescriptionIsServed(t *testing.T) {
	r := coretest.Start(t)
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/openapi.json", "/openapi.json"} {
		a := r.Ask(t, "GET", path, "", nil).Want(t, 200)
		if !bytes.Equal(a.Body, want) || a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %d bytes of %s", path, len(a.Body), a.Header.Get("Content-Type"))
		}
		r.Ask(t, "GET", path, "", nil, "If-None-Match", a.Header.Get("ETag")).Want(t, 304)
		r.Ask(t, "HEAD", path, "", nil).Want(t, 200)
	}
}

// Everything that the page asks for is here, and the page holds no script of its own: it works
// offline and under a policy that allows none.
func TestThePageNeedsNobodyElse(t *testing.T) {
	r := coretest.Start(t)
	page := r.Ask(t, "GET", "/api-docs", "", nil).Want(t, 200)
	if got := page.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("the page has the type %s", got)
	}
	html := string(page.Body)
	for _, with := range []string{"<script>", "onload=", "javascript:", "style=", "<style", "://", "'unsafe-"} {
		if strings.Contains(html, with) {
			t.Errorf("the page has %q", with)
		}
	}
	assets := regexp.MustCompile(`(?:src|href)="(api-docs/[^"]+)"`).FindAllStringSubmatch(html, -1)
	if len(assets) != 3 {
		t.Errorf("the page has the assets %q", assets)
	}
	for _, asset := range assets {
		r.Ask(t, "GET", "/"+asset[1], "", nil, "Accept-Encoding", "identity").Want(t, 200)
	}
}

func TestAssetsAreCompressedForWhoTakesIt(t *testing.T) {
	r := coretest.Start(t)
	get := func(name, accept string) embeddedtest.Answer {
		t.Helper()
		return r.Ask(t, "GET", "/api-docs/"+name, "", nil, "Accept-Encoding", accept).Want(t, 200)
	}
	for name, contentType := range map[string]string{
		"swagger-ui-bundle.js": "text/javascript; charset=utf-8", "swagger-ui.css": "text/css; charset=utf-8",
	} {
		plain, packed := get(name, "gzip;q=0, identity"), get(name, "br;q=1.0, gzip;q=0.8")
		if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" ||
			plain.Header.Get("ETag") == packed.Header.Get("ETag") || packed.Header.Get("Vary") != "Accept-Encoding" ||
			packed.Header.Get("Content-Type") != contentType {
			t.Errorf("%s: %v and %v", name, plain.Header, packed.Header)
		}
		if !bytes.Equal(unpack(t, packed.Body), plain.Body) {
			t.Errorf("%s is not the same without compression", name)
		}
	}
	for _, name := range []string{"swagger-ui.js", "openapi.json", "docs.html", "%2e%2e%2fdocs.html", "favicon-16x16.png"} {
		r.Ask(t, "GET", "/api-docs/"+name, "", nil).WantError(t, 404, "NOT_FOUND")
	}
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	in, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
