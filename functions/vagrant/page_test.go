package vagrant_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/web"
)

// browser is what a browser accepts.
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestABrowserGetsAPage(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	page := func(token string) string {
		t.Helper()
		a := r.Ask(t, "GET", "/acme/debian", token, nil, "Accept", browser).Want(t, 200)
		if a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Vary") != "Accept" {
			t.Errorf("%v", a.Header)
		}
		return string(a.Body)
	}
	if got := page(""); !strings.Contains(got, "No version is released yet") || !strings.Contains(got, "vagrant box add "+r.URL+"/acme/debian") {
		t.Errorf("without versions: %s", got)
	}
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "x")
	publish(t, r, ada, "2.0.0/virtualbox/amd64", "x")
	got := page("")
	newest, oldest := strings.Index(got, ">2.0.0<"), strings.Index(got, ">1.0.0<")
	if newest < 0 || oldest < newest || strings.Contains(got, "{rows}") {
		t.Errorf("with versions: %s", got)
	}
	for _, accept := range []string{"application/json", "*/*", "text/plain"} {
		if a := r.Ask(t, "GET", "/acme/debian", "", nil, "Accept", accept, "User-Agent", "Mozilla/5.0"); a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("who accepts %s gets %v", accept, a.Header)
		}
	}
	r.Do(t, "PUT", box, ada, `{"isPublic":false}`).Want(t, 200)
	r.Ask(t, "GET", "/acme/debian", "", nil, "Accept", browser).Want(t, 404)
	page(ada)
}

// Of a box that it may not see, a browser learns as much as of one that there is not: nothing.
func TestABrowserIsToldByAPageThatThereIsNoBox(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", false)
	for _, path := range append(slices.Clone(forms), "/acme/none", "/nobody/none", "/-/none") {
		page := r.Ask(t, "GET", path, "", nil, "Accept", browser).Want(t, 404)
		if string(page.Body) != string(web.Missing().Body) || page.Header.Get("Content-Type") != web.Missing().ContentType ||
			page.Header.Get("Content-Security-Policy") != web.Policy || page.Header.Get("Vary") != "Accept" || page.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a browser is told %s: %v", path, page.Body, page.Header)
		}
		for _, accept := range []string{"application/json", "*/*", ""} {
			told := r.Ask(t, "GET", path, "", nil, "Accept", accept, "User-Agent", "Vagrant/2.4.9").Want(t, 404)
			if got := told.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
				t.Errorf("%s: Vagrant, which accepts %q, is told %s: %s", path, accept, got, told.Body)
			}
		}
	}
	r.Ask(t, "GET", forms[0], ada, nil, "Accept", browser).Want(t, 200)
}

func TestHostileTextsAreShownAsTheyAre(t *testing.T) {
	const hostile = `<script>alert(1)</script> " onload='x' {rows} {base} {{.}} </title>`
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	for _, field := range []string{"shortDescription", "description"} {
		r.Do(t, "PUT", box, ada, map[string]string{field: hostile}).Want(t, 200)
		got := string(r.Ask(t, "GET", "/acme/debian", "", nil, "Accept", browser).Want(t, 200).Body)
		if strings.Contains(got, "<script>") || strings.Contains(got, `" onload`) || !strings.Contains(got, "&lt;script&gt;alert(1)&lt;/script&gt;") {
			t.Errorf("%s: %s", field, got)
		}
		if !strings.Contains(got, "{rows} {base} {{.}}") {
			t.Errorf("%s: what stands in braces was filled in: %s", field, got)
		}
	}
}
