package organizations_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
)

// From the moment an organization is suspended nobody gets at anything of it, by any way; what it
// has comes back when the suspension ends.
func TestASuspendedOrganization(t *testing.T) {
	r, tokens := cast(t)
	public, private := r.Box(t, tokens["owner"], "acme", "public", true), r.Box(t, tokens["owner"], "acme", "private", false)
	program := r.ServiceAccount(t, tokens["owner"], nil).Token
	for _, who := range []string{"outsider", "member", "admin", "owner"} {
		want := map[bool]int{true: 404, false: 403}[who == "outsider"]
		r.Do(t, "PUT", acme+"/suspend", tokens[who], nil).Want(t, want)
	}
	reads := []string{acme, acme + "/users", acme + "/box", public, private, public + "/metadata", "/acme/public", public + "/version", acme + "/requests"}
	for range 2 {
		r.Do(t, "GET", "/acme/public", "", nil).Want(t, 200) // it is remembered from now on
		r.Do(t, "PUT", acme+"/suspend", tokens["platform admin"], nil).Want(t, 200)
		r.Do(t, "PUT", acme+"/suspend", tokens["platform admin"], nil).Want(t, 200)
		for _, path := range reads {
			for token, want := range map[string]int{"": 404, tokens["outsider"]: 404, tokens["member"]: 403, tokens["owner"]: 403, program: 403} {
				if path == acme+"/requests" && token == program || token == "" && !strings.Contains(path, "public") && path != acme+"/box" && path != private {
					continue
				}
				if a := r.Do(t, "GET", path, token, nil); a.Status != want {
					t.Errorf("GET %s as %.8q: %d, want %d: %s", path, token, a.Status, want, a.Body)
				}
			}
			r.Do(t, "GET", path, tokens["platform admin"], nil).Want(t, 200)
		}
		r.Do(t, "POST", acme+"/box", program, `{"name":"new"}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		r.Do(t, "PUT", public, tokens["owner"], `{}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		r.Do(t, "DELETE", acme, tokens["owner"], nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		r.Do(t, "PUT", acme+"/resume", tokens["owner"], nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		r.Do(t, "PUT", acme+"/resume", tokens["platform admin"], nil).Want(t, 200)
		for _, path := range reads {
			r.Do(t, "GET", path, tokens["owner"], nil).Want(t, 200)
		}
		r.Do(t, "GET", "/acme/public", "", nil).Want(t, 200)
	}
}

// What was asked for by an old name is found by the new one.
func TestARenamedOrganizationIsFoundByItsOldName(t *testing.T) {
	r, tokens := cast(t)
	owner := tokens["owner"]
	box := r.Box(t, owner, "acme", "debian", true)
	private := r.Box(t, owner, "acme", "secret", false)
	r.Do(t, "GET", "/acme/debian", "", nil).Want(t, 200)
	o := embeddedtest.JSON[api.Organization](t, r.Do(t, "PUT", acme, owner, `{"name":"Newco"}`).Want(t, 200))
	if o.Name != "Newco" {
		t.Errorf("it is called %s", o.Name)
	}
	for path, to := range map[string]string{
		acme: "/api/organization/Newco", box: "/api/organization/Newco/box/debian", box + "?a=b%20c": "/api/organization/Newco/box/debian?a=b%20c",
		"/acme/debian": "/Newco/debian", "/api/v2/vagrant/ACME/debian": "/api/v2/vagrant/Newco/debian",
	} {
		a := r.Do(t, "GET", path, owner, nil)
		if got := a.Header.Get("Location"); a.Status != 307 || got != to {
			t.Errorf("%s is answered %d and leads to %q, want %q", path, a.Status, got, to)
		}
		r.Do(t, "GET", to, owner, nil).Want(t, 200)
	}
	if a := r.Do(t, "GET", "/acme/debian", "", nil); a.Status != 307 {
		t.Errorf("a stranger is answered %d", a.Status)
	}
	r.Do(t, "GET", private, tokens["outsider"], nil).WantError(t, 404, "NOT_FOUND") // nobody learns of the name
	r.Do(t, "GET", acme, tokens["outsider"], nil).WantError(t, 404, "NOT_FOUND")
	told := r.Do(t, "PUT", box, owner, `{"description":"x"}`).WantError(t, 404, "RENAMED")
	if details := embeddedtest.JSON[api.Error](t, told).Details; details["renamedTo"] != "Newco" {
		t.Errorf("the error tells %v", details)
	}
	if u := embeddedtest.JSON[api.User](t, r.Do(t, "GET", "/api/user", tokens["member"], nil)); *u.Organization != "Newco" || u.Organizations[0].Name != "Newco" {
		t.Errorf("a member is in %+v", u.Organizations)
	}
	r.Do(t, "POST", "/api/organization", tokens["outsider"], `{"name":"acme"}`).WantError(t, 409, "CONFLICT")
	r.Do(t, "PUT", "/api/organization/newco", owner, `{"name":"acme"}`).Want(t, 200) // back again
	r.Do(t, "GET", box, owner, nil).Want(t, 200)
	if a := r.Do(t, "GET", "/newco/debian", "", nil); a.Header.Get("Location") != "/acme/debian" {
		t.Errorf("then newco leads to %q", a.Header.Get("Location"))
	}
}

func TestOrganizationsAreFound(t *testing.T) {
	r, tokens := cast(t)
	for i, mode := range []string{"invite_only", "request_to_join", "private", "invite_only"} {
		name := fmt.Sprint("org", i)
		r.Organization(t, tokens["owner"], name)
		r.Do(t, "PUT", "/api/organization/"+name, tokens["owner"], fmt.Sprintf(`{"accessMode":%q}`, mode)).Want(t, 200)
	}
	found := func(path, token string) string {
		t.Helper()
		var names []string
		for _, o := range embeddedtest.JSON[[]api.DiscoveredOrganization](t, r.Do(t, "GET", path, token, nil).Want(t, 200)) {
			names = append(names, o.Name)
		}
		return strings.Join(names, " ")
	}
	for _, token := range []string{"", tokens["outsider"], tokens["owner"]} {
		if got := found("/api/organizations/discover", token); got != "org0 org1 org3" {
			t.Errorf("found are %s", got)
		}
	}
	if got := found("/api/organizations/discover?limit=1&after=org0", ""); got != "org1" {
		t.Errorf("the next one is %s", got)
	}
	if got := found("/api/organizations/discover", tokens["platform admin"]); got != "acme org0 org1 org2 org3" {
		t.Errorf("the platform's admin finds %s", got)
	}
	if got := found("/api/organization", tokens["member"]); got != "acme" {
		t.Errorf("a member's are %s", got)
	}
	if got := found("/api/organization", tokens["platform admin"]); got != "acme org0 org1 org2 org3" {
		t.Errorf("the platform's admin lists %s", got)
	}
	r.Do(t, "PUT", "/api/organization/org1/suspend", tokens["platform admin"], nil).Want(t, 200)
	r.Do(t, "PUT", "/api/organization/org3", tokens["owner"], `{"accessMode":"private"}`).Want(t, 200)
	if got := found("/api/organizations/discover", ""); got != "org0" {
		t.Errorf("then found are %s", got)
	}
	r.Do(t, "POST", acme+"/join", tokens["owner"], nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	r.Do(t, "POST", acme+"/join", tokens["platform admin"], nil).Want(t, 200)
	if got := members(t, r, tokens["member"]); got["root"] != "owner" {
		t.Errorf("the members are %v", got)
	}
	id := idOf(t, r, "bob")
	if m := embeddedtest.JSON[api.Member](t, r.Do(t, "GET", acme+"/users/"+id+"/role", tokens["admin"], nil).Want(t, 200)); m.Role != "member" || m.Username != "bob" {
		t.Errorf("bob is %+v", m)
	}
}
