package registry_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestRoles(t *testing.T) {
	for text, want := range map[string]registry.Role{
		"member": registry.RoleMember, "admin": registry.RoleAdmin, "moderator": registry.RoleAdmin, "owner": registry.RoleOwner,
	} {
		if got, err := registry.ParseRole(text); err != nil || got != want {
			t.Errorf("%s became %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "none", "Owner", "root"} {
		if role, err := registry.ParseRole(text); err == nil {
			t.Errorf("%q became %v", text, role)
		}
	}
}

// A larger role includes the smaller ones: code compares them.
func TestRolesAreOrdered(t *testing.T) {
	if registry.RoleNone >= registry.RoleMember || registry.RoleMember >= registry.RoleAdmin || registry.RoleAdmin >= registry.RoleOwner {
		t.Error("the order of roles is not none < member < admin < owner")
	}
}

func TestAServiceAccountExpires(t *testing.T) {
	forever, soon := registry.ServiceAccount{}, registry.ServiceAccount{ExpiresAt: now}
	if forever.Expired(now.Add(100 * 365 * 24 * time.Hour)) {
		t.Error("it expired without having a time")
	}
	for at, want := range map[time.Time]bool{now.Add(-time.Second): false, now: true, now.Add(time.Second): true} {
		if soon.Expired(at) != want {
			t.Errorf("at %v: %v", at, !want)
		}
	}
}

func TestAServiceAccountReachesOneOrganization(t *testing.T) {
	program := registry.Caller{Account: 1, ServiceAccount: 2, Scope: 7}
	if !program.Reaches(7) || program.Reaches(8) || program.Reaches(0) {
		t.Error("a service account does not reach its organization and no other")
	}
	if person := (registry.Caller{Account: 1}); !person.Reaches(8) {
		t.Error("a person's credential is good for some organizations only")
	}
	if (registry.Caller{}).Known() {
		t.Error("a stranger is known")
	}
}

func TestIDs(t *testing.T) {
	seen := map[registry.ID]bool{}
	for range 1000 {
		id := registry.NewID()
		if id <= 0 || seen[id] {
			t.Fatalf("%d: known: %v", id, seen[id])
		}
		if int64(float64(id)) != int64(id) {
			t.Fatalf("%d is not exact in a JSON reader that has only floats", id)
		}
		seen[id] = true
	}
}

// The revision is the store's; a document that held one would fight with it.
func TestARevisionIsNoPartOfARecord(t *testing.T) {
	a := registry.Account{Username: "ada"}
	a.SetRevision(42)
	raw, err := json.Marshal(a)
	if err != nil || strings.Contains(string(raw), "42") || !strings.Contains(string(raw), `"username":"ada"`) {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestUploadsThatAreOver(t *testing.T) {
	for state, want := range map[registry.UploadState]bool{
		registry.UploadOpen: false, registry.UploadCompleting: false, registry.UploadVerifying: false,
		registry.UploadStored: true, registry.UploadFailed: true,
	} {
		if (registry.Upload{State: state}).Done() != want {
			t.Errorf("%s: %v", state, !want)
		}
	}
}
