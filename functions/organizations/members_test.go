package organizations_test

import (
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

func members(t *testing.T, r *coretest.Registry, token string) map[string]string {
	t.Helper()
	roles := map[string]string{}
	for _, m := range embeddedtest.JSON[[]api.Member](t, r.Do(t, "GET", acme+"/users", token, nil).Want(t, 200)) {
		roles[m.Username] = m.Role
	}
	return roles
}

func idOf(t *testing.T, r *coretest.Registry, username string) string {
	t.Helper()
	return r.Account(t, username).ID.String()
}

func TestMembersComeAndGo(t *testing.T) {
	r, tokens := cast(t)
	owner := tokens["owner"]
	added := embeddedtest.JSON[api.Member](t, r.Do(t, "POST", acme+"/members", owner, `{"username":"MALLORY"}`).Want(t, 201))
	if added.Username != "mallory" || added.Role != "member" || added.ID != int64(r.Account(t, "mallory").ID) {
		t.Errorf("added %+v", added)
	}
	got := members(t, r, tokens["outsider"])
	want := map[string]string{"ada": "owner", "bob": "member", "eve": "admin", "mallory": "member"}
	for name, role := range want {
		if got[name] != role || len(got) != len(want) {
			t.Errorf("the members are %v", got)
		}
	}
	r.Do(t, "POST", acme+"/members", owner, `{"username":"nobody"}`).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "POST", acme+"/members", owner, `{"username":"root","role":"king"}`).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "POST", acme+"/members", owner, `{"username":"bob"}`).WantError(t, 409, "CONFLICT")
	r.Do(t, "PUT", acme+"/users/"+idOf(t, r, "bob")+"/role", owner, `{"role":"moderator"}`).Want(t, 200)
	r.Do(t, "DELETE", acme+"/members/"+idOf(t, r, "mallory"), tokens["admin"], nil).Want(t, 200)
	if got := members(t, r, owner); len(got) != 3 || got["bob"] != "admin" {
		t.Errorf("the members are %v", got)
	}
	r.Do(t, "DELETE", acme+"/members/"+idOf(t, r, "mallory"), owner, nil).WantError(t, 404, "NOT_FOUND")
}

// Admins remove members, owners remove anyone, and everybody may leave.
func TestWhoEndsWhichMembership(t *testing.T) {
	r, tokens := cast(t)
	r.Member(t, tokens["owner"], "acme", "second-owner", "owner")
	r.Member(t, tokens["owner"], "acme", "second-admin", "admin")
	r.Member(t, tokens["owner"], "acme", "second-member", "member")
	for _, c := range []struct {
		who, whom string
		status    int
	}{
		{"outsider", "second-member", 404}, {"member", "second-member", 403}, {"member", "ada", 403},
		{"admin", "second-owner", 403}, {"admin", "second-admin", 403}, {"admin", "second-member", 200},
		{"owner", "second-admin", 200}, {"owner", "second-owner", 200},
		{"member", "bob", 200}, {"admin", "eve", 200}, {"owner", "ada", 409},
	} {
		a := r.Do(t, "DELETE", acme+"/members/"+idOf(t, r, c.whom), tokens[c.who], nil)
		if a.Status != c.status {
			t.Errorf("%s removes %s: %d, want %d: %s", c.who, c.whom, a.Status, c.status, a.Body)
		}
	}
}

func TestARemovedMemberLosesEverythingAtOnce(t *testing.T) {
	r, tokens := cast(t)
	bob := tokens["member"]
	private, public := r.Box(t, bob, "acme", "private", false), r.Box(t, bob, "acme", "public", true)
	r.Do(t, "DELETE", acme+"/members/"+idOf(t, r, "bob"), tokens["owner"], nil).Want(t, 200)
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", private, "", 404}, {"GET", private + "/metadata", "", 404}, {"PUT", private, `{}`, 404}, {"DELETE", private, "", 404},
		{"GET", public, "", 200}, {"PUT", public, `{}`, 403}, {"DELETE", public, "", 403},
		{"POST", private + "/version/1.0.0/provider/p/architecture/a/file/upload", "x", 404},
		{"POST", acme + "/box", `{"name":"new"}`, 404}, {"GET", acme, "", 404}, {"GET", acme + "/users", "", 404},
	} {
		if a := r.Do(t, c.method, c.path, bob, c.body); a.Status != c.status {
			t.Errorf("%s %s: %d, want %d: %s", c.method, c.path, a.Status, c.status, a.Body)
		}
	}
	r.Do(t, "GET", private, tokens["owner"], nil).Want(t, 200) // the boxes stay
}

func TestThereIsAlwaysAnOwner(t *testing.T) {
	r, ada := coretest.Acme(t)
	id := idOf(t, r, "ada")
	r.Do(t, "PUT", acme+"/users/"+id+"/role", ada, `{"role":"member"}`).WantError(t, 409, "CONFLICT")
	r.Do(t, "DELETE", acme+"/members/"+id, ada, nil).WantError(t, 409, "CONFLICT")
	bob := r.Member(t, ada, "acme", "bob", "owner")
	r.Do(t, "PUT", acme+"/users/"+id+"/role", ada, `{"role":"member"}`).Want(t, 200)
	r.Do(t, "DELETE", acme+"/members/"+idOf(t, r, "bob"), bob, nil).WantError(t, 409, "CONFLICT")
	r.Do(t, "PUT", acme+"/users/"+id+"/role", bob, `{"role":"owner"}`).Want(t, 200)
	r.Do(t, "DELETE", acme+"/members/"+idOf(t, r, "bob"), bob, nil).Want(t, 200)
	if got := members(t, r, ada); len(got) != 1 || got["ada"] != "owner" {
		t.Errorf("the members are %v", got)
	}
}

// Owners who give their role up at the same time do not leave the organization to nobody.
func TestOwnersWhoStepDownAtOnce(t *testing.T) {
	r, ada := coretest.Acme(t)
	names := []string{"ada", "bob", "carl", "dora"}
	tokens := map[string]string{"ada": ada}
	for _, name := range names[1:] {
		tokens[name] = r.Member(t, ada, "acme", name, "owner")
	}
	for range 20 { // who loses a race is told to try again
		var wg sync.WaitGroup
		for _, name := range names {
			id, token := idOf(t, r, name), tokens[name]
			wg.Go(func() {
				a := r.Do(t, "PUT", acme+"/users/"+id+"/role", token, `{"role":"member"}`)
				if a.Status != 200 && a.Status != 409 && a.Status != 403 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
	}
	owners := 0
	for _, role := range members(t, r, ada) {
		if role == "owner" {
			owners++
		}
	}
	if owners != 1 {
		t.Errorf("%d owners are left", owners)
	}
}

// Readding an account that left is a new membership.
func TestWhoLeftCanComeBack(t *testing.T) {
	r, tokens := cast(t)
	owner, id := tokens["owner"], idOf(t, r, "eve")
	r.Do(t, "DELETE", acme+"/members/"+id, tokens["admin"], nil).Want(t, 200)
	r.Do(t, "POST", acme+"/members", owner, `{"username":"eve"}`).Want(t, 201)
	if got := members(t, r, tokens["admin"]); got["eve"] != "member" {
		t.Errorf("eve came back as %q", got["eve"])
	}
	if embeddedtest.JSON[api.User](t, r.Do(t, "GET", "/api/user", tokens["admin"], nil)).Organization == nil {
		t.Error("the organization is not primary again")
	}
}
