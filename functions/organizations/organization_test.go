package organizations_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const acme = "/api/organization/acme"

// cast is everybody who may come to acme.
func cast(t *testing.T) (r *coretest.Registry, tokens map[string]string) {
	t.Helper()
	r = coretest.Start(t)
	root := r.Person(t, "root")
	ada := r.Person(t, "ada")
	r.Organization(t, ada, "acme")
	return r, map[string]string{
		"stranger": "", "outsider": r.Person(t, "mallory"), "member": r.Member(t, ada, "acme", "bob", "member"),
		"admin": r.Member(t, ada, "acme", "eve", "admin"), "owner": ada, "platform admin": root,
	}
}

func TestWhatEachRoleMayDo(t *testing.T) {
	r, tokens := cast(t)
	r.Box(t, tokens["owner"], "acme", "debian", false)
	roles := []string{"stranger", "outsider", "member", "admin", "owner", "platform admin"}
	for _, c := range []struct {
		method, path, body string
		want               [6]int
	}{
		{"GET", acme, "", [6]int{401, 404, 200, 200, 200, 200}},
		{"GET", acme + "/users", "", [6]int{401, 404, 200, 200, 200, 200}},
		{"GET", acme + "/box", "", [6]int{404, 404, 200, 200, 200, 200}},
		{"PUT", acme, `{"description":"x"}`, [6]int{401, 404, 403, 200, 200, 200}},
		{"POST", acme + "/members", `{"username":"ada"}`, [6]int{401, 404, 403, 409, 409, 409}},
		{"POST", acme + "/members", `{"username":"ada","role":"admin"}`, [6]int{401, 404, 403, 403, 409, 409}},
		{"POST", acme + "/members", `{"username":"ada","role":"owner"}`, [6]int{401, 404, 403, 403, 409, 409}},
		{"PUT", acme + "/users/7/role", `{"role":"admin"}`, [6]int{401, 404, 403, 403, 404, 404}},
		{"DELETE", acme + "/members/7", "", [6]int{401, 404, 404, 404, 404, 404}},
		{"PUT", acme, `{"name":"api"}`, [6]int{401, 404, 403, 400, 400, 400}},
		{"GET", "/api/organization/none", "", [6]int{401, 404, 404, 404, 404, 404}},
	} {
		for i, role := range roles {
			if a := r.Do(t, c.method, c.path, tokens[role], c.body); a.Status != c.want[i] {
				t.Errorf("%s: %s %s %s: %d, want %d: %s", role, c.method, c.path, c.body, a.Status, c.want[i], a.Body)
			}
		}
	}
}

func TestAMissingRoleIsTold(t *testing.T) {
	r, tokens := cast(t)
	a := r.Do(t, "DELETE", acme, tokens["member"], nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	details := embeddedtest.JSON[struct {
		Details struct {
			RequiredRole string
			CurrentRoles []string
		}
	}](t, a).Details
	if details.RequiredRole != "owner" || len(details.CurrentRoles) != 1 || details.CurrentRoles[0] != "member" {
		t.Errorf("%s", a.Body)
	}
}

func TestAnOrganizationIsMadeAndChanged(t *testing.T) {
	r, tokens := cast(t)
	owner := tokens["owner"]
	made := embeddedtest.JSON[api.Organization](t, r.Do(t, "POST", "/api/organization", owner,
		`{"organization":"Umbrella-Inc","description":"d","email":"u@example.com","requireBoxes":true}`).Want(t, 201))
	if made.Name != "Umbrella-Inc" || made.Role != "owner" || !made.RequireBoxes || made.MutableReleases || made.ID == 0 {
		t.Errorf("made %+v", made)
	}
	changed := embeddedtest.JSON[api.Organization](t, r.Do(t, "PUT", "/api/organization/umbrella-inc", owner,
		`{"name":"Umbrella-Inc","description":null,"requireBoxes":false,"mutableReleases":true,"email":""}`).Want(t, 200))
	if changed.Description != "d" || changed.RequireBoxes || !changed.MutableReleases || changed.Email != "" || changed.ID != made.ID {
		t.Errorf("changed to %+v", changed)
	}
	if read := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", "/api/organization/UMBRELLA-INC", owner, nil).Want(t, 200)); read.Description != "d" || !read.MutableReleases {
		t.Errorf("read %+v", read)
	}
	for _, body := range []string{`{"name":"api"}`, `{"organization":"a/b"}`, `{"email":"none"}`, `{"description":"` + strings.Repeat("x", 4097) + `"}`} {
		r.Do(t, "PUT", "/api/organization/umbrella-inc", owner, body).WantError(t, 400, "VALIDATION_ERROR")
	}
	for _, body := range []string{`{}`, `{"name":""}`, `{"name":"api"}`, `{"name":"UI"}`, `{"name":"-"}`, `{"name":"a/b"}`, `{"name":"ok","email":"x"}`} {
		r.Do(t, "POST", "/api/organization", owner, body).WantError(t, 400, "VALIDATION_ERROR")
	}
	r.Do(t, "POST", "/api/organization", tokens["outsider"], `{"name":"UMBRELLA-inc"}`).WantError(t, 409, "CONFLICT")
}

func TestOfTwelveEqualOrganizationsAtOnceOneIsMade(t *testing.T) {
	r, _ := coretest.Acme(t)
	var tokens []string
	for _, name := range strings.Split("abcdefghijkl", "") {
		tokens = append(tokens, r.Person(t, "p"+name))
	}
	var made, refused atomic.Int32
	var wg sync.WaitGroup
	for _, token := range tokens {
		wg.Go(func() {
			switch a := r.Do(t, "POST", "/api/organization", token, `{"name":"umbrella"}`); a.Status {
			case 201:
				made.Add(1)
			case 409:
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 || refused.Load() != 11 {
		t.Errorf("%d were made and %d refused", made.Load(), refused.Load())
	}
}

// It is out of sight at once, for members, strangers and the platform's admin.
func TestAnOrganizationIsDeletedWithItsBoxes(t *testing.T) {
	r, ada := coretest.Acme(t)
	bob := r.Member(t, ada, "acme", "bob", "member")
	box := r.Box(t, bob, "acme", "debian", true)
	r.Do(t, "GET", box, "", nil).Want(t, 200)
	r.Do(t, "DELETE", acme, r.Member(t, ada, "acme", "eve", "admin"), nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	r.Do(t, "DELETE", acme, ada, nil).Want(t, 200)
	for _, token := range []string{"", ada, bob} {
		r.Do(t, "GET", box, token, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "GET", "/acme/debian", token, nil).Want(t, 404)
	}
	r.Do(t, "DELETE", acme, ada, nil).WantError(t, 404, "NOT_FOUND")
	for _, token := range []string{ada, bob} {
		r.Do(t, "GET", acme, token, nil).WantError(t, 404, "NOT_FOUND")
		if u := embeddedtest.JSON[api.User](t, r.Do(t, "GET", "/api/user", token, nil)); len(u.Organizations) != 0 || u.Organization != nil {
			t.Errorf("it is still told of: %+v", u)
		}
	}
}

// Who lost the primary organization gets another one, and can go on without naming it.
func TestAPrimaryOrganizationThatGoesIsFollowedByAnother(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Organization(t, ada, "second")
	r.Do(t, "DELETE", acme, ada, nil).Want(t, 200)
	if got := r.ServiceAccount(t, ada, nil).Organization; got != "second" {
		t.Errorf("behind acme comes %q", got)
	}
	r.Do(t, "DELETE", "/api/organization/second", ada, nil).Want(t, 200)
	r.Do(t, "POST", "/api/service-accounts", ada, `{}`).WantError(t, 400, "VALIDATION_ERROR")
	r.Organization(t, ada, "third")
	if got := r.ServiceAccount(t, ada, nil).Organization; got != "third" {
		t.Errorf("behind second comes %q", got)
	}
}

// More members than one write can hold.
func TestALargeOrganizationIsDeleted(t *testing.T) {
	r, ada := coretest.Acme(t)
	for i := range 70 {
		r.Member(t, ada, "acme", "m"+strings.Repeat("x", i), "member")
	}
	r.Do(t, "DELETE", acme, ada, nil).Want(t, 200)
	r.Do(t, "GET", acme, ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Sweep(t)
	last := r.Account(t, "m"+strings.Repeat("x", 69))
	if left, err := r.Core.Catalog.MembershipsOf(t.Context(), last.ID); err != nil || len(left) != 0 || last.Primary != "" {
		t.Errorf("of its last member is left: %+v %q, %v", left, last.Primary, err)
	}
}
