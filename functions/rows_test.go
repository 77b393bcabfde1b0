package functions_test

import (
	"encoding/json"
	"fmt"
	"regexp"
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

var parameter = regexp.MustCompile(`\{(\w+)(?:\.\.\.)?\}`)

// A pattern that is ambiguous panics when the mux is made; that two rows have one name shows here.
func TestRowsAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, row := range functions.Routes() {
		if names[row.Name] || row.Name == "" || row.Summary == "" {
			t.Errorf("%s (%q): the name is taken, or something is missing", row.Pattern, row.Name)
		}
		names[row.Name] = true
		for _, pattern := range row.Patterns() {
			if method, path := route.Split(pattern); path != "/" && method == "" {
				t.Errorf("%s: %s is for any method", row.Name, pattern)
			}
		}
	}
}

func TestEveryPathParameterIsAFieldAndEveryFieldAParameter(t *testing.T) {
	for _, row := range functions.Routes() {
		if row.Pattern == "/" { // whatever no other row takes
			continue
		}
		var fields []string
		for _, p := range row.Handler.Parameters() {
			if p.In == "path" {
				fields = append(fields, p.Name)
			}
		}
		slices.Sort(fields)
		for _, pattern := range row.Patterns() {
			var names []string
			for _, m := range parameter.FindAllStringSubmatch(pattern, -1) {
				names = append(names, m[1])
			}
			slices.Sort(names)
			fewer := pattern != row.Pattern && !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(fields, n) })
			if !slices.Equal(fields, names) && !fewer {
				t.Errorf("%s: %s has %v, the request %v", row.Name, pattern, names, fields)
			}
		}
	}
}

// paths makes a path of each pattern, with the text at the place of a parameter.
func paths(fill func(name string) string) (list []target) {
	for _, row := range functions.Routes() {
		for _, pattern := range row.Patterns() {
			method, path := route.Split(pattern)
			path = parameter.ReplaceAllStringFunc(path, func(s string) string { return fill(strings.Trim(s, "{}.")) })
			list = append(list, target{row, method, strings.Replace(path, "{$}", "", 1)})
		}
	}
	return list
}

type target struct {
	row          route.Row
	method, path string
}

func plausible(name string) string {
	switch name {
	case "version":
		return "1.0.0"
	case "id":
		return "7"
	default:
		return "some"
	}
}

func TestStrangersAreAskedForATokenWhereOneIsNeeded(t *testing.T) {
	r, _ := coretest.Acme(t)
	for _, at := range paths(plausible) {
		if at.method == "" {
			continue
		}
		a := r.Ask(t, at.method, at.path, "", nil)
		if at.row.Access != route.Anyone {
			wantNoToken(t, at, a)
			wantNoToken(t, at, r.Ask(t, at.method, at.path, "0000000000", nil))
			wantNoToken(t, at, r.Ask(t, at.method, at.path, "a.b.c", nil))
		}
		if a.Status >= 500 || a.Status == 403 && at.row.Name != "PutFile" { // whose URL is the permission
			t.Errorf("a stranger's %s %s is answered %d %s", at.method, at.path, a.Status, a.Body)
		}
	}
}

func wantNoToken(t *testing.T, at target, a embeddedtest.Answer) {
	t.Helper()
	if at.row.Dialect == route.BoxVault {
		a.WantError(t, 401, "TOKEN_INVALID")
	} else if a.Want(t, 401); !wellFormed(a) {
		t.Errorf("%s %s: %s", at.method, at.path, a.Body)
	}
}

func TestServiceAccountsAreRefusedWherePeopleAreMeant(t *testing.T) {
	r, owner := coretest.Acme(t)
	token := r.ServiceAccount(t, owner, nil).Token
	for _, at := range paths(plausible) {
		if at.row.Access == route.People {
			if a := r.Ask(t, at.method, at.path, token, nil).Want(t, 403); !strings.Contains(string(a.Body), "INSUFFICIENT_PERMISSIONS") {
				t.Errorf("%s %s: %s", at.method, at.path, a.Body)
			}
		}
	}
}

func TestUnknownPathsAreNotFoundInTheShapeOfTheAPI(t *testing.T) {
	r, owner := coretest.Acme(t)
	for _, at := range []struct{ method, path string }{
		{"GET", "/api"}, {"GET", "/api/"}, {"GET", "/api/nothing"}, {"GET", "/api/no/such/path/at/all"}, {"POST", "/api/user"},
		{"PATCH", "/api/organization/acme"}, {"DELETE", "/health"}, {"BREW", "/api/user"}, {"GET", "/favicon.ico"},
		{"GET", "/acme/"}, {"GET", "/acme/boxes/a/b"}, {"GET", "/acme/."}, {"GET", "/api/%2e%2e/user"}, {"POST", "/acme/debian"},
	} {
		for _, token := range []string{"", owner} {
			r.Ask(t, at.method, at.path, token, nil).WantError(t, 404, "NOT_FOUND")
		}
	}
}

// Whatever stands in a path, the answer is the client's fault in a documented shape.
func TestHostilePathsAreNoFaultOfOurs(t *testing.T) {
	r, owner := coretest.Acme(t, func(o *core.Options) { o.Limits = limit.Quotas{Address: limit.Off, Account: limit.Off} })
	for _, text := range []string{
		"%FF", "%00", "a%00b", "%C3%28", "%2F", "a%2Fb", "%2e%2e%2f", "-", "~", "%20", "%25", "%ED%A0%80", "日本", "%0a%0d", "'%22<script>", "a#", "*", "latest", "v1.0", "1.0+build",
		strings.Repeat("a", 200), strings.Repeat("9", 2000), "-9223372036854775809", "18446744073709551616", "api", "upload",
	} {
		for _, at := range paths(func(string) string { return text }) {
			method := at.method
			if method == "" {
				method = "GET"
			}
			a := r.Ask(t, method, at.path, owner, []byte(`{}`))
			if a.Status >= 500 || !wellFormed(a) {
				t.Errorf("%s %s: %d %s", method, at.path, a.Status, a.Body)
			}
		}
	}
}

// wellFormed reports whether an answer is no error, or one in a documented shape.
func wellFormed(a embeddedtest.Answer) bool {
	if a.Status < 400 || strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") && strings.HasSuffix(string(a.Body), "not found\n") {
		return true
	}
	var e struct {
		Success     *bool
		Error       string
		Errors      []string
		Code        int
		Message     string
		Details     any
		Description string `json:"error_description"`
	}
	err := json.Unmarshal(a.Body, &e)
	switch {
	case err != nil:
		return false
	case e.Code != 0: // google.rpc.Status
		return e.Message != "" && e.Details != nil
	case e.Description != "": // OAuth
		return e.Error != ""
	default:
		return e.Success != nil && !*e.Success && (e.Error != "" || len(e.Errors) > 0)
	}
}

// Names in a body come to the store as well.
func TestHostileNamesInABodyAreNoFaultOfOurs(t *testing.T) {
	r, owner := coretest.Acme(t)
	long, zero := strings.Repeat("a", 3000), `a\u0000b`
	for _, name := range []string{long, zero, `\ud800`, ``, `..`} {
		for path, body := range map[string]string{
			"/api/auth/signup":                `{"username":"%s","email":"%[1]s@example.com","password":"%[1]s"}`,
			"/api/auth/signin":                `{"username":"%s","password":"x"}`,
			"/api/auth/service-account":       `{"clientId":"%s","clientSecret":"%[1]s"}`,
			"/api/organization":               `{"name":"%s"}`,
			"/api/organization/acme/members":  `{"username":"%s"}`,
			"/api/organization/acme/box":      `{"name":"%s"}`,
			"/api/service-accounts":           `{"organization":"%s","description":"%[1]s"}`,
			"/api/organization/acme/webhooks": `{"url":"https://%s/","events":["%[1]s"],"secret":"%[1]s","description":"%[1]s"}`,
			"/api/auth/forgot-password":       `{"email":"%s"}`,
			"/api/auth/resend-verification":   `{"email":"%s@"}`,
			"/api/auth/reset-password":        `{"token":"%s","password":"long enough"}`,
			"/api/mail/test-smtp":             `{"testEmail":"%s@","host":"%[1]s"}`,
			"/api/auth/invite":                `{"email":"%s@example.com","organizationName":"%[1]s"}`,
		} {
			if name == "" && path == "/api/service-accounts" {
				continue // the primary organization is meant
			}
			a := r.Do(t, "POST", path, owner, fmt.Sprintf(body, name))
			if a.Status < 400 || a.Status >= 500 || !wellFormed(a) {
				t.Errorf("POST %s with %.20q: %d %s", path, name, a.Status, a.Body)
			}
		}
	}
	for _, query := range []string{"after=%FF", "after=%00", "after=" + long, "limit=-1", "limit=1001", "limit=x", "limit=99999999999999999999"} {
		r.Ask(t, "GET", "/api/organization/acme/box?"+query, owner, nil).WantError(t, 400, "VALIDATION_ERROR")
	}
}
