package e2e

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
)

// mailTester is a registry that trusts the mail server of the test, with the token of its platform
// admin.
func mailTester(t *testing.T) (at, token string, server *mailtest.Server) {
	t.Helper()
	server = mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS, User: "smtp-user", Password: "smtp-password"})
	lender := httptest.NewTLSServer(http.NotFoundHandler()) // whose certificate the mail server has
	defer lender.Close()
	trusted := filepath.Join(t.TempDir(), "ca.pem")
	raw := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw})
	if err := os.WriteFile(trusted, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	p := serveWith(t, ServeOptions{Data: t.TempDir(), Env: []string{"SSL_CERT_FILE=" + trusted}})
	return p.URL, newPerson(t, p.URL).token, server
}

// TestLettersOfAnAccount goes through all that is proven by letters, as their readers do: by the links.
func TestLettersOfAnAccount(t *testing.T) {
	t.Parallel()
	at, root, box := mailing(t)
	ada, in := signUp(t, at, "ada")
	address, next := mailOf(ada.name), mailOf("countess-"+ada.name)
	_, first := box.next(t, address)
	if target.cloud == nil { // where people are let in before
		askJSON(t, "POST", at+"/api/auth/signin", "", in).want(t, 403)
	}
	nobody := unique("nobody") + "@example.com"
	askJSON(t, "POST", at+"/api/auth/resend-verification", "", api.Address{Email: nobody}).want(t, 200)
	askJSON(t, "POST", at+"/api/auth/resend-verification", "", api.Address{Email: address}).want(t, 200)
	_, second := box.next(t, address)
	if first == second || !strings.HasPrefix(second, at) {
		t.Errorf("the links are %s and %s", first, second)
	}
	prove(t, at, second).want(t, 200)
	prove(t, at, second).want(t, 400)
	must[api.Session](t)(ada.SignIn(t.Context(), in))
	me := must[api.User](t)(ada.User(t.Context()))
	if !me.Verified {
		t.Error("the address is not proven")
	}

	must[api.Done](t)(ada.ChangeEmail(t.Context(), me.ID, api.ChangeEmail{NewEmail: next, Password: password}))
	_, warned := box.next(t, address)
	_, asked := box.next(t, next)
	if warned != "" || asked == "" {
		t.Fatalf("the links are %q and %q", warned, asked)
	}
	prove(t, at, asked).want(t, 200)
	if me = must[api.User](t)(ada.User(t.Context())); me.Email != next {
		t.Errorf("the address is %s", me.Email)
	}
	forgotten(t, at, box, ada, next)
	testMail(t, at, box, root)
	if got := box.to(nobody); len(got) != 0 {
		t.Errorf("nobody got %q", got[0].Subject)
	}
}

// prove does what the page does that the link of a letter leads to.
func prove(t *testing.T, registry, at string) answer {
	t.Helper()
	ask(t, "GET", at, nil, "Accept", "text/html").want(t, 200)
	u := must[*url.URL](t)(url.Parse(at))
	return ask(t, "POST", registry+"/api/auth/"+path.Base(u.Path)+"/"+u.Query().Get("token"), nil)
}

// forgotten resets a password by a letter: every session ends, and its owner is told.
func forgotten(t *testing.T, registry string, box *postbox, ada owner, address string) {
	t.Helper()
	if err := ada.ForgotPassword(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	_, at := box.next(t, address)
	u := must[*url.URL](t)(url.Parse(at))
	reset := api.ResetPassword{Token: u.Query().Get("token"), Password: "another battery"}
	if err := ada.ResetPassword(t.Context(), reset); err != nil {
		t.Fatal(err)
	}
	box.next(t, address) // that it was changed
	askJSON(t, "POST", registry+"/api/auth/reset-password", "", reset).want(t, 400)
	if _, err := ada.User(t.Context()); err == nil {
		t.Error("a session outlived the password")
	}
	must[api.Session](t)(ada.SignIn(t.Context(), api.SignIn{Username: ada.name, Password: "another battery"}))
}

// testMail sends test letters, by what the registry sends by and, where that is a mail server, by one that
// is named.
func testMail(t *testing.T, registry string, box *postbox, root owner) {
	t.Helper()
	at, one, two := registry+"/api/mail/test-smtp", unique("one")+"@example.com", unique("two")+"@example.com"
	askJSON(t, "POST", at, root.token, map[string]any{"testEmail": one}).want(t, 200)
	box.next(t, one)
	if box.server == nil {
		return
	}
	named := map[string]any{
		"host": box.server.Host, "port": box.server.Port, "secure": false, "to": two, "from": "boxvault@example.com",
		"auth": map[string]any{"user": "boxvault", "pass": "mail password"},
	}
	askJSON(t, "POST", at, root.token, named).want(t, 200)
	box.next(t, two)
	named["auth"] = map[string]any{"user": "boxvault", "pass": "not the password"}
	refused := read[api.Error](t, askJSON(t, "POST", at, root.token, named).want(t, 400))
	if refused.Details["auth"] == nil || strings.Contains(fmt.Sprint(refused), "not the password") {
		t.Errorf("told %+v", refused)
	}
}

// TestOwnAccount is what people do about themselves, and a platform admin about them, where no letter is
// needed for it.
func TestOwnAccount(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t)
	ada, bob := newOwner(t, registry), newPerson(t, registry)
	must[api.Member](t)(ada.AddMember(t.Context(), ada.org, api.MemberInput{Username: bob.name, Role: "owner"}))
	call := func(method, path, token string, body any, status int) answer {
		t.Helper()
		return askJSON(t, method, registry+path, token, body).want(t, status)
	}
	if m := read[api.AuthMethods](t, call("GET", "/api/auth/methods", "", nil, 200)); m.Mail != target.sendsLetters() {
		t.Errorf("the registry says that it sends letters: %t", m.Mail)
	}
	call("PATCH", "/api/user/preferences", bob.token, map[string]any{"theme": "dark", "language": nil}, 200)
	if got := read[api.Preferences](t, call("GET", "/api/user/preferences", bob.token, nil, 200)); got.Theme == nil || *got.Theme != "dark" {
		t.Errorf("preferences: %+v", got)
	}
	call("PUT", "/api/user/primary-organization/"+ada.org, bob.token, nil, 200)
	call("GET", "/api/user/primary-organization", bob.token, nil, 200)
	if read[api.OnlyUser](t, call("GET", "/api/organizations/"+ada.org+"/only-user", bob.token, nil, 200)).IsOnlyUser {
		t.Error("one of two is told to be the only one")
	}
	call("POST", "/api/user/leave/"+ada.org, bob.token, nil, 200)

	me := must[api.User](t)(bob.User(t.Context()))
	self := fmt.Sprint("/api/users/", me.ID)
	if err := bob.ChangeName(t.Context(), me.ID, "Bob"); err != nil {
		t.Fatal(err)
	}
	changed := must[api.PasswordChanged](t)(bob.ChangePassword(t.Context(), me.ID, api.ChangePassword{OldPassword: password, NewPassword: "another battery"}))
	call("GET", "/api/user", bob.token, nil, 401)
	if got := read[api.Account](t, call("GET", self, changed.AccessToken, nil, 200)); got.Name != "Bob" {
		t.Errorf("bob is told %+v", got)
	}
	if err := bob.SignOutEverywhere(t.Context()); err != nil {
		t.Fatal(err)
	}
	administer(t, registry, root, self, bob.name)
	in := api.SignIn{Username: bob.name, Password: "another battery"}
	must[api.Session](t)(bob.SignIn(t.Context(), in))
	if err := bob.DeleteAccount(t.Context(), me.ID, api.DeleteAccount{Password: "another battery"}); err != nil {
		t.Fatal(err)
	}
	askJSON(t, "POST", registry+"/api/auth/signin", "", in).want(t, 401)
}

// administer suspends an account and lets it in again.
func administer(t *testing.T, registry string, root owner, account, name string) {
	t.Helper()
	found := false
	for a, err := range root.Accounts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		found = found || a.Username == name
	}
	roles := read[[]string](t, askJSON(t, "GET", registry+"/api/users/roles", root.token, nil).want(t, 200))
	if !found || len(roles) != 2 {
		t.Errorf("%s is listed: %v; the roles are %v", name, found, roles)
	}
	askJSON(t, "PUT", registry+account+"/suspend", root.token, nil).want(t, 200)
	in := api.SignIn{Username: name, Password: "another battery"}
	askJSON(t, "POST", registry+"/api/auth/signin", "", in).want(t, 403)
	askJSON(t, "PUT", registry+account+"/resume", root.token, nil).want(t, 200)
}
