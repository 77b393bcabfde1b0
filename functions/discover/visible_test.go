package discover_test

import (
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
)

func TestEverybodyFindsWhatHeMaySee(t *testing.T) {
	r, ada := coretest.Acme(t)
	root, bob := r.Person(t, "rooty"), r.Person(t, "bob")
	r.Organization(t, bob, "bolt")
	for _, box := range []struct {
		token, organization, name string
		public                    bool
	}{{ada, "acme", "open", true}, {ada, "acme", "secret", false}, {bob, "bolt", "free", true}, {bob, "bolt", "hidden", false}} {
		r.Box(t, box.token, box.organization, box.name, box.public)
	}
	member := r.Member(t, ada, "acme", "cleo", "member")
	r.Do(t, "POST", "/api/organization/bolt/members", bob, map[string]any{"username": "cleo", "role": "member"}).Want(t, 201)
	robot := r.ServiceAccount(t, member, map[string]any{"organization": "acme"}).Token
	r.Sweep(t)
	public := []string{"acme/open", "bolt/free"}
	for token, private := range map[string][]string{
		"": nil, root: nil, ada: {"acme/secret"}, bob: {"bolt/hidden"}, member: {"acme/secret", "bolt/hidden"}, robot: {"acme/secret"},
	} {
		wantTags(t, r, "/api/search", token, append(private, public...)...)
		wantTags(t, r, "/api/search?limit=1&sort=created", token, append(private, public...)...)
	}
	wantTags(t, r, "/api/search?organization=bolt", robot, "bolt/free")
	wantTags(t, r, "/api/search?organization=bolt", member, "bolt/free", "bolt/hidden")
	id := r.Account(t, "cleo").ID.String()
	r.Do(t, "DELETE", "/api/organization/acme/members/"+id, ada, nil).Want(t, 200)
	wantTags(t, r, "/api/search?q=secret", member)
	wantTags(t, r, "/api/search?q=secret", robot)
}

// The first account is platform admin: it sees private boxes of others where it asks for them.
func TestAPlatformAdminFindsPrivateBoxesOfAnOrganizationThatHeNames(t *testing.T) {
	r := coretest.Start(t)
	root, ada := r.Person(t, "root"), r.Person(t, "ada")
	r.Organization(t, ada, "acme")
	r.Box(t, ada, "acme", "secret", false)
	r.Sweep(t)
	wantTags(t, r, "/api/search", root)
	wantTags(t, r, "/api/search?organization=acme", root, "acme/secret")
}
