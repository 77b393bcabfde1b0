package accounts_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

func TestAPersonIsToldWhoTheyAre(t *testing.T) {
	r := coretest.Start(t)
	root := r.Person(t, "root")
	ada := r.Person(t, "ada")
	if u := user(t, r, ada); u.Organization != nil || len(u.Organizations) != 0 || !slices.Equal(u.Roles, []string{"user"}) {
		t.Errorf("before there is an organization: %+v", u)
	}
	r.Organization(t, ada, "acme")
	r.Organization(t, root, "umbrella")
	r.Do(t, "POST", "/api/organization/umbrella/members", root, `{"username":"ada","role":"moderator"}`).Want(t, 201)
	u := user(t, r, ada)
	got := map[string]string{}
	for _, o := range u.Organizations {
		got[o.Name] = o.Role
		if o.IsPrimary != (o.Name == "acme") {
			t.Errorf("%s is primary: %v", o.Name, o.IsPrimary)
		}
	}
	if len(got) != 2 || got["acme"] != "owner" || got["umbrella"] != "admin" || *u.Organization != "acme" {
		t.Errorf("ada is told %+v", u)
	}
	if !slices.Equal(user(t, r, root).Roles, []string{"user", "admin"}) {
		t.Error("the platform admin is not told so")
	}
}

func user(t *testing.T, r *coretest.Registry, token string) api.User {
	t.Helper()
	a := r.Do(t, "GET", "/api/user", token, nil).Want(t, 200)
	if strings.Contains(strings.ToLower(string(a.Body)), "hash") {
		t.Errorf("a hash is told: %s", a.Body)
	}
	return embeddedtest.JSON[api.User](t, a)
}

func TestAProgramIsToldWhoItIs(t *testing.T) {
	r := coretest.Start(t)
	program := r.ServiceAccount(t, ownerOf(t, r, "acme"), nil)
	u := user(t, r, program.Token)
	if !u.IsServiceAccount || u.Username != program.Username || *u.Organization != "acme" || !slices.Equal(u.Roles, []string{"service_account"}) {
		t.Errorf("it is told %+v", u)
	}
}
