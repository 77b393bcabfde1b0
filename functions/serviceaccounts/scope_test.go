package serviceaccounts_test

import (
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// A service account acts for its owner, and still reaches one organization only: not the owner's
// other ones, not even as platform admin.
func TestAServiceAccountNeverReachesAnotherOrganization(t *testing.T) {
	r := coretest.Start(t)
	root := r.Person(t, "root")
	r.Organization(t, root, "acme")
	r.Organization(t, root, "other")
	public := r.Box(t, root, "other", "public", true)
	private := r.Box(t, root, "other", "private", false)
	own := r.Box(t, root, "acme", "own", false)
	secret := r.ServiceAccount(t, root, map[string]any{"organization": "acme"})
	session := embeddedtest.JSON[api.Session](t, r.Do(t, "POST", "/api/auth/service-account", "",
		map[string]any{"clientId": secret.Username, "clientSecret": secret.Token}).Want(t, 200)).AccessToken

	for _, token := range []string{secret.Token, session} {
		for _, c := range []struct {
			method, path, body string
			status             int
		}{
			{"GET", own, "", 200}, {"PUT", own, `{"description":"x"}`, 200}, {"GET", "/api/organization/acme", "", 200},
			{"GET", public, "", 200}, {"PUT", public, `{"description":"x"}`, 403}, {"DELETE", public, "", 403},
			{"GET", private, "", 404}, {"PUT", private, `{}`, 404}, {"GET", private + "/metadata", "", 404}, {"GET", "/other/private", "", 404},
			{"GET", "/api/organization/other", "", 404}, {"GET", "/api/organization/other/users", "", 404},
			{"POST", "/api/organization/other/box", `{"name":"new"}`, 404},
			{"POST", private + "/version/1.0.0/provider/p/architecture/a/file/upload", "bytes", 404},
			{"POST", public + "/version/1.0.0/provider/p/architecture/a/file/upload", "bytes", 403},
		} {
			if a := r.Do(t, c.method, c.path, token, c.body); a.Status != c.status {
				t.Errorf("%s %s: %d, want %d: %s", c.method, c.path, a.Status, c.status, a.Body)
			}
		}
		boxes := embeddedtest.JSON[[]api.Box](t, r.Do(t, "GET", "/api/organization/other/box", token, nil).Want(t, 200))
		if len(boxes) != 1 || boxes[0].Name != "public" {
			t.Errorf("it is shown the boxes %+v", boxes)
		}
		organizations := embeddedtest.JSON[[]api.UserOrganization](t, r.Do(t, "GET", "/api/user/organizations", token, nil).Want(t, 200))
		if len(organizations) != 1 || organizations[0].Name != "acme" {
			t.Errorf("it is shown the organizations %+v", organizations)
		}
	}
}

// With its owner's membership a service account loses its rights, and gets them back with it.
func TestAServiceAccountStopsWithItsOwnersMembership(t *testing.T) {
	r, ada := coretest.Acme(t)
	bob := r.Member(t, ada, "acme", "bob", "member")
	program := r.ServiceAccount(t, bob, map[string]any{"organization": "acme"}).Token
	private := r.Box(t, program, "acme", "debian", false)
	r.Do(t, "GET", private, program, nil).Want(t, 200)

	r.Do(t, "DELETE", "/api/organization/acme/members/"+r.Account(t, "bob").ID.String(), ada, nil).Want(t, 200)
	for _, token := range []string{bob, program} {
		r.Do(t, "GET", private, token, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "PUT", private, token, `{}`).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "POST", "/api/organization/acme/box", token, `{"name":"new"}`).WantError(t, 404, "NOT_FOUND")
	}
}

// A new organization of an old name is another one.
func TestAServiceAccountDoesNotReachALaterOrganizationOfTheSameName(t *testing.T) {
	r, ada := coretest.Acme(t)
	bob := r.Member(t, ada, "acme", "bob", "member")
	program := r.ServiceAccount(t, bob, nil).Token
	r.Do(t, "DELETE", "/api/organization/acme", ada, nil).Want(t, 200)
	r.Do(t, "GET", "/api/organization/acme", program, nil).WantError(t, 404, "NOT_FOUND")
	r.Sweep(t)
	r.Do(t, "GET", "/api/user", program, nil).WantError(t, 401, "TOKEN_INVALID")
	r.Organization(t, bob, "acme")
	private := r.Box(t, bob, "acme", "debian", false)
	r.Do(t, "GET", private, program, nil).WantError(t, 404, "NOT_FOUND")
	if left := list(t, r, bob, "/api/organization/acme/service-accounts"); len(left) != 0 {
		t.Errorf("the new organization has the service accounts %+v", left)
	}
}
