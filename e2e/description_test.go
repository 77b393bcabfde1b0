package e2e

import (
	"strings"
	"testing"
)

// TestDescription reads what the registry says about itself, as any client can.
func TestDescription(t *testing.T) {
	t.Parallel()
	d := read[struct {
		OpenAPI string
		Paths   map[string]any
	}](t, ask(t, "GET", target.URL+"/api/openapi.json", nil).want(t, 200))
	if !strings.HasPrefix(d.OpenAPI, "3.1") || d.Paths["/api/user"] == nil {
		t.Errorf("OpenAPI %s of %d paths", d.OpenAPI, len(d.Paths))
	}
	page := string(ask(t, "GET", target.URL+"/api-docs", nil, "Accept", "text/html").want(t, 200).body)
	if !strings.Contains(page, "api-docs/docs.js") {
		t.Errorf("the page is %s", page)
	}
	ask(t, "GET", target.URL+"/api-docs/docs.js", nil).want(t, 200)
}

// TestDescriptionInABrowser enters a token on the page and tries an operation with it. The browser
// asks nobody but the registry, and has nothing to complain about.
func TestDescriptionInABrowser(t *testing.T) {
	t.Parallel()
	b, person := newTab(t), newPerson(t, target.URL)
	b.open(t, target.URL+"/api-docs")
	b.click(t, ".auth-wrapper .authorize")
	const scheme = ".auth-container form"
	b.wantText(t, scheme, "x-access-token")
	b.is(t, `Array.from(document.querySelectorAll("`+scheme+`")).find(f => f.textContent.includes("x-access-token")).id = "token"`)
	b.enter(t, "#token input", person.token)
	b.click(t, "#token button[type=submit]")
	b.wantText(t, "#token", "Authorized")
	b.click(t, ".modal-ux .btn-done")
	const operation = "#operations-accounts-ReadUser"
	b.click(t, "[id='operations-tag-accounts']")
	b.click(t, operation+" .opblock-summary-control")
	b.wantText(t, operation+" .responses-table", "TOKEN_INVALID") // it is there before what it refers to is
	b.click(t, operation+" .execute")
	b.wantText(t, operation+" .live-responses-table", person.name)
	b.wantQuiet(t, target.URL)
}
