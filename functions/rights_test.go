package functions_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

var rights = []grant.Right{
	grant.ReadItems, grant.WriteItems, grant.ReadBlobs, grant.WriteBlobs, grant.DeleteBlobs, grant.Sign,
	grant.SignLinks, grant.ImportCertificates,
}

// tried are rights that a row uses and can do without.
var tried = map[string]grant.Right{
	"AbortUpload":           grant.WriteBlobs, // what it cannot take away, the janitor does
	"DiscoverOrganizations": grant.Sign,       // platform admins see more
	"ReadStatus":            grant.Sign,       // strangers are told less
	// Who cannot be told from a stranger finds what is public.
	"Search": grant.Sign, "Discover": grant.Sign, "DiscoverName": grant.Sign, "CloudSearch": grant.Sign, "HCPSearch": grant.Sign,
}

// Every request of the walk is first made of registries whose rows lack one of the rights that the
// row asks for: it must fail, or the row asks for more than its handler uses. Then it is made of
// the real one, where it succeeds, so that the row asks for all that its handler uses.
func TestEveryRowAsksForTheRightsItUsesAndNoOthers(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Log = slog.New(slog.DiscardHandler) })
	lacking := map[grant.Right]http.Handler{}
	for _, right := range rights {
		lacking[right] = r.Core.Handler(groupsWithout(right))
	}
	find := newFinder()
	walk(t, r, func(method, path, token string, body []byte, header ...string) embeddedtest.Answer {
		t.Helper()
		row := find.row(t, method, path)
		for _, right := range rights {
			needed := row.Needs.Has(right) && !tried[row.Name].Has(right)
			if needed && !fails(lacking[right], ready(method, path, token, body, header)) {
				t.Fatalf("%s asks for the right to %s, and %s %s works without", row.Name, right, method, path)
			}
		}
		return succeed(t, r, method, path, token, body, header...)
	})
}

// groupsWithout are all groups, none of whose rows has the right.
func groupsWithout(right grant.Right) []functions.Group {
	groups := functions.Groups()
	for i, g := range groups {
		rows := make([]route.Row, len(g.Rows))
		for j, row := range g.Rows {
			row.Needs &^= right
			rows[j] = row
		}
		groups[i].Rows = rows
	}
	return groups
}

func fails(h http.Handler, r *http.Request) bool {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code >= 400
}

func ready(method, path, token string, body []byte, header []string) *http.Request {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if token != "" {
		r.Header.Set("X-Access-Token", token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func succeed(t *testing.T, r *coretest.Registry, method, path, token string, body []byte, header ...string) embeddedtest.Answer {
	t.Helper()
	a := r.Ask(t, method, path, token, body, header...)
	if a.Status >= 400 {
		t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return a
}

// What the walk leaves out, the tests above say nothing about.
func TestTheWalkGoesByEveryRow(t *testing.T) {
	r, find, seen := coretest.Start(t), newFinder(), map[string]bool{}
	walk(t, r, func(method, path, token string, body []byte, header ...string) embeddedtest.Answer {
		t.Helper()
		seen[find.row(t, method, path).Name] = true
		return succeed(t, r, method, path, token, body, header...)
	})
	for _, row := range functions.Routes() {
		if !seen[row.Name] && row.Pattern != "/" {
			t.Errorf("no request goes to %s", row.Name)
		}
	}
}
