package accounts_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/registry"
)

func verifying(o *core.Options) { o.Mail = core.Mail{On: true, Verify: true} }

func TestWhereAddressesAreProvenNobodySignsInBefore(t *testing.T) {
	r := coretest.Start(t, verifying)
	r.SignUp(t, "root") // the platform admin is let in all the same, to mend the mail
	signUp(t, r, "ada", "ada@example.com").Want(t, 201)
	signIn(t, r, "ada", embeddedtest.Password, false).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	signIn(t, r, "ada", "a wrong password", false).WantError(t, 401, "TOKEN_INVALID")
	token := r.LastToken(t, registry.LetterVerify)
	r.Do(t, "GET", "/api/auth/verify-mail/"+token, "", nil).Want(t, 200)
	r.Do(t, "GET", "/api/auth/verify-mail/"+token, "", nil).WantError(t, 400, "VALIDATION_ERROR")
	signIn(t, r, "ada", embeddedtest.Password, false).Want(t, 200)
	r.WantEvent(t, registry.UserVerified)
}

func TestWhoCannotSignInYetGetsAnotherLetter(t *testing.T) {
	r := coretest.Start(t, verifying)
	r.Person(t, "root")
	ada := r.Person(t, "ada")
	resend := func(token, email string) embeddedtest.Answer {
		return r.Do(t, "POST", "/api/auth/resend-verification", token, map[string]any{"email": email})
	}
	want := resend("", "nobody@example.com").Want(t, 200)
	for _, token := range []string{"", ada} {
		if a := resend(token, "ada@example.com").Want(t, 200); string(a.Body) != string(want.Body) {
			t.Errorf("known is answered %s, unknown %s", a.Body, want.Body)
		}
	}
	r.Do(t, "POST", "/api/auth/resend-verification", ada, nil).Want(t, 200) // to oneself
	r.Do(t, "POST", "/api/auth/verify-mail/"+r.LastToken(t, registry.LetterVerify), "", nil).Want(t, 200)
	r.Do(t, "POST", "/api/auth/resend-verification", ada, nil).WantError(t, 400, "VALIDATION_ERROR")
	if a := resend("", "ada@example.com").Want(t, 200); string(a.Body) != string(want.Body) {
		t.Errorf("a proven address is answered %s", a.Body)
	}
	r.Do(t, "POST", "/api/auth/resend-verification", "", nil).WantError(t, 400, "VALIDATION_ERROR")
}

func TestALetterToProveAnAddressIsGoodForADay(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	token := r.LastToken(t, registry.LetterVerify)
	r.Clock.Advance(24*time.Hour + time.Second)
	r.Do(t, "GET", "/api/auth/verify-mail/"+token, "", nil).WantError(t, 400, "VALIDATION_ERROR")
}

func changeEmail(t *testing.T, r *coretest.Registry, username, token, address string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "PUT", "/api/users/"+r.Account(t, username).ID.String()+"/change-email", token,
		map[string]any{"newEmail": address, "password": embeddedtest.Password})
}

func confirm(t *testing.T, r *coretest.Registry, token string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/change-email/"+token, "", nil)
}

func TestAnAddressChangesWhenTheLinkInTheLetterToItIsOpened(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "root")
	token := r.SignUp(t, "ada")
	changeEmail(t, r, "ada", token, "new@example.com").Want(t, 200)
	if got := r.Account(t, "ada").Email; got != "ada@example.com" {
		t.Errorf("the address is %s before the link was opened", got)
	}
	r.WantLetter(t, registry.LetterChangeEmail, "new@example.com")
	if notice := r.WantLetter(t, registry.LetterEmailChanged, "ada@example.com"); notice.Text != "new@example.com" || notice.Ticket != nil {
		t.Errorf("the notice is %+v", notice)
	}
	link := r.LastToken(t, registry.LetterChangeEmail)
	confirm(t, r, link).Want(t, 200)
	confirm(t, r, link).WantError(t, 400, "VALIDATION_ERROR")
	if a := r.Account(t, "ada"); a.Email != "new@example.com" || !a.Verified {
		t.Errorf("the account is %+v", a)
	}
	signUp(t, r, "eve", "new@example.com").WantError(t, 409, "CONFLICT")
	signUp(t, r, "eve", "ada@example.com").Want(t, 201) // it is free again
	r.WantEvent(t, registry.UserEmailChanged)
}

func TestAnAddressIsNobodyElses(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "root")
	ada, bob := r.SignUp(t, "ada"), r.SignUp(t, "bob")
	changeEmail(t, r, "ada", ada, "BOB@example.com").WantError(t, 409, "CONFLICT")
	changeEmail(t, r, "ada", ada, "no address").WantError(t, 400, "VALIDATION_ERROR")
	changeEmail(t, r, "ada", bob, "new@example.com").WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	// Both may ask for it; who opens the link first has it.
	var links []string
	for name, token := range map[string]string{"ada": ada, "bob": bob} {
		changeEmail(t, r, name, token, "new@example.com").Want(t, 200)
		links = append(links, r.LastToken(t, registry.LetterChangeEmail))
	}
	var wg sync.WaitGroup
	var won, lost atomic.Int32
	for _, link := range links {
		wg.Go(func() {
			switch a := r.Do(t, "GET", "/api/auth/change-email/"+link, "", nil); a.Status {
			case 200:
				won.Add(1)
			case 409:
				lost.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || lost.Load() != 1 {
		t.Errorf("%d have the address, %d were refused", won.Load(), lost.Load())
	}
}

func TestAnInvitationThatThereIsNotMakesNoAccount(t *testing.T) {
	r := coretest.Start(t)
	r.Do(t, "POST", "/api/auth/signup", "", map[string]any{
		"username": "ada", "email": "ada@example.com", "password": embeddedtest.Password, "invitationToken": "0123",
	}).WantError(t, 400, "VALIDATION_ERROR")
}
