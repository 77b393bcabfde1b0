package serviceaccounts_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const path = "/api/service-accounts"

func list(t *testing.T, r *coretest.Registry, token, at string) []api.ServiceAccount {
	t.Helper()
	return embeddedtest.JSON[[]api.ServiceAccount](t, r.Do(t, "GET", at, token, nil).Want(t, 200))
}

func TestTheSecretIsShownOnceAndNotStored(t *testing.T) {
	r, ada := coretest.Acme(t)
	made := r.ServiceAccount(t, ada, map[string]any{"description": "Packer", "expirationDays": 30})
	if len(made.Token) != 64 || !strings.HasPrefix(made.Username, "ada-") || made.Organization != "acme" || made.Description != "Packer" {
		t.Fatalf("made %+v", made)
	}
	if days := made.ExpiresAt.Sub(made.CreatedAt); days != 30*24*time.Hour {
		t.Errorf("it expires in %v", days)
	}
	for _, at := range []string{path, "/api/organization/acme/service-accounts"} {
		got := list(t, r, ada, at)
		if len(got) != 1 || got[0].Token != "" || got[0].ID != made.ID || got[0].Username != made.Username {
			t.Errorf("%s lists %+v", at, got)
		}
	}
	stored, err := r.Core.Catalog.ServiceAccountByName(t.Context(), made.Username)
	if err != nil || strings.Contains(fmt.Sprint(stored), made.Token) {
		t.Errorf("stored: %+v, %v", stored, err)
	}
	if other := r.ServiceAccount(t, ada, nil); other.Token == made.Token || other.Username == made.Username || other.ExpiresAt != nil {
		t.Errorf("the next is %+v", other)
	}
}

func TestTheOrganizationOfAServiceAccount(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Organization(t, ada, "second")
	id := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", "/api/organization/second", ada, nil)).ID
	for _, c := range []struct {
		wish map[string]any
		want string
	}{
		{nil, "acme"}, {map[string]any{"organization": "Second"}, "second"}, {map[string]any{"organizationId": id}, "second"},
	} {
		if got := r.ServiceAccount(t, ada, c.wish); got.Organization != c.want {
			t.Errorf("%v was made for %s", c.wish, got.Organization)
		}
	}
	bob := r.Person(t, "bob")
	for _, c := range []struct {
		token, wish string
		status      int
	}{
		{bob, `{}`, 400}, {bob, `{"organization":"acme"}`, 404}, {bob, fmt.Sprintf(`{"organizationId":%d}`, id), 404},
		{ada, `{"organization":"none"}`, 404}, {ada, `{"organizationId":1}`, 404},
		{ada, `{"expirationDays":0}`, 400}, {ada, `{"expirationDays":3651}`, 400}, {ada, `{"expirationDays":"x"}`, 400},
		{ada, `{"description":"` + strings.Repeat("x", 1025) + `"}`, 400},
	} {
		r.Do(t, "POST", path, c.token, c.wish).Want(t, c.status)
	}
}

func TestASecretGoesWhereverAClientPutsIt(t *testing.T) {
	r, ada := coretest.Acme(t)
	secret := r.ServiceAccount(t, ada, nil).Token
	basic := func(user string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+secret))
	}
	for name, c := range map[string]struct{ query, header, value string }{
		"x-access-token": {"", "x-access-token", secret},
		"bearer":         {"", "Authorization", "Bearer " + secret},
		"bearer, lower":  {"", "authorization", "bearer  " + secret},
		"basic":          {"", "Authorization", basic("anyone")},
		"basic, no user": {"", "Authorization", basic("")},
		"query":          {"?access_token=" + secret, "X-Other", "x"},
	} {
		if a := r.Ask(t, "GET", "/api/user"+c.query, "", nil, c.header, c.value); a.Status != 200 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for _, wrong := range []string{"Token " + secret, secret, "Bearer " + secret + "0", "Bearer"} {
		r.Ask(t, "GET", "/api/user", "", nil, "Authorization", wrong).WantError(t, 401, "TOKEN_INVALID")
	}
}

func TestAServiceAccountExpires(t *testing.T) {
	r, ada := coretest.Acme(t)
	program := r.ServiceAccount(t, ada, map[string]any{"expirationDays": 1})
	signIn := map[string]any{"clientId": program.Username, "clientSecret": program.Token}
	session := embeddedtest.JSON[api.Session](t, r.Do(t, "POST", "/api/auth/service-account", "", signIn).Want(t, 200))
	r.Clock.Advance(25 * time.Hour)
	for _, token := range []string{program.Token, session.AccessToken} {
		r.Do(t, "GET", "/api/user", token, nil).WantError(t, 401, "TOKEN_EXPIRED")
	}
	a := r.Do(t, "POST", "/api/auth/service-account", "", signIn).WantError(t, 401, "TOKEN_EXPIRED")
	if embeddedtest.JSON[api.Error](t, a).Details["expiredAt"] != program.ExpiresAt.UTC().Format(time.RFC3339) {
		t.Errorf("%s, want %v", a.Body, program.ExpiresAt)
	}
}

func TestADeletedServiceAccountIsOutAtOnce(t *testing.T) {
	r, ada := coretest.Acme(t)
	program := r.ServiceAccount(t, ada, nil)
	signIn := map[string]any{"clientId": program.Username, "clientSecret": program.Token}
	session := embeddedtest.JSON[api.Session](t, r.Do(t, "POST", "/api/auth/service-account", "", signIn).Want(t, 200))
	r.Do(t, "DELETE", fmt.Sprint(path, "/", program.ID), ada, nil).Want(t, 200)
	for _, token := range []string{program.Token, session.AccessToken} {
		r.Do(t, "GET", "/api/user", token, nil).WantError(t, 401, "TOKEN_INVALID")
	}
	r.Do(t, "POST", "/api/auth/service-account", "", signIn).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "DELETE", fmt.Sprint(path, "/", program.ID), ada, nil).WantError(t, 404, "NOT_FOUND")
	if left := list(t, r, ada, path); len(left) != 0 {
		t.Errorf("%+v is still listed", left)
	}
}

// Who may delete it: its owner, and admins and owners of the organization. To all others it does
// not exist.
func TestWhoDeletesAndListsServiceAccounts(t *testing.T) {
	r, ada := coretest.Acme(t)
	bob := r.Member(t, ada, "acme", "bob", "member")
	admin := r.Member(t, ada, "acme", "eve", "admin")
	stranger := r.Person(t, "mallory")
	for _, c := range []struct {
		who    string
		status int
	}{{stranger, 404}, {r.Member(t, ada, "acme", "carl", "member"), 404}, {bob, 200}, {admin, 200}, {ada, 200}} {
		program := r.ServiceAccount(t, bob, nil)
		r.Do(t, "DELETE", fmt.Sprint(path, "/", program.ID), c.who, nil).Want(t, c.status)
		after := 401
		if c.status != 200 {
			after = 200
		}
		r.Do(t, "GET", "/api/user", program.Token, nil).Want(t, after)
	}
	for token, status := range map[string]int{stranger: 404, bob: 403, admin: 200, ada: 200} {
		r.Do(t, "GET", "/api/organization/acme/service-accounts", token, nil).Want(t, status)
	}
}
