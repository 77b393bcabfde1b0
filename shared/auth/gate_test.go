package auth_test

import (
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// A service account is known by the organization's id: one that was left over from an organization
// of the same name reaches nothing in the new one.
func TestAServiceAccountIsBoundToAnOrganizationAndNotToItsName(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", false)
	o, err := r.Core.Catalog.Organization(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	caller := registry.Caller{Account: r.Account(t, "ada").ID, ServiceAccount: 1, Scope: o.ID}
	for id, want := range map[registry.ID]registry.Role{o.ID: registry.RoleOwner, o.ID + 1: registry.RoleNone} {
		caller.Scope = id
		_, role, err := r.Core.Gate.Organization(t.Context(), caller, "acme", registry.RoleMember)
		if role != want || (err == nil) != (want != registry.RoleNone) {
			t.Errorf("in the organization it is %v, %v", role, err)
		}
		if _, role, err := r.Core.Gate.Tree(t.Context(), caller, "acme", "debian"); role != want || (err == nil) != (want != registry.RoleNone) {
			t.Errorf("to the box it is %v, %v", role, err)
		}
		if a, err := r.Core.Gate.WriteBox(t.Context(), caller, "acme", "debian", catalog.Wanted{}); a.Role != want || (err == nil) != (want != registry.RoleNone) {
			t.Errorf("writing the box it is %v, %v", a.Role, err)
		}
	}
}
