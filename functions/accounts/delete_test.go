package accounts_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestADeletedAccountIsGoneAndItsBoxesStay(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "root")
	ada, bob := r.SignUp(t, "ada"), r.SignUp(t, "bob")
	r.Organization(t, ada, "acme")
	r.Do(t, "POST", "/api/organization/acme/members", ada, `{"username":"bob","role":"owner"}`).Want(t, 201)
	box := r.Box(t, bob, "acme", "debian", false)
	program := r.ServiceAccount(t, bob, map[string]any{"organization": "acme"})
	r.Do(t, "DELETE", path(t, r, "bob", ""), bob, nil).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "DELETE", path(t, r, "bob", ""), bob, `{"password":"a wrong one"}`).WantError(t, 400, "VALIDATION_ERROR")
	gone := path(t, r, "bob", "")
	r.Do(t, "DELETE", gone, bob, map[string]any{"password": embeddedtest.Password}).Want(t, 200)

	for _, token := range []string{bob, program.Token} {
		r.Do(t, "GET", "/api/user", token, nil).WantError(t, 401, "TOKEN_INVALID")
	}
	signIn(t, r, "bob", embeddedtest.Password, false).WantError(t, 401, "TOKEN_INVALID")
	signIn(t, r, program.Username, program.Token, false).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "GET", box, ada, nil).Want(t, 200)
	signUp(t, r, "bob", "bob@example.com").Want(t, 201) // name and address are free, rights are not
	again := r.SignIn(t, "bob")
	r.Do(t, "GET", box, again, nil).WantError(t, 404, "NOT_FOUND")
	// The organization knows that it has one owner left.
	r.Do(t, "POST", "/api/user/leave/acme", ada, nil).WantError(t, 409, "CONFLICT")

	r.Sweep(t)
	r.Do(t, "GET", box, ada, nil).Want(t, 200)
	if only := embeddedtest.JSON[api.OnlyUser](t, r.Do(t, "GET", "/api/organizations/acme/only-user", ada, nil).Want(t, 200)); !only.IsOnlyUser {
		t.Error("the deleted account is still a member")
	}
	list := r.Do(t, "GET", "/api/organization/acme/service-accounts", ada, nil).Want(t, 200)
	if got := embeddedtest.JSON[[]api.ServiceAccount](t, list); len(got) != 0 {
		t.Errorf("its service accounts are left: %+v", got)
	}
	r.WantEvent(t, registry.UserDeleted)
	r.WantEvent(t, registry.MemberRemoved)
}

func TestTheOnlyOwnerOfAnOrganizationIsNotDeleted(t *testing.T) {
	r := coretest.Start(t)
	root, ada := r.Person(t, "root"), r.Person(t, "ada")
	r.Organization(t, ada, "acme")
	r.Organization(t, ada, "umbrella")
	a := r.Do(t, "DELETE", path(t, r, "ada", ""), root, nil).WantError(t, 409, "CONFLICT")
	if names := fmt.Sprint(embeddedtest.JSON[api.Error](t, a).Details["organizations"]); names != "[acme umbrella]" {
		t.Errorf("told of %s", names)
	}
	for _, name := range []string{"acme", "umbrella"} {
		r.Do(t, "DELETE", "/api/organization/"+name, ada, nil).Want(t, 200)
	}
	r.Do(t, "DELETE", path(t, r, "ada", ""), root, nil).Want(t, 200)
}

func TestAPlatformAdminStays(t *testing.T) {
	r := coretest.Start(t)
	root := r.SignUp(t, "root")
	r.Do(t, "DELETE", path(t, r, "root", ""), root, map[string]any{"password": embeddedtest.Password}).WantError(t, 409, "CONFLICT")
	r.Do(t, "DELETE", "/api/users/7", root, nil).WantError(t, 404, "NOT_FOUND")
}

// Two owners who go at once would leave nobody.
func TestOfTwoOwnersThatAreDeletedAtOnceOneStays(t *testing.T) {
	for range 5 {
		r := coretest.Start(t)
		root := r.Person(t, "root")
		ada := r.Person(t, "ada")
		r.Organization(t, ada, "acme")
		r.Member(t, ada, "acme", "bob", "owner")
		paths := []string{path(t, r, "ada", ""), path(t, r, "bob", "")}
		gone := make([]bool, len(paths))
		var wg sync.WaitGroup
		for i, at := range paths {
			wg.Go(func() { gone[i] = r.Do(t, "DELETE", at, root, nil).Status == 200 })
		}
		wg.Wait()
		if gone[0] == gone[1] {
			t.Fatalf("deleted: %v", gone)
		}
	}
}

func TestAnAccountOfTooManyOrganizationsLeavesSomeFirst(t *testing.T) {
	r := coretest.Start(t)
	root, ada := r.Person(t, "root"), r.Person(t, "ada")
	r.Person(t, "bob")
	for i := range 31 {
		name := fmt.Sprint("acme", i)
		r.Organization(t, ada, name)
		r.Do(t, "POST", "/api/organization/"+name+"/members", ada, `{"username":"bob","role":"owner"}`).Want(t, 201)
	}
	r.Do(t, "DELETE", path(t, r, "bob", ""), root, nil).WantError(t, 409, "CONFLICT")
	bob := session(t, r, "bob", false)
	r.Do(t, "POST", "/api/user/leave/acme0", bob, nil).Want(t, 200)
	r.Do(t, "DELETE", path(t, r, "bob", ""), root, nil).Want(t, 200)
}
