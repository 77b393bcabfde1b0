package accounts_test

import (
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func signIn(t *testing.T, r *coretest.Registry, username, password string, stay bool) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/signin", "", map[string]any{"username": username, "password": password, "stayLoggedIn": stay})
}

func TestASessionTellsWhoSignedIn(t *testing.T) {
	r := coretest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	for stay, life := range map[bool]time.Duration{false: 2 * time.Hour, true: 7 * 24 * time.Hour} {
		s := embeddedtest.JSON[api.Session](t, signIn(t, r, "ADA", embeddedtest.Password, stay).Want(t, 200))
		if s.Username != "ada" || s.Organization == nil || *s.Organization != "acme" || s.StayLoggedIn != stay || s.IsServiceAccount {
			t.Errorf("the session is %+v", s)
		}
		if left := s.ExpiresAt.Sub(r.Clock.Now()); left > life || left < life-time.Minute {
			t.Errorf("with stayLoggedIn %v it lasts %v", stay, left)
		}
		r.Do(t, "GET", "/api/user", s.AccessToken, nil).Want(t, 200)
	}
}

// Nobody learns by signing in who has an account.
func TestAWrongPasswordAndAnUnknownNameAreAnsweredAlike(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	program := r.ServiceAccount(t, ownerOf(t, r, "acme"), nil)
	want := signIn(t, r, "ada", "a wrong password", false).WantError(t, 401, "TOKEN_INVALID").Body
	for _, c := range [][2]string{
		{"nobody", "a wrong password"}, {"ada", strings.Repeat("x", 5000)}, {"ada", "\x00"}, {program.Username, "a wrong secret"},
		{strings.Repeat("a", 5000), "x"}, {"../ada", embeddedtest.Password},
	} {
		if a := signIn(t, r, c[0], c[1], false).Want(t, 401); string(a.Body) != string(want) {
			t.Errorf("%.20s is answered %s, not %s", c[0], a.Body, want)
		}
	}
	for _, secret := range []string{"wrong", program.Token + "0"} {
		for _, name := range []string{"nobody", program.Username} {
			a := r.Do(t, "POST", "/api/auth/service-account", "", map[string]any{"clientId": name, "clientSecret": secret}).Want(t, 401)
			if string(a.Body) != string(want) {
				t.Errorf("%s is answered %s, not %s", name, a.Body, want)
			}
		}
	}
}

func ownerOf(t *testing.T, r *coretest.Registry, organization string) string {
	t.Helper()
	owner := r.Person(t, "owner-of-"+organization)
	r.Organization(t, owner, organization)
	return owner
}

func TestWhatIsMissingForASignInIsNamed(t *testing.T) {
	r := coretest.Start(t)
	for path, fields := range map[string][]string{
		"/api/auth/signin": {"username", "password"}, "/api/auth/service-account": {"clientId", "clientSecret"},
	} {
		details := embeddedtest.JSON[api.Error](t, r.Do(t, "POST", path, "", "{}").WantError(t, 400, "VALIDATION_ERROR")).Details
		if len(details) != 2 || details[fields[0]] == nil || details[fields[1]] == nil {
			t.Errorf("%s: %v", path, details)
		}
	}
}

func TestASuspendedAccountIsOutAtOnce(t *testing.T) {
	r := coretest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	program := r.ServiceAccount(t, token, nil)
	session := embeddedtest.JSON[api.Session](t, signIn(t, r, program.Username, program.Token, false).Want(t, 200)).AccessToken
	for _, alive := range []string{token, session, program.Token} {
		r.Do(t, "GET", "/api/user", alive, nil).Want(t, 200)
	}

	a := r.Account(t, "ada")
	a.Suspended = true
	if err := r.Core.Catalog.SaveAccount(t.Context(), a, registry.UserSuspended); err != nil {
		t.Fatal(err)
	}
	for _, dead := range []string{token, session, program.Token} {
		r.Do(t, "GET", "/api/user", dead, nil).WantError(t, 401, "TOKEN_INVALID")
	}
	signIn(t, r, "ada", embeddedtest.Password, false).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	signIn(t, r, "ada", "a wrong password", false).WantError(t, 401, "TOKEN_INVALID")
	signIn(t, r, program.Username, program.Token, false).WantError(t, 401, "TOKEN_INVALID")
}

// What the platform's admin says of proving addresses goes before how the registry was started.
func TestProvingAddressesIsASetting(t *testing.T) {
	r := coretest.Start(t)
	root := r.SignUp(t, "root")
	r.SignUp(t, "ada")
	for _, c := range []struct {
		demand bool
		status int
	}{{true, 403}, {false, 200}} {
		r.Do(t, "PUT", "/api/config", root, map[string]any{"requireVerification": c.demand}).Want(t, 200)
		signIn(t, r, "ada", embeddedtest.Password, false).Want(t, c.status)
		signIn(t, r, "root", embeddedtest.Password, false).Want(t, 200)
	}
}
