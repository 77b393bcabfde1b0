package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Clients walk through lists without looking whether there is one.
func TestListsAreNeverNull(t *testing.T) {
	for name, told := range map[string]any{
		"version": api.FromVersion(registry.Version{}), "provider": api.FromProvider(1, registry.Provider{}),
		"architecture": api.FromArchitecture(1, registry.Architecture{}), "memberships": api.FromMemberships(registry.Account{}, nil),
		"boxes": api.Each(nil, api.FromBox), "members": api.Each([]registry.Membership(nil), api.FromMember),
	} {
		if raw, err := json.Marshal(told); err != nil || strings.Contains(string(raw), "null") {
			t.Errorf("%s: %s, %v", name, raw, err)
		}
	}
}

// Secrets of the records have no way out.
func TestNoSecretIsOnTheWire(t *testing.T) {
	for _, told := range []any{
		api.FromAccount(registry.Account{PasswordHash: "a-secret"}, nil),
		api.FromServiceAccount(registry.ServiceAccount{TokenHash: "a-secret"}),
		api.FromFile(registry.File{Blob: "a-secret"}),
		api.FromVersion(registry.Version{Providers: []registry.Provider{{Architectures: []registry.Architecture{{File: &registry.File{Blob: "a-secret"}}}}}}),
	} {
		if raw, err := json.Marshal(told); err != nil || strings.Contains(string(raw), "a-secret") {
			t.Errorf("%s, %v", raw, err)
		}
	}
}

func TestTheTargetOfAPathNamesEverythingThatIsWrongWithIt(t *testing.T) {
	var p api.ArchitecturePath
	p.Organization, p.Box, p.Number, p.Provider, p.Architecture = "acme", "debian", "v1.0", "qemu", "amd64"
	want := registry.Target{Organization: "acme", Box: "debian", Version: "1.0", Provider: "qemu", Architecture: "amd64"}
	if got, err := p.Target(); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	p.Number, p.Provider, p.Architecture = "latest", "..", "upload"
	_, err := p.Target()
	if err == nil || err.Error() != "Invalid input parameters: architecture, provider, version" {
		t.Error(err)
	}
}

func TestTheDownloadPathChangesWithTheFile(t *testing.T) {
	b := registry.Box{Organization: "Acme", Name: "Debian"}
	for distinct, want := range map[bool]string{
		false: "/Acme/boxes/Debian/versions/1.0.0-rc1/providers/qemu/amd64/vagrant.box",
		true:  "/Acme/boxes/Debian/versions/1.0.0-rc1/providers/qemu/amd64/vagrant.box?file=7",
	} {
		a := registry.Architecture{Name: "amd64", File: &registry.File{ID: 7, Distinct: distinct}}
		if got := api.DownloadPath(b, "1.0.0-rc1", "qemu", a); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
