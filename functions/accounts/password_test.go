package accounts_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func changePassword(t *testing.T, r *coretest.Registry, username, token, before, after string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "PUT", "/api/users/"+r.Account(t, username).ID.String()+"/change-password", token,
		map[string]any{"currentPassword": before, "newPassword": after})
}

func TestAChangedPasswordEndsEverySessionAndGoesOnInANewOne(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "root")
	r.SignUp(t, "ada")
	one, other := session(t, r, "ada", true), session(t, r, "ada", true)
	changed := embeddedtest.JSON[api.PasswordChanged](t, changePassword(t, r, "ada", one, embeddedtest.Password, "another battery").Want(t, 200))
	for _, ended := range []string{one, other} {
		r.Do(t, "GET", "/api/user", ended, nil).WantError(t, 401, "TOKEN_INVALID")
	}
	if !changed.StayLoggedIn || !changed.Success {
		t.Errorf("changed: %+v", changed)
	}
	r.Do(t, "GET", "/api/user", changed.AccessToken, nil).Want(t, 200)
	signIn(t, r, "ada", embeddedtest.Password, false).Want(t, 401)
	signIn(t, r, "ada", "another battery", false).Want(t, 200)
	r.WantLetter(t, registry.LetterPasswordChanged, "ada@example.com")
}

func TestPlatformAdminsSetPasswordsWithoutTheOldOne(t *testing.T) {
	r := coretest.Start(t)
	root, ada, bob := r.Person(t, "root"), r.Person(t, "ada"), r.Person(t, "bob")
	changePassword(t, r, "ada", bob, "", "another battery").WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	changePassword(t, r, "ada", root, "", "short").WantError(t, 400, "VALIDATION_ERROR")
	changed := embeddedtest.JSON[map[string]any](t, changePassword(t, r, "ada", root, "", "another battery").Want(t, 200))
	if changed["accessToken"] != nil {
		t.Errorf("the admin is given a session of ada: %v", changed)
	}
	r.Do(t, "GET", "/api/user", ada, nil).WantError(t, 401, "TOKEN_INVALID")
	signIn(t, r, "ada", "another battery", false).Want(t, 200)
	r.Do(t, "PUT", "/api/users/7/change-password", root, `{"newPassword":"another battery"}`).WantError(t, 404, "NOT_FOUND")
}

func TestEverythingThatIsWrongWithAChangeOfPasswordIsToldAtOnce(t *testing.T) {
	r := coretest.Start(t)
	token := r.Person(t, "ada")
	details := embeddedtest.JSON[api.Error](t, changePassword(t, r, "ada", token, "", "short").WantError(t, 400, "VALIDATION_ERROR")).Details
	if details["currentPassword"] == nil || details["newPassword"] == nil {
		t.Errorf("told %v", details)
	}
}

func forget(t *testing.T, r *coretest.Registry, email string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/forgot-password", "", map[string]any{"email": email})
}

func reset(t *testing.T, r *coretest.Registry, token, password string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/reset-password", "", map[string]any{"token": token, "password": password})
}

func TestAForgottenPasswordIsResetOnce(t *testing.T) {
	r := coretest.Start(t)
	session := r.SignUp(t, "ada")
	guess(t, r, "ada")
	forget(t, r, "ADA@example.com").Want(t, 200)
	token := r.LastToken(t, registry.LetterReset)
	reset(t, r, token, "short").WantError(t, 400, "VALIDATION_ERROR") // which does not use it up
	reset(t, r, token, "another battery").Want(t, 200)
	reset(t, r, token, "a third battery").WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "GET", "/api/user", session, nil).WantError(t, 401, "TOKEN_INVALID")
	signIn(t, r, "ada", "another battery", false).Want(t, 200) // without the wait that guessing brought
	if !r.Account(t, "ada").Verified {
		t.Error("who had the letter has not proven the address")
	}
}

func TestAResetEndsAfterAnHour(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	forget(t, r, "ada@example.com").Want(t, 200)
	token := r.LastToken(t, registry.LetterReset)
	r.Clock.Advance(time.Hour + time.Second)
	reset(t, r, token, "another battery").WantError(t, 400, "VALIDATION_ERROR")
}

func TestTokensOfAnotherPurposeResetNothing(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	verify := r.LastToken(t, registry.LetterVerify)
	for _, token := range []string{verify, "", "x", "0000000000000000000000000000000000000000", "\x00"} {
		reset(t, r, token, "another battery").WantError(t, 400, "VALIDATION_ERROR")
	}
	forget(t, r, "ada@example.com").Want(t, 200)
	token := r.LastToken(t, registry.LetterReset)
	r.Do(t, "POST", "/api/auth/verify-mail/"+token, "", nil).WantError(t, 400, "VALIDATION_ERROR")
	reset(t, r, token, "another battery").Want(t, 200)
}

// Whose address it is shows neither in the answer, nor in what the registry does for it.
func TestForgettingIsAnsweredAlikeForKnownAndUnknown(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	want := forget(t, r, "ada@example.com").Want(t, 200).Body
	for _, unknown := range []string{"nobody@example.com", "ada@example.org"} {
		if a := forget(t, r, unknown).Want(t, 200); string(a.Body) != string(want) {
			t.Errorf("%s is answered %s", unknown, a.Body)
		}
		l := r.WantLetter(t, registry.LetterReset, unknown)
		if l.Ticket.Account != 0 {
			t.Error("a letter to nobody has somebody's ticket")
		}
		reset(t, r, r.LastToken(t, registry.LetterReset), "another battery").WantError(t, 400, "VALIDATION_ERROR")
	}
	forget(t, r, "no address").WantError(t, 400, "VALIDATION_ERROR")
	forget(t, r, "").WantError(t, 400, "VALIDATION_ERROR")
}

// U+212A folds to k, and is another mailbox.
func TestALetterGoesToTheAddressAsItsOwnerSpelledIt(t *testing.T) {
	r := coretest.Start(t)
	signUp(t, r, "kim", "kim@example.com").Want(t, 201)
	forget(t, r, "\u212Aim@example.com").Want(t, 200)
	r.WantLetter(t, registry.LetterReset, "kim@example.com")
}

func TestNobodyIsFloodedWithLetters(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	count := func() (n int) {
		for _, d := range r.Letters(t) {
			if d.Kind == registry.LetterReset {
				n++
			}
		}
		return n
	}
	for range 3 * registry.MaxLetters {
		forget(t, r, "ada@example.com").Want(t, 200)
	}
	if count() != registry.MaxLetters {
		t.Errorf("%d letters are on their way", count())
	}
	r.Clock.Advance(registry.LettersLife + time.Second)
	forget(t, r, "ada@example.com").Want(t, 200)
	if count() != registry.MaxLetters+1 {
		t.Errorf("an hour later, %d letters are on their way", count())
	}
}

func TestWithoutMailNobodyIsToldThatALetterIsOnItsWay(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Mail = core.Mail{Verify: true} })
	token := r.SignUp(t, "ada") // and signed in: nobody can prove an address here
	if n := len(r.Letters(t)); n != 0 {
		t.Errorf("%d letters wait", n)
	}
	forget(t, r, "ada@example.com").WantError(t, 409, "CONFLICT")
	r.Do(t, "POST", "/api/auth/resend-verification", token, nil).WantError(t, 409, "CONFLICT")
	r.Do(t, "POST", "/api/auth/resend-verification", "", `{"email":"ada@example.com"}`).WantError(t, 409, "CONFLICT")
	path := "/api/users/" + r.Account(t, "ada").ID.String() + "/change-email"
	r.Do(t, "PUT", path, token, map[string]any{"newEmail": "new@example.com", "password": embeddedtest.Password}).Want(t, 200)
	if a := r.Account(t, "ada"); a.Email != "new@example.com" || a.Verified {
		t.Errorf("the account is %+v", a)
	}
	if m := embeddedtest.JSON[api.AuthMethods](t, r.Do(t, "GET", "/api/auth/methods", "", nil).Want(t, 200)); m.Mail || len(m.Methods) != 1 || m.Signup != "open" {
		t.Errorf("methods: %+v", m)
	}
}
