package accounts_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func path(t *testing.T, r *coretest.Registry, username, what string) string {
	t.Helper()
	return "/api/users/" + r.Account(t, username).ID.String() + what
}

func TestPlatformAdminsSeeAccountsInPages(t *testing.T) {
	r := coretest.Start(t)
	root := r.Person(t, "root")
	for _, name := range []string{"carol", "Ada", "bob"} {
		r.Person(t, name)
	}
	var names []string
	for at := "/api/users?limit=2"; at != ""; {
		a := r.Do(t, "GET", at, root, nil).Want(t, 200)
		if strings.Contains(strings.ToLower(string(a.Body)), "hash") {
			t.Errorf("a hash is told: %s", a.Body)
		}
		for _, account := range embeddedtest.JSON[[]api.Account](t, a) {
			names = append(names, account.Username)
		}
		at, _, _ = strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	}
	if want := []string{"Ada", "bob", "carol", "root"}; !slices.Equal(names, want) {
		t.Errorf("the list is %v, want %v", names, want)
	}
	for _, query := range []string{"?limit=-1", "?limit=1001", "?limit=x", "?after=%00", "?after=.."} {
		r.Do(t, "GET", "/api/users"+query, root, nil).WantError(t, 400, "VALIDATION_ERROR")
	}
}

func TestOthersSeeTheirOwnAccountOnly(t *testing.T) {
	r := coretest.Start(t)
	root, ada := r.Person(t, "root"), r.Person(t, "ada")
	own := embeddedtest.JSON[api.Account](t, r.Do(t, "GET", path(t, r, "ada", ""), ada, nil).Want(t, 200))
	if own.Username != "ada" || own.Email != "ada@example.com" || !slices.Equal(own.Roles, []string{"user"}) {
		t.Errorf("ada is told %+v", own)
	}
	r.Do(t, "GET", path(t, r, "ada", ""), root, nil).Want(t, 200)
	r.Do(t, "GET", "/api/users/7", root, nil).WantError(t, 404, "NOT_FOUND")
	// What there is not is answered as what there is.
	for _, at := range []string{"/api/users", "/api/users/7", path(t, r, "root", "")} {
		r.Do(t, "GET", at, ada, nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	}
	for _, what := range []string{"/change-name", "/change-email", "/change-password", "/suspend", "/resume"} {
		r.Do(t, "PUT", path(t, r, "root", what), ada, `{}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	}
	r.Do(t, "PUT", path(t, r, "ada", "/suspend"), ada, nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	r.Do(t, "DELETE", path(t, r, "root", ""), ada, nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	if roles := embeddedtest.JSON[[]string](t, r.Do(t, "GET", "/api/users/roles", root, nil).Want(t, 200)); !slices.Equal(roles, []string{"user", "admin"}) {
		t.Errorf("the roles of root are %v", roles)
	}
}

func TestADisplayNameIsSetAndCleared(t *testing.T) {
	r := coretest.Start(t)
	ada := r.Person(t, "ada")
	at := path(t, r, "ada", "/change-name")
	for body, want := range map[string]string{`{"name":"Ada Lovelace"}`: "Ada Lovelace", `{"name":null}`: "", `{"name":""}`: ""} {
		r.Do(t, "PUT", at, ada, body).Want(t, 200)
		if got := user(t, r, ada).Name; got != want {
			t.Errorf("after %s the name is %q", body, got)
		}
	}
	r.Do(t, "PUT", at, ada, map[string]any{"name": strings.Repeat("x", 256)}).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "PUT", at, ada, `{"name":7}`).WantError(t, 400, "VALIDATION_ERROR")
}

func TestASuspendedAccountComesBackWithoutItsSessions(t *testing.T) {
	r := coretest.Start(t)
	root := r.Person(t, "root")
	ada := r.SignUp(t, "ada")
	r.Organization(t, ada, "acme")
	program := r.ServiceAccount(t, ada, nil)
	r.Do(t, "PUT", path(t, r, "ada", "/suspend"), root, nil).Want(t, 200)
	r.Do(t, "PUT", path(t, r, "ada", "/suspend"), root, nil).Want(t, 200)
	for _, token := range []string{ada, program.Token} {
		r.Do(t, "GET", "/api/user", token, nil).WantError(t, 401, "TOKEN_INVALID")
	}
	forget(t, r, "ada@example.com").Want(t, 200)
	reset(t, r, r.LastToken(t, registry.LetterReset), "another battery").WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "PUT", path(t, r, "ada", "/resume"), root, nil).Want(t, 200)
	r.Do(t, "GET", "/api/user", ada, nil).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "GET", "/api/user", program.Token, nil).Want(t, 200)
	signIn(t, r, "ada", embeddedtest.Password, false).Want(t, 200)
	r.Do(t, "PUT", path(t, r, "root", "/suspend"), root, nil).WantError(t, 409, "CONFLICT")
	r.WantEvent(t, registry.UserSuspended)
	r.WantEvent(t, registry.UserResumed)
}

func TestSigningOutEverywhereEndsEverySession(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "ada")
	one, other := session(t, r, "ada", true), session(t, r, "ada", false)
	r.Do(t, "POST", "/api/auth/signout-all", one, nil).Want(t, 200)
	for _, token := range []string{one, other} {
		r.Do(t, "GET", "/api/user", token, nil).WantError(t, 401, "TOKEN_INVALID")
	}
	r.WantEvent(t, registry.UserSignedOut)
}

func TestPreferencesAreChangedOneByOneAndCleared(t *testing.T) {
	r := coretest.Start(t)
	ada := r.Person(t, "ada")
	change := func(body string) embeddedtest.Answer {
		return r.Do(t, "PATCH", "/api/user/preferences", ada, body)
	}
	for _, step := range [][2]string{
		{`{}`, `{"language":null,"theme":null,"timezone":null}`},
		{`{"language":"de-CH","theme":"dark","timezone":"America/Argentina/Buenos_Aires"}`, `{"language":"de-CH","theme":"dark","timezone":"America/Argentina/Buenos_Aires"}`},
		{`{"theme":null}`, `{"language":"de-CH","theme":null,"timezone":"America/Argentina/Buenos_Aires"}`},
		{`{"language":"","timezone":"UTC"}`, `{"language":null,"theme":null,"timezone":"UTC"}`},
	} {
		if a := change(step[0]).Want(t, 200); string(a.Body) != step[1] {
			t.Errorf("after %s: %s", step[0], a.Body)
		}
		if a := r.Do(t, "GET", "/api/user/preferences", ada, nil).Want(t, 200); string(a.Body) != step[1] {
			t.Errorf("after %s it is read as %s", step[0], a.Body)
		}
	}
	a := change(`{"language":"not a language","theme":"pink","timezone":"../etc/passwd"}`).WantError(t, 400, "VALIDATION_ERROR")
	if details := embeddedtest.JSON[api.Error](t, a).Details; len(details) != 3 {
		t.Errorf("told %v", details)
	}
	change(`{"theme":7}`).WantError(t, 400, "VALIDATION_ERROR")
}
