package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestOrganizationIsJoined is how people come into an organization that can be asked, and how the
// platform's admin looks after it.
func TestOrganizationIsJoined(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t)
	o, guest := newOwner(t, registry), newPerson(t, registry)
	at := registry + "/api/organization/" + o.org
	call := func(status int, method, url, token string, body any) answer {
		t.Helper()
		return askJSON(t, method, url, token, body).want(t, status)
	}
	call(404, "POST", at+"/requests", guest.token, map[string]any{})
	call(200, "PUT", at+"/access-mode", o.token, map[string]any{"accessMode": "request_to_join"})
	found := read[[]api.DiscoveredOrganization](t, call(200, "GET", registry+"/api/organizations/discover", "", nil))
	if !slices.ContainsFunc(found, func(d api.DiscoveredOrganization) bool { return d.Name == o.org }) {
		t.Errorf("everyone finds %+v", found)
	}
	ask := func() int64 {
		t.Helper()
		return read[api.JoinRequest](t, call(201, "POST", at+"/requests", guest.token, map[string]any{"message": "hello"})).ID
	}
	call(200, "DELETE", fmt.Sprint(registry, "/api/user/requests/", ask()), guest.token, nil)
	call(200, "POST", fmt.Sprint(at, "/requests/", ask(), "/deny"), o.token, nil)
	id := ask()
	for _, list := range []answer{call(200, "GET", registry+"/api/user/requests", guest.token, nil), call(200, "GET", at+"/requests", o.token, nil)} {
		if requests := read[[]api.JoinRequest](t, list); len(requests) != 1 || requests[0].ID != id {
			t.Errorf("the requests are %+v", requests)
		}
	}
	m := read[api.Member](t, call(200, "POST", fmt.Sprint(at, "/requests/", id, "/approve"), o.token, nil))
	call(200, "GET", fmt.Sprint(at, "/users/", m.ID, "/role"), guest.token, nil)

	call(200, "PUT", at+"/suspend", root.token, nil)
	call(403, "GET", at, guest.token, nil)
	call(200, "PUT", at+"/resume", root.token, nil)
	call(200, "GET", at, guest.token, nil)
	call(200, "POST", at+"/join", root.token, nil)
	call(200, "DELETE", at+"/users/"+guest.name, root.token, nil)
	call(404, "GET", at, guest.token, nil)
	if all := read[[]api.Organization](t, call(200, "GET", registry+"/api/organization", root.token, nil)); !slices.ContainsFunc(all, func(seen api.Organization) bool { return seen.Name == o.org && seen.Members == 2 }) {
		t.Errorf("the platform's admin sees %+v", all)
	}
}
