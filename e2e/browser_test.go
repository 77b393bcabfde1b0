package e2e

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

//go:embed testdata/page.html
var pageSource string

// TestPagesOfOtherOrigins has a browser open two pages that use the registry: one of an origin that
// is allowed, and one that is not.
func TestPagesOfOtherOrigins(t *testing.T) {
	t.Parallel()
	need(t, "chromium")
	allowed, other := servePage(t), servePage(t)
	p := serve(t, t.TempDir(), "--origins", allowed)
	owner := newOwner(t, p.URL)
	for origin, want := range map[string]string{
		allowed: "201 true 200 412 404 true",
		other:   "TypeError: Failed to fetch",
	} {
		query := url.Values{"registry": {p.URL}, "token": {owner.token}, "organization": {owner.org}}
		page, _ := browse(t, origin+"/?"+query.Encode())
		if told := regexp.MustCompile(`<pre id="told">(.*)</pre>`).FindStringSubmatch(page); told == nil || told[1] != want {
			t.Errorf("the page of %s says %q, want %q", origin, told, want)
		}
	}
}

// TestOurOwnPages has a browser open the registry's pages: it finds nothing in them that their
// policy forbids, and their style applies.
func TestOurOwnPages(t *testing.T) {
	t.Parallel()
	need(t, "chromium")
	p := serve(t, t.TempDir())
	owner := newOwner(t, p.URL)
	owner.box(t, "shown", true)
	for _, path := range []string{"/", "/" + owner.org + "/shown"} {
		page, console := browse(t, p.URL+path)
		if !strings.Contains(page, "<h1>") || strings.Contains(console, "Content Security Policy") {
			t.Errorf("%s: %s\n%s", path, console, page)
		}
	}
}

// servePage serves the page and returns its origin.
func servePage(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, pageSource)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// browse opens a page, lets its script come to its end, and returns what the page is then, and what
// the browser says about it.
func browse(t *testing.T, address string) (page, console string) {
	t.Helper()
	you := newcomer(t)
	out := you.run(t, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+you.dir,
		"--enable-logging=stderr", "--v=0", "--virtual-time-budget=30000", "--dump-dom", address).ok(t)
	return out.stdout, out.stderr
}
