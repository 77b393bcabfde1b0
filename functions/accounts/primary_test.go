package accounts_test

import (
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

func TestThePrimaryOrganizationIsChosenAndLeft(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "root")
	ada, bob := r.Person(t, "ada"), r.Person(t, "bob")
	primary := func() string {
		t.Helper()
		return embeddedtest.JSON[api.PrimaryOrganization](t, r.Do(t, "GET", "/api/user/primary-organization", bob, nil).Want(t, 200)).Organization.Name
	}
	r.Do(t, "GET", "/api/user/primary-organization", bob, nil).WantError(t, 404, "NOT_FOUND")
	for _, name := range []string{"acme", "umbrella", "other"} {
		r.Organization(t, ada, name)
	}
	for _, name := range []string{"acme", "umbrella"} {
		r.Do(t, "POST", "/api/organization/"+name+"/members", ada, `{"username":"bob"}`).Want(t, 201)
		r.Clock.Advance(1e9)
	}
	if got := primary(); got != "acme" {
		t.Errorf("before a choice it is %s", got)
	}
	r.Do(t, "PUT", "/api/user/primary-organization/Umbrella", bob, nil).Want(t, 200)
	if got := primary(); got != "umbrella" {
		t.Errorf("chosen was umbrella, it is %s", got)
	}
	for _, name := range []string{"other", "nothing", "%00"} {
		r.Do(t, "PUT", "/api/user/primary-organization/"+name, bob, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "POST", "/api/user/leave/"+name, bob, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "GET", "/api/organizations/"+name+"/only-user", bob, nil).WantError(t, 404, "NOT_FOUND")
	}
	if only := embeddedtest.JSON[api.OnlyUser](t, r.Do(t, "GET", "/api/organizations/acme/only-user", bob, nil).Want(t, 200)); only.IsOnlyUser {
		t.Error("of two members one is told to be the only one")
	}
	r.Do(t, "POST", "/api/user/leave/umbrella", bob, nil).Want(t, 200)
	if got := primary(); got != "acme" {
		t.Errorf("after leaving it, it is %s", got)
	}
	r.Do(t, "POST", "/api/user/leave/acme", ada, nil).WantError(t, 409, "CONFLICT")
}

// A rename is nothing to the choice.
func TestThePrimaryOrganizationStaysWhenItIsRenamed(t *testing.T) {
	r := coretest.Start(t)
	ada := r.Person(t, "ada")
	r.Organization(t, ada, "acme")
	r.Do(t, "PUT", "/api/organization/acme", ada, `{"name":"umbrella"}`).Want(t, 200)
	r.Do(t, "PUT", "/api/user/primary-organization/umbrella", ada, nil).Want(t, 200)
	got := embeddedtest.JSON[api.PrimaryOrganization](t, r.Do(t, "GET", "/api/user/primary-organization", ada, nil).Want(t, 200))
	if got.Organization.Name != "umbrella" || got.Role != "owner" {
		t.Errorf("it is %+v", got)
	}
}
