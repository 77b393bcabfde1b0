package functions_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/route"
)

const (
	page     = "https://boxes.example.com"
	evilPage = "https://evil.example.com"
)

// safelisted headers are sent, and others read, without being asked for (fetch.spec.whatwg.org, 2.2.2).
var (
	safelisted = []string{"Accept", "Accept-Language", "Content-Language"}
	readable   = []string{"Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"}
)

// browser makes requests as the script of a page does: it asks first, sends only what it may, and
// shows the script only what that may read.
type browser struct {
	*coretest.Registry
	origin string
}

// may reports whether the browser lets the page make the request at all.
func (b browser) may(t *testing.T, method, path string, header ...string) bool {
	t.Helper()
	var names []string
	for i := 0; i < len(header); i += 2 {
		if !slices.Contains(safelisted, header[i]) {
			names = append(names, strings.ToLower(header[i]))
		}
	}
	a := b.Ask(t, "OPTIONS", path, "", nil, "Origin", b.origin,
		"Access-Control-Request-Method", method, "Access-Control-Request-Headers", strings.Join(names, ","))
	allowed := strings.ToLower(a.Header.Get("Access-Control-Allow-Headers"))
	for _, name := range names {
		if !slices.Contains(strings.Split(allowed, ", "), name) {
			return false
		}
	}
	return a.Status/100 == 2 && b.shows(a) && slices.Contains(strings.Split(a.Header.Get("Access-Control-Allow-Methods"), ", "), method)
}

// shows reports whether the script may see the answer.
func (b browser) shows(a embeddedtest.Answer) bool {
	origin := a.Header.Get("Access-Control-Allow-Origin")
	return origin == "*" || origin == b.origin
}

// reads returns the headers that the script may read.
func (b browser) reads(a embeddedtest.Answer) http.Header {
	seen := http.Header{}
	exposed := strings.Split(strings.ToLower(a.Header.Get("Access-Control-Expose-Headers")), ", ")
	for name, values := range a.Header {
		if slices.Contains(readable, name) || slices.Contains(exposed, strings.ToLower(name)) {
			seen[name] = values
		}
	}
	return seen
}

// Pages of an allowed origin can do all that the rows take, with every header that they take.
func TestAPageOfAnAllowedOriginCanUseEveryRow(t *testing.T) {
	r, _ := coretest.Acme(t, func(o *core.Options) { o.Origins = route.Origins{"https://else.example", page} })
	good, bad := browser{r, page}, browser{r, evilPage}
	for _, at := range paths(plausible) {
		if at.method == "" {
			continue
		}
		header := []string{"X-Access-Token", "x", "Authorization", "x", "Content-Type", "x", "If-Match", "x", "If-None-Match", "x", "Idempotency-Key", "x", "X-Request-Id", "x"}
		for _, p := range at.row.Handler.Parameters() {
			if p.In == "header" && p.Name != "Accept-Encoding" { // which a browser sends by itself
				header = append(header, p.Name, "x")
			}
		}
		if !good.may(t, at.method, at.path, header...) {
			t.Errorf("%s %s is not for pages of %s, with %s", at.method, at.path, page, header)
		}
		if bad.may(t, at.method, at.path) {
			t.Errorf("%s %s is for pages of %s", at.method, at.path, evilPage)
		}
	}
}

// A page signs in, makes a box, reads it, and changes it if nobody else did.
func TestAPageUsesTheAPI(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Origins = route.Origins{page} })
	r.SignUp(t, "ada")
	b := browser{r, page}
	fetch := func(method, path, token, body string, header ...string) (http.Header, embeddedtest.Answer) {
		t.Helper()
		header = append(header, "Content-Type", "application/json")
		if token != "" {
			header = append(header, "Authorization", "Bearer "+token)
		}
		if !b.may(t, method, path, header...) {
			t.Fatalf("%s %s is refused by the browser", method, path)
		}
		a := r.Ask(t, method, path, "", []byte(body), append(header, "Origin", page)...)
		if !b.shows(a) {
			t.Fatalf("%s %s: the answer is not shown", method, path)
		}
		return b.reads(a), a
	}
	_, a := fetch("POST", "/api/auth/signin", "", `{"username":"ada","password":"`+embeddedtest.Password+`"}`)
	token := embeddedtest.JSON[struct{ AccessToken string }](t, a.Want(t, 200)).AccessToken
	_, a = fetch("POST", "/api/organization", token, `{"name":"acme"}`, "Idempotency-Key", "one")
	a.Want(t, 201)
	_, a = fetch("POST", boxes, token, `{"name":"debian"}`)
	a.Want(t, 201)
	seen, _ := fetch("GET", box, token, "")
	if seen.Get("ETag") == "" || seen.Get("RateLimit-Remaining") == "" || seen.Get("X-Request-Id") == "" {
		t.Errorf("the page reads %v", seen)
	}
	_, a = fetch("PUT", box, token, `{"description":"new"}`, "If-Match", seen.Get("ETag"))
	a.Want(t, 200)
	_, a = fetch("PUT", box, token, `{"description":"newer"}`, "If-Match", seen.Get("ETag"))
	a.WantError(t, 412, "PRECONDITION_FAILED")
}

func TestPagesOfOtherOriginsReadNothingUnlessAllowed(t *testing.T) {
	r, ada := coretest.Acme(t)
	b := browser{r, page}
	for _, path := range []string{"/api/user", "/health", "/", "/api/nothing"} {
		if a := r.Ask(t, "GET", path, ada, nil, "Origin", page); b.shows(a) || a.Header.Get("Vary") == "Origin" {
			t.Errorf("%s: %v", path, a.Header)
		}
		if b.may(t, "GET", path) {
			t.Errorf("%s is for pages of %s", path, page)
		}
	}
}

// A preflight is no request of the rows: it costs no quota, reads no record and is not logged.
func TestAPreflightCostsNothing(t *testing.T) {
	var store counted
	r := coretest.Start(t, func(o *core.Options) {
		store.Store, o.Items = o.Items, &store
		o.Origins, o.Limits = route.Origins{"*"}, limit.Quotas{Address: 1}
	})
	for range 5 {
		if !(browser{r, page}).may(t, "GET", "/api/user", "X-Access-Token", "x") {
			t.Fatal("the preflight was refused")
		}
	}
	if cost := store.take(); cost != (calls{}) {
		t.Errorf("five preflights make the calls %v", cost)
	}
	r.Ask(t, "GET", "/health", "", nil).Want(t, 200)
}

func TestEveryAnswerIsHarmlessToABrowser(t *testing.T) {
	r, ada := coretest.Acme(t)
	list := append(paths(plausible), paths(func(string) string { return "%FF" })...)
	for _, at := range list {
		if at.method == "" {
			at.method = "BREW"
		}
		for _, token := range []string{"", ada} {
			a := r.Ask(t, at.method, at.path, token, nil)
			policy := a.Header.Get("Content-Security-Policy")
			if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Referrer-Policy") != "no-referrer" ||
				a.Header.Get("Cross-Origin-Resource-Policy") == "" || a.Header.Get("Cache-Control") == "" ||
				!strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("%s %s: %d %v", at.method, at.path, a.Status, a.Header)
			}
		}
	}
}

// Methods that no row has need not be allowed to anybody.
func TestTheMethodsAllowedToPagesAreThoseOfTheRows(t *testing.T) {
	used := map[string]bool{"PATCH": true} // what clients of the existing server send
	for _, row := range functions.Routes() {
		for _, pattern := range row.Patterns() {
			if method, _ := route.Split(pattern); method != "" {
				used[method] = true
			}
		}
	}
	used["HEAD"] = used["GET"]
	for method := range used {
		if !slices.Contains(route.CrossOrigin.Methods, method) {
			t.Errorf("%s is in a row, and not allowed", method)
		}
	}
	if len(used) != len(route.CrossOrigin.Methods) {
		t.Errorf("allowed are %v, used %v", route.CrossOrigin.Methods, used)
	}
}
