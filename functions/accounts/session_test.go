package accounts_test

import (
	"context"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// session makes a session of a person as signing in does.
func session(t *testing.T, r *coretest.Registry, username string, stay bool) string {
	t.Helper()
	token, _, err := r.Core.Tokens.ForAccount(context.WithoutCancel(t.Context()), r.Account(t, username), stay)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func refresh(t *testing.T, r *coretest.Registry, method, token string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, method, "/api/auth/refresh-token", token, nil)
}

func TestOnlyASessionThatStaysIsRefreshed(t *testing.T) {
	r := coretest.Start(t)
	owner := ownerOf(t, r, "acme")
	r.Person(t, "ada")
	program := r.ServiceAccount(t, owner, nil)
	for _, method := range []string{"GET", "POST"} {
		refresh(t, r, method, session(t, r, "ada", false)).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		refresh(t, r, method, program.Token).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		refresh(t, r, method, "").WantError(t, 401, "TOKEN_INVALID")
		first := session(t, r, "ada", true)
		next := embeddedtest.JSON[api.Session](t, refresh(t, r, method, first).Want(t, 200))
		if next.AccessToken == first || next.Username != "ada" || !next.StayLoggedIn {
			t.Errorf("%s: the next session is %+v", method, next)
		}
		r.Do(t, "GET", "/api/user", next.AccessToken, nil).Want(t, 200)
	}
}

func TestASessionCanGoOnForEver(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "ada")
	token := session(t, r, "ada", true)
	for range 3 {
		r.Clock.Advance(6 * 24 * time.Hour)
		token = embeddedtest.JSON[api.Session](t, refresh(t, r, "POST", token).Want(t, 200)).AccessToken
	}
	r.Do(t, "GET", "/api/user", token, nil).Want(t, 200)
}

func TestTheSessionOfAServiceAccountIsRefreshedAsOne(t *testing.T) {
	r := coretest.Start(t)
	owner := ownerOf(t, r, "acme")
	program := r.ServiceAccount(t, owner, map[string]any{"expirationDays": 3})
	first := embeddedtest.JSON[api.Session](t, signIn(t, r, program.Username, program.Token, true).Want(t, 200))
	next := embeddedtest.JSON[api.Session](t, refresh(t, r, "POST", first.AccessToken).Want(t, 200))
	if !next.IsServiceAccount || next.Username != program.Username || next.ExpiresAt.After(*program.ExpiresAt) {
		t.Errorf("it became %+v, past %v", next, program.ExpiresAt)
	}
	r.Do(t, "POST", "/api/organization", next.AccessToken, `{"name":"other"}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
}

func TestSigningOutEndsThatSessionAlone(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "ada")
	one, other := session(t, r, "ada", true), session(t, r, "ada", true)
	r.Do(t, "POST", "/api/auth/signout", one, nil).Want(t, 200)
	r.Do(t, "GET", "/api/user", one, nil).WantError(t, 401, "TOKEN_INVALID")
	refresh(t, r, "POST", one).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "GET", "/api/user", other, nil).Want(t, 200)
	// It stays ended as long as the token would have been good.
	r.Clock.Advance(7*24*time.Hour - time.Minute)
	r.Do(t, "GET", "/api/user", one, nil).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "GET", "/api/user", other, nil).Want(t, 200)
}

func TestASecretIsNotSignedOut(t *testing.T) {
	r := coretest.Start(t)
	program := r.ServiceAccount(t, ownerOf(t, r, "acme"), nil)
	r.Do(t, "POST", "/api/auth/signout", program.Token, nil).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "GET", "/api/user", program.Token, nil).Want(t, 200)
}

func TestAnExpiredTokenTellsWhenItExpired(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "ada")
	token := session(t, r, "ada", false)
	r.Clock.Advance(2*time.Hour - time.Minute)
	r.Do(t, "GET", "/api/user", token, nil).Want(t, 200)
	r.Clock.Advance(2 * time.Minute)
	a := r.Do(t, "GET", "/api/user", token, nil).WantError(t, 401, "TOKEN_EXPIRED")
	at, err := time.Parse(time.RFC3339, embeddedtest.JSON[api.Error](t, a).Details["expiredAt"].(string))
	if ago := r.Clock.Now().Sub(at); err != nil || ago < 0 || ago > 2*time.Minute {
		t.Errorf("it expired at %v, %v ago (%v)", at, ago, err)
	}
	// Where anyone may come in, it does not stand in the way.
	if a := r.Do(t, "GET", "/health", token, nil).Want(t, 200); a.Header.Get("Warning") != "" {
		t.Error("a row that looks at no token warns of one")
	}
	if a := r.Do(t, "POST", "/api/auth/signin", token, `{}`); a.Status != 400 || a.Header.Get("Warning") == "" {
		t.Errorf("signing in anew with an expired token: %d, warning %q", a.Status, a.Header.Get("Warning"))
	}
}

func TestEndingAllSessions(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "ada")
	before := session(t, r, "ada", true)
	a := r.Account(t, "ada")
	a.Epoch++
	if err := r.Core.Catalog.SaveAccount(t.Context(), a, registry.UserSignedOut); err != nil {
		t.Fatal(err)
	}
	r.Do(t, "GET", "/api/user", before, nil).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "GET", "/api/user", session(t, r, "ada", true), nil).Want(t, 200)
}
