package catalog_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestNoBoxIsMadeInAnOrganizationThatIsBeingDeleted(t *testing.T) {
	onEachStore(t, func(e *env) {
		o := e.organization("acme", e.account("ada"))
		marked := o
		marked.Deleting = true
		e.must(e.SaveOrganization(e.Context(), marked)) // where a deletion stopped half-way
		box := registry.Box{ID: registry.NewID(), Organization: "acme", Name: "debian"}
		_, err := e.CreateBox(e.Context(), o, box) // read before
		e.wantKind(err, registry.Conflict)
		marked, err = e.Organization(e.Context(), "acme")
		e.must(err)
		_, err = e.CreateBox(e.Context(), marked, box) // read behind
		e.wantKind(err, registry.Conflict)
		e.must(e.DeleteOrganization(e.Context(), marked)) // and done again
		_, err = e.Organization(e.Context(), "acme")
		e.wantKind(err, registry.NotFound)
	})
}

func TestTheNumberOfOwnersIsKept(t *testing.T) {
	onEachStore(t, func(e *env) {
		ada, bob := e.account("ada"), e.account("bob")
		e.organization("acme", ada)
		wantOwners := func(want int) registry.Organization {
			e.Helper()
			o, err := e.Organization(e.Context(), "acme")
			e.must(err)
			if o.Owners != want {
				e.Errorf("%d owners are counted, want %d", o.Owners, want)
			}
			return o
		}
		membership := func(a registry.Account) registry.Membership {
			e.Helper()
			m, err := e.Membership(e.Context(), "acme", a.ID)
			e.must(err)
			return m
		}
		e.wantKind(e.SetRole(e.Context(), wantOwners(1), membership(ada), registry.RoleAdmin), registry.Conflict)
		e.wantKind(e.RemoveMember(e.Context(), wantOwners(1), membership(ada)), registry.Conflict)
		e.must(e.AddMember(e.Context(), wantOwners(1), bob, registry.RoleMember))
		e.must(e.SetRole(e.Context(), wantOwners(1), membership(bob), registry.RoleOwner))
		stale := wantOwners(2)
		e.must(e.SetRole(e.Context(), stale, membership(ada), registry.RoleMember))
		// Decided on what was read before: that both were owners.
		e.wantKind(e.SetRole(e.Context(), stale, membership(bob), registry.RoleMember), registry.Conflict)
		e.must(e.SetRole(e.Context(), wantOwners(1), membership(ada), registry.RoleOwner))
		e.must(e.RemoveMember(e.Context(), wantOwners(2), membership(bob)))
		wantOwners(1)
		if m := membership(bob); m.Role != registry.RoleNone {
			e.Errorf("bob is still %v", m.Role)
		}
	})
}

// What is added to an organization by a request that read it before it was deleted would be a
// member, or a service account, of a later organization of that name.
func TestNothingIsAddedToAnOrganizationThatIsGone(t *testing.T) {
	onEachStore(t, func(e *env) {
		ada, bob := e.account("ada"), e.account("bob")
		before := e.organization("acme", ada)
		service := registry.ServiceAccount{ID: registry.NewID(), Username: "ada-1", TokenHash: "hash", Organization: "acme", Owner: ada.ID}
		e.must(e.DeleteOrganization(e.Context(), before))
		e.wantKind(e.AddMember(e.Context(), before, bob, registry.RoleMember), registry.Conflict)
		e.wantKind(e.CreateServiceAccount(e.Context(), before, service), registry.Conflict)
		deleting := before
		deleting.Deleting = true
		e.wantKind(e.AddMember(e.Context(), deleting, bob, registry.RoleMember), registry.Conflict)

		carl := e.account("carl")
		e.organization("acme", carl)
		if m, err := e.Membership(e.Context(), "acme", bob.ID); err != nil || m.Role != registry.RoleNone {
			e.Errorf("bob is %v in the new organization, %v", m.Role, err)
		}
		if list, err := e.ServiceAccountsIn(e.Context(), "acme"); err != nil || len(list) != 0 {
			e.Errorf("the new organization has %d service accounts, %v", len(list), err)
		}
	})
}

// An ended session is remembered for as long as its token would be good, and no longer.
func TestAnEndedSessionIsForgottenWithItsToken(t *testing.T) {
	onEachStore(t, func(e *env) {
		ada := e.account("ada")
		until := e.now.Add(time.Hour)
		e.must(e.EndSession(e.Context(), "one", until))
		wantEnded := func(id string, want bool) {
			e.Helper()
			s, err := e.Session(e.Context(), ada.ID, 0, id)
			e.must(err)
			if s.Ended != want || s.Account.ID != ada.ID {
				e.Errorf("session %s has ended: %v", id, s.Ended)
			}
		}
		wantEnded("one", true)
		wantEnded("other", false)
		e.now = until
		wantEnded("one", true)
		e.now = until.Add(2 * time.Second)
		wantEnded("one", false)
		_, err := e.Session(e.Context(), 12345, 0, "one")
		e.wantKind(err, registry.NotFound)
		_, err = e.Session(e.Context(), ada.ID, 12345, "one")
		e.wantKind(err, registry.NotFound)
	})
}
