package catalog_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// A deleted organization is out of sight at once, with all in it; its name is free when the janitor
// has been there.
func TestADeletedOrganizationIsClearedAway(t *testing.T) {
	onEachStore(t, func(e *env) {
		ada, bob := e.account("ada"), e.account("bob")
		o := e.organization("acme", ada)
		e.must(e.AddMember(e.Context(), o, catalog.Candidate{Account: bob.ID, Username: "bob"}, registry.RoleMember))
		o, err := e.Organization(e.Context(), "acme")
		e.must(err)
		service := registry.ServiceAccount{ID: registry.NewID(), Username: "ada-1", TokenHash: "hash", OrganizationID: o.ID, Home: o.Home, Owner: ada.ID}
		e.must(e.CreateServiceAccount(e.Context(), o, service))
		at, err := e.Inviting(e.Context(), ada.ID, "acme", "new@example.com")
		e.must(err)
		invitation := registry.Invitation{
			ID: registry.NewID(), Email: "new@example.com", OrganizationID: o.ID, Home: o.Home, Role: registry.RoleMember,
			Tickets: []string{"link"}, ExpiresAt: e.now.Add(time.Hour),
		}
		e.must(e.Invite(e.Context(), at, invitation))
		_, err = e.Invited(e.Context(), "link", 0)
		e.must(err)
		_, err = e.RenameOrganization(e.Context(), o, "newco")
		e.must(err)
		o, err = e.Organization(e.Context(), "newco")
		e.must(err)
		for i := range 40 {
			_, err := e.CreateBox(e.Context(), o, registry.NewBox(o, fmt.Sprint("box", i), ada.ID, e.now))
			e.must(err)
		}
		e.must(e.DeleteOrganization(e.Context(), o))
		_, err = e.CreateBox(e.Context(), o, registry.NewBox(o, "late", ada.ID, e.now)) // read before
		e.wantKind(err, registry.Conflict)
		for _, name := range []string{"acme", "newco"} {
			_, err = e.Organization(e.Context(), name)
			e.wantKind(err, registry.NotFound)
			_, err = e.CreateOrganization(e.Context(), registry.Organization{ID: registry.NewID(), Name: name}, bob)
			e.wantKind(err, registry.Conflict)
		}
		boxes := 0
		for range 2 { // twice does no harm
			for _, d := range e.due() {
				switch d.Kind {
				case catalog.DueOrganization:
					e.must(e.ClearOrganization(e.Context(), d))
					e.must(e.ClearOrganization(e.Context(), d))
				case catalog.DueBox:
					boxes++
				}
			}
		}
		if boxes != 40 {
			e.Errorf("%d of 40 boxes are due", boxes)
		}
		carl := e.account("carl")
		fresh := e.organization("acme", carl)
		if list, _, err := e.Boxes(e.Context(), fresh, "", 0); err != nil || len(list) != 0 {
			e.Errorf("the new organization has %d boxes, %v", len(list), err)
		}
		if list, err := e.Members(e.Context(), fresh); err != nil || len(list) != 1 {
			e.Errorf("the new organization has %d members, %v", len(list), err)
		}
		_, err = e.Ticket(e.Context(), "link", registry.PurposeInviteLink)
		e.wantKind(err, registry.NotFound)
		_, err = e.ServiceAccountByToken(e.Context(), "hash")
		e.wantKind(err, registry.NotFound)
		_, err = e.ServiceAccountByName(e.Context(), "ada-1")
		e.wantKind(err, registry.NotFound)
		e.organization("newco", e.account("dora"))
	})
}

// All that an organization has comes along when it is renamed, and its old names lead to it.
func TestARenamedOrganizationKeepsEverything(t *testing.T) {
	onEachStore(t, func(e *env) {
		e.box("debian")
		o, err := e.Organization(e.Context(), "acme")
		e.must(err)
		other := &catalog.Catalog{Store: e.Store, Now: e.clock} // another process, which remembers
		_, err = other.Organization(e.Context(), "acme")
		e.must(err)
		e.account("bob")
		for _, name := range []string{"newco", "third", "acme", "newco"} {
			_, err = e.RenameOrganization(e.Context(), o, name)
			e.must(err)
			for _, c := range []*catalog.Catalog{e.Catalog, other} {
				for _, led := range []string{"acme", "newco", "NewCo"} {
					if o, err = c.Organization(e.Context(), led); err != nil || o.Name != name {
						e.Errorf("%s leads to %q, %v; want %s", led, o.Name, err, name)
					}
					a, err := c.BoxAccess(e.Context(), 0, led, "debian", catalog.Wanted{})
					e.must(err)
					if a.Box.Tag() != name+"/debian" {
						e.Errorf("the box is %s", a.Box.Tag())
					}
				}
			}
		}
		bob, err := e.AccountByName(e.Context(), "bob")
		e.must(err)
		for _, taken := range []string{"acme", "third", "newco"} {
			_, err = e.CreateOrganization(e.Context(), registry.Organization{ID: registry.NewID(), Name: taken}, bob)
			e.wantKind(err, registry.Conflict)
		}
		two := e.organization("two", bob)
		_, err = e.RenameOrganization(e.Context(), two, "Third")
		e.wantKind(err, registry.Conflict)
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
			_, _, m, err := e.MemberAccess(e.Context(), 0, "acme", a.ID)
			e.must(err)
			return m
		}
		e.wantKind(e.SetRole(e.Context(), wantOwners(1), membership(ada), registry.RoleAdmin), registry.Conflict)
		e.wantKind(e.RemoveMember(e.Context(), wantOwners(1), membership(ada)), registry.Conflict)
		e.must(e.AddMember(e.Context(), wantOwners(1), catalog.Candidate{Account: bob.ID, Username: "bob"}, registry.RoleMember))
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
		service := registry.ServiceAccount{ID: registry.NewID(), Username: "ada-1", TokenHash: "hash", OrganizationID: before.ID, Home: before.Home, Owner: ada.ID}
		e.must(e.DeleteOrganization(e.Context(), before))
		e.wantKind(e.AddMember(e.Context(), before, catalog.Candidate{Account: bob.ID}, registry.RoleMember), registry.Conflict)
		e.wantKind(e.CreateServiceAccount(e.Context(), before, service), registry.Conflict)
		for _, d := range e.due() {
			e.must(e.ClearOrganization(e.Context(), d))
		}

		carl := e.account("carl")
		o := e.organization("acme", carl)
		if _, _, m, err := e.MemberAccess(e.Context(), 0, "acme", bob.ID); err != nil || m.Role != registry.RoleNone {
			e.Errorf("bob is %v in the new organization, %v", m.Role, err)
		}
		if list, err := e.ServiceAccountsIn(e.Context(), o); err != nil || len(list) != 0 {
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
