package catalog_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestWrongPasswordsAreCountedForAWhile(t *testing.T) {
	onEachStore(t, func(e *env) {
		e.account("ada")
		for _, name := range []string{"ada", "nobody"} {
			for n := range 3 {
				who, err := e.SignIn(e.Context(), name)
				e.must(err)
				if who.Count != n || (n > 0 && e.now.Sub(who.Since).Abs() > 2*time.Second) {
					e.Errorf("%s: after %d it is %+v at %v", name, n, who.Tally, e.now)
				}
				e.must(e.Failed(e.Context(), who.Tries))
			}
		}
		who, err := e.SignIn(e.Context(), "ada")
		e.must(err)
		e.must(e.Forgive(e.Context(), who.Tries))
		if who, err = e.SignIn(e.Context(), "ADA"); err != nil || who.Count != 0 || who.Account.Username != "ada" {
			e.Errorf("forgiven is %+v, %v", who, err)
		}
		e.now = e.now.Add(registry.FailuresLife + 2*time.Second)
		if who, err = e.SignIn(e.Context(), "nobody"); err != nil || who.Count != 0 || who.Account.ID != 0 {
			e.Errorf("later it is %+v, %v", who, err)
		}
	})
}

func TestATicketSetsAPasswordOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		ada := e.account("ada")
		ticket := registry.NewTicket(registry.PurposeReset, ada.ID, ada.Email, e.now, time.Hour)
		_, asked, err := e.AskedFor(e.Context(), ada.Email)
		e.must(err)
		e.must(e.Mail(e.Context(), asked, catalog.Mailed{Letter: registry.Letter{Kind: registry.LetterReset, Ticket: &ticket}, Hash: "hash"}))
		if _, asked, err = e.AskedFor(e.Context(), ada.Email); err != nil || asked.Count != 1 {
			e.Errorf("asked for is %+v, %v", asked, err)
		}
		_, err = e.Ticket(e.Context(), "hash", registry.PurposeVerify)
		e.wantKind(err, registry.NotFound)
		got, err := e.Ticket(e.Context(), "hash", registry.PurposeReset)
		e.must(err)
		used := catalog.Used{Ticket: got, Hash: "hash"}
		ada.PasswordHash = "new"
		after, err := e.SetPassword(e.Context(), ada, used)
		if err != nil || after.Epoch != ada.Epoch+1 {
			e.Errorf("set is %+v, %v", after, err)
		}
		fresh, err := e.Account(e.Context(), ada.ID)
		e.must(err)
		_, err = e.SetPassword(e.Context(), fresh, used)
		e.wantKind(err, registry.NotFound)
	})
}

// What the janitor finds of a deleted account it clears away, and twice is as good as once.
func TestADeletedAccountLeavesNothing(t *testing.T) {
	onEachStore(t, func(e *env) {
		e.account("root")
		ada, bob := e.account("ada"), e.account("bob")
		acme := e.organization("acme", ada)
		e.must(e.AddMember(e.Context(), acme, catalog.Candidate{Account: bob.ID, Username: "bob"}, registry.RoleOwner))
		l, err := e.Leaver(e.Context(), ada.ID)
		e.must(err)
		if len(l.SoleOwner) != 0 {
			e.Errorf("of two owners one is the only one: %+v", l.SoleOwner)
		}
		e.must(e.DeleteAccount(e.Context(), l))
		e.wantKind(e.DeleteAccount(e.Context(), l), registry.Conflict)
		for range 2 {
			e.must(e.ClearAccount(e.Context(), catalog.Due{Account: ada.ID}))
		}
		acme, err = e.Organization(e.Context(), "acme")
		e.must(err)
		members, err := e.Members(e.Context(), acme)
		if err != nil || len(members) != 1 || acme.Owners != 1 {
			e.Errorf("left are %d owners and %+v, %v", acme.Owners, members, err)
		}
		if left, err := e.MembershipsOf(e.Context(), ada.ID); err != nil || len(left) != 0 {
			e.Errorf("memberships of nobody: %+v, %v", left, err)
		}
	})
}
