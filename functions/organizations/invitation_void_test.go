package organizations_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// session is a new session of an account.
func session(t *testing.T, r *coretest.Registry, username string) string {
	t.Helper()
	token, _, err := r.Core.Tokens.ForAccount(t.Context(), r.Account(t, username), false)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What was void once stays void: after another invitation, a withdrawal, its time.
func TestWhenAnInvitationIsVoid(t *testing.T) {
	r, tokens := cast(t)
	first := invite(t, r, tokens["owner"], "new@example.com", "admin")
	mailed := r.MailedToken(t, registry.LetterInvitation, "new@example.com")
	second := invite(t, r, tokens["admin"], "NEW@example.com", "member")
	for _, token := range []string{first.Token, mailed} {
		validate(t, r, token).WantError(t, 404, "NOT_FOUND")
	}
	list := invitations(t, r, tokens["owner"])
	if len(list) != 1 || list[0].InvitedRole != "member" {
		t.Fatalf("listed %+v", list)
	}
	mailed = r.MailedToken(t, registry.LetterInvitation, "NEW@example.com")
	r.Do(t, "DELETE", fmt.Sprint("/api/invitations/", list[0].ID), tokens["admin"], nil).Want(t, 200)
	for _, token := range []string{second.Token, mailed} {
		validate(t, r, token).WantError(t, 404, "NOT_FOUND")
	}
	third := invite(t, r, tokens["admin"], "new@example.com", "")
	r.Clock.Advance(registry.InvitationLife)
	guest, owner := r.Person(t, "new"), session(t, r, "ada") // the sessions have ended as well
	validate(t, r, third.Token).WantError(t, 404, "NOT_FOUND")
	accept(t, r, third.Token, guest).WantError(t, 404, "NOT_FOUND")
	if list := invitations(t, r, owner); len(list) != 0 {
		t.Errorf("listed %+v", list)
	}
	accept(t, r, invite(t, r, owner, "new@example.com", "").Token, guest).Want(t, 200)
}

func TestInvitationsOfAnOrganizationThatChanges(t *testing.T) {
	r, tokens := cast(t)
	guest := r.Person(t, "new")
	token := invite(t, r, tokens["owner"], "new@example.com", "").Token
	r.Do(t, "PUT", acme, tokens["owner"], `{"name":"Newco"}`).Want(t, 200)
	if told := embeddedtest.JSON[api.OpenInvitation](t, validate(t, r, token).Want(t, 200)); told.OrganizationName != "Newco" {
		t.Errorf("validated %+v", told)
	}
	r.Do(t, "PUT", "/api/organization/newco/suspend", tokens["platform admin"], nil).Want(t, 200)
	validate(t, r, token).WantError(t, 404, "NOT_FOUND")
	accept(t, r, token, guest).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "PUT", "/api/organization/newco/resume", tokens["platform admin"], nil).Want(t, 200)
	validate(t, r, token).Want(t, 200)
	r.Do(t, "DELETE", "/api/organization/newco", tokens["owner"], nil).Want(t, 200)
	for range 2 {
		validate(t, r, token).WantError(t, 404, "NOT_FOUND")
		accept(t, r, token, guest).WantError(t, 404, "NOT_FOUND")
		r.Sweep(t)
		if a := r.Do(t, "POST", "/api/organization", tokens["outsider"], `{"name":"acme"}`); a.Status == 201 { // a later one
			if list := invitations(t, r, tokens["outsider"]); len(list) != 0 {
				t.Errorf("listed %+v", list)
			}
		}
	}
}

// Who is invited and comes in another way has no way back left when removed.
func TestAnInvitationEndsWhenItsReaderHasJoinedOtherwise(t *testing.T) {
	r, tokens := cast(t)
	guest := r.Person(t, "new")
	token := invite(t, r, tokens["owner"], "new@example.com", "").Token
	r.Do(t, "POST", acme+"/members", tokens["owner"], `{"username":"new"}`).Want(t, 201)
	accept(t, r, token, guest).WantError(t, 409, "CONFLICT")
	r.Sweep(t)
	r.Do(t, "DELETE", acme+"/users/new", tokens["owner"], nil).Want(t, 200)
	accept(t, r, token, guest).WantError(t, 404, "NOT_FOUND")
	if list := invitations(t, r, tokens["owner"]); len(list) != 0 {
		t.Errorf("listed %+v", list)
	}
	token = invite(t, r, tokens["owner"], "new@example.com", "").Token
	r.Sweep(t)
	accept(t, r, token, guest).Want(t, 200)
}

func TestOfManyWhoAcceptAtOnceOneDoes(t *testing.T) {
	r, tokens := cast(t)
	guest := r.Person(t, "new")
	found := []string{invite(t, r, tokens["owner"], "new@example.com", "").Token, r.MailedToken(t, registry.LetterInvitation, "new@example.com")}
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			switch a := accept(t, r, found[i%2], guest); a.Status {
			case 200:
				done.Add(1)
			case 404, 409:
			default:
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Errorf("it was accepted %d times", done.Load())
	}
}

// Of many invitations of one address at once one is left, and nothing of the others.
func TestOneAddressIsInvitedByManyAtOnce(t *testing.T) {
	r, tokens := cast(t)
	var mu sync.Mutex
	var made []string
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			i := invite(t, r, tokens["owner"], "new@example.com", "")
			mu.Lock()
			defer mu.Unlock()
			made = append(made, i.Token)
		})
	}
	wg.Wait()
	good := 0
	for _, token := range made {
		if validate(t, r, token).Status == 200 {
			good++
		}
	}
	if list := invitations(t, r, tokens["owner"]); good != 1 || len(list) != 1 {
		t.Errorf("%d tokens are good, listed %+v", good, list)
	}
}

// The invitation is made whether a letter goes out or not.
func TestInvitationsWithoutALetter(t *testing.T) {
	r, ada := coretest.Acme(t, func(o *core.Options) { o.Mail = core.Mail{} })
	if made := invite(t, r, ada, "new@example.com", ""); !strings.Contains(made.Message, "pass the link on") {
		t.Errorf("made %+v", made)
	}
	if l := r.LettersTo(t, registry.LetterInvitation, "new@example.com"); len(l) != 0 {
		t.Errorf("the letters are %+v", l)
	}

	r, ada = coretest.Acme(t)
	for n := range registry.MaxInvitationLetters + 2 { // nobody's mailbox is filled
		made := invite(t, r, ada, "new@example.com", "")
		if sent := made.Message == "Invitation sent successfully!"; sent != (n < registry.MaxInvitationLetters) {
			t.Errorf("the %d. time: %s", n+1, made.Message)
		}
		validate(t, r, made.Token).Want(t, 200)
	}
	if l := r.LettersTo(t, registry.LetterInvitation, "new@example.com"); len(l) != registry.MaxInvitationLetters {
		t.Errorf("%d letters wait", len(l))
	}
	r.Clock.Advance(registry.InvitationLettersLife)
	if made := invite(t, r, ada, "new@example.com", ""); made.Message != "Invitation sent successfully!" {
		t.Errorf("a day later: %+v", made)
	}
}
