package core_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// asked starts a registry whose organization acme can be asked, with ada, its owner, two admins and a
// member; the second admin and bob, who asks, have addresses that are not proven unless said.
func asked(t *testing.T, bobsIsProven bool) (r *coretest.Registry, ada, bob string, sent *outbox) {
	t.Helper()
	sent = &outbox{}
	r, ada = coretest.Acme(t, func(o *core.Options) { o.Mail = core.Mail{On: true, Letters: sent.take} })
	r.Member(t, ada, "acme", "eve", "admin")
	r.Member(t, ada, "acme", "carl", "admin")
	r.Member(t, ada, "acme", "dora", "member")
	bob = r.Person(t, "bob")
	for _, name := range []string{"ada", "eve", "dora"} {
		prove(t, r, name)
	}
	if bobsIsProven {
		prove(t, r, "bob")
	}
	r.Do(t, "PUT", "/api/organization/acme/access-mode", ada, `{"accessMode":"request_to_join"}`).Want(t, 200)
	return r, ada, bob, sent
}

func prove(t *testing.T, r *coretest.Registry, username string) {
	t.Helper()
	a := r.Account(t, username)
	a.Verified = true
	if err := r.Core.Catalog.SaveAccount(t.Context(), a, registry.UserVerified); err != nil {
		t.Fatal(err)
	}
}

// outbox has the letters that were sent.
type outbox struct {
	mu      sync.Mutex
	letters []registry.Letter
}

func (o *outbox) take(_ context.Context, d catalog.Due) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.letters = append(o.letters, *d.Letter)
	return nil
}

// readers are who was written to since the last time, by how often.
func (o *outbox) readers(t *testing.T, r *coretest.Registry, kind registry.LetterKind) map[string]int {
	t.Helper()
	r.Sweep(t) // tells the events
	r.Sweep(t) // sends the letters
	to := map[string]int{}
	for _, l := range o.letters {
		if l.Kind == kind && l.Organization == "acme" {
			to[l.To]++
		}
	}
	o.letters = nil
	return to
}

func wish(t *testing.T, r *coretest.Registry, token string) string {
	t.Helper()
	a := r.Do(t, "POST", "/api/organization/acme/requests", token, `{}`).Want(t, 201)
	return fmt.Sprint("/api/organization/acme/requests/", embeddedtest.JSON[api.JoinRequest](t, a).ID)
}

func TestAdminsAreToldWhoAsksToJoin(t *testing.T) {
	r, ada, bob, sent := asked(t, true)
	at := wish(t, r, bob)
	if got := sent.readers(t, r, registry.LetterJoinRequested); len(got) != 2 || got["ada@example.com"] != 1 || got["eve@example.com"] != 1 {
		t.Errorf("written to %v", got)
	}
	r.Do(t, "POST", at+"/deny", ada, nil).Want(t, 200)
	if got := sent.readers(t, r, registry.LetterJoinDenied); len(got) != 1 || got["bob@example.com"] != 1 {
		t.Errorf("written to %v", got)
	}
	at = wish(t, r, bob) // again: the admins have read of him today
	if got := sent.readers(t, r, registry.LetterJoinRequested); len(got) != 0 {
		t.Errorf("written to %v", got)
	}
	r.Do(t, "POST", at+"/approve", ada, `{"assignedRole":"admin"}`).Want(t, 200)
	r.Sweep(t)
	if l := r.LettersTo(t, registry.LetterJoinApproved, "bob@example.com"); len(l) != 1 || l[0].Role != registry.RoleAdmin || l[0].Username != "bob" {
		t.Errorf("the letters are %+v", l)
	}
	r.Do(t, "DELETE", "/api/organization/acme/users/bob", ada, nil).Want(t, 200)
	r.Clock.Advance(registry.JoinLetterPause)
	wish(t, r, bob)
	if got := sent.readers(t, r, registry.LetterJoinRequested); len(got) != 2 {
		t.Errorf("a day later, written to %v", got)
	}
}

// Nobody has letters sent to an address that is somebody else's.
func TestAddressesThatAreNotProvenGetNoLettersAboutJoining(t *testing.T) {
	r, ada, bob, sent := asked(t, false)
	for _, what := range []string{"deny", "approve"} {
		r.Do(t, "POST", wish(t, r, bob)+"/"+what, ada, nil).Want(t, 200)
		for _, kind := range []registry.LetterKind{registry.LetterJoinDenied, registry.LetterJoinApproved} {
			if got := sent.readers(t, r, kind); len(got) != 0 {
				t.Errorf("%s: written to %v", kind, got)
			}
		}
	}
}

// What is told late is told to who is still there.
func TestLettersAboutAnOrganizationThatIsGone(t *testing.T) {
	r, ada, bob, sent := asked(t, true)
	r.Do(t, "POST", wish(t, r, bob)+"/approve", ada, nil).Want(t, 200)
	r.Do(t, "DELETE", "/api/organization/acme", ada, nil).Want(t, 200)
	if got := sent.readers(t, r, registry.LetterJoinRequested); len(got) != 0 {
		t.Errorf("written to %v", got)
	}
}
