package web_test

import (
	"path"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/web"
)

func TestFilesAreFoundByTheirAddresses(t *testing.T) {
	for address, name := range map[string]string{
		"": "index.html", "reset-password": "reset-password.html", web.Organizations: "organizations.html", "ui.css": "ui.css",
	} {
		if f, ok := web.Find(address); !ok || f.Name != name || len(f.Body) == 0 {
			t.Errorf("%q is %q, %v", address, f.Name, ok)
		}
	}
	for _, address := range []string{"index", "index.html", "missing", "missing.html", "none", "/", "..", "web.go"} {
		if f, ok := web.Find(address); ok {
			t.Errorf("%q is %q", address, f.Name)
		}
	}
	if len(web.Files()) != len(web.Addresses())+1 || len(web.Missing().Body) == 0 {
		t.Errorf("%d files have %d addresses", len(web.Files()), len(web.Addresses()))
	}
}

func TestPagesAloneAreKeptByNobody(t *testing.T) {
	for _, f := range web.Files() {
		want := map[bool]string{true: "no-store", false: "max-age=300"}[path.Ext(f.Name) == ".html"]
		if f.CacheControl() != want || f.ContentType == "" {
			t.Errorf("%s is a %s, and %s", f.Name, f.ContentType, f.CacheControl())
		}
	}
}

// The policy would keep it from working, and whoever reads the page from noticing.
func TestPagesHaveNothingThatTheirPolicyForbids(t *testing.T) {
	for _, f := range web.Files() {
		for _, with := range []string{"<script>", "<style", "style=", " onload=", " onclick=", "javascript:", "innerHTML", "eval(", "//cdn", "url(", "@import"} {
			if strings.Contains(string(f.Body), with) {
				t.Errorf("%s has %s", f.Name, with)
			}
		}
	}
	if strings.Contains(web.Policy, "unsafe") || !strings.HasPrefix(web.Policy, "default-src 'none'") {
		t.Errorf("the policy is %s", web.Policy)
	}
}
