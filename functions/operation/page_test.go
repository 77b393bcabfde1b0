package operation_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/web"
)

func TestAVisitorIsLedToTheFirstPage(t *testing.T) {
	r := coretest.Start(t)
	if to := r.Ask(t, "GET", "/", "", nil).Want(t, 302).Header.Get("Location"); to != "/ui/" {
		t.Errorf("a visitor is led to %s", to)
	}
	r.Ask(t, "HEAD", "/", "", nil).Want(t, 302)
	whole, first := r.Ask(t, "GET", "/ui", "", nil).Want(t, 200), r.Ask(t, "GET", "/ui/", "", nil).Want(t, 200)
	if string(whole.Body) != string(first.Body) {
		t.Errorf("without the slash it is another page: %s", whole.Body)
	}
}

// All that a page asks for by itself is there.
func TestPagesAreServedWithWhatTheyAreMadeOf(t *testing.T) {
	r := coretest.Start(t)
	asset := regexp.MustCompile(`(?:src|href)="(/ui/[^"]*)"|from "\.(/[^"]+)"`)
	for address := range web.Addresses() {
		page := r.Ask(t, "GET", "/ui/"+address, "", nil).Want(t, 200)
		if page.Header.Get("Content-Security-Policy") != web.Policy || page.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("/ui/%s: %v", address, page.Header)
		}
		for _, m := range asset.FindAllStringSubmatch(string(page.Body), -1) {
			path := m[1]
			if path == "" {
				path = "/ui" + m[2]
			}
			r.Ask(t, "GET", path, "", nil).Want(t, 200)
		}
		r.Ask(t, "HEAD", "/ui/"+address, "", nil).Want(t, 200)
	}
}

// The address of a page may have a token in it.
func TestPagesAreKeptByNobody(t *testing.T) {
	r := coretest.Start(t)
	for path, want := range map[string]string{
		"/ui/reset-password?token=secret": "no-store", "/ui/organizations/acme": "no-store", "/ui/ui.css": "max-age=300",
	} {
		a := r.Ask(t, "GET", path, "", nil).Want(t, 200)
		if a.Header.Get("Cache-Control") != want || a.Header.Get("Referrer-Policy") != "no-referrer" || strings.Contains(string(a.Body), "secret") {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
}

func TestWhatIsNoPageIsNotFound(t *testing.T) {
	r := coretest.Start(t)
	for _, path := range []string{"none", "index", "index.html", "missing", "reset-password.html", "reset-password/", "reset-password/more", "organizations/acme/more", "%2e%2e%2fweb.go", "UI.css"} {
		r.Ask(t, "GET", "/ui/"+path, "", nil).WantError(t, 404, "NOT_FOUND")
	}
	page := r.Ask(t, "GET", "/ui/none", "", nil, "Accept", "text/html,*/*;q=0.8").Want(t, 404)
	if string(page.Body) != string(web.Missing().Body) || page.Header.Get("Vary") != "Accept" || page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a browser is told %s: %v", page.Body, page.Header)
	}
}
