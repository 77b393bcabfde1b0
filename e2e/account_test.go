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
	"regexp"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
)

// mailing starts a registry that sends letters by a mail server of the test, and has addresses proven.
func mailing(t *testing.T) (*Process, *postbox) {
	t.Helper()
	server := mailtest.Start(t, mailtest.Options{User: "boxvault", Password: "mail password"})
	line := fmt.Sprintf("smtp://boxvault:mail%%20password@%s:%d?tls=none", server.Host, server.Port)
	p := serve(t, t.TempDir(), "--smtp", line, "--mail-from", "BoxVault <boxvault@example.com>", "--verify-email", "on")
	return p, &postbox{server: server}
}

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

// postbox reads letters in the order in which they come.
type postbox struct {
	server *mailtest.Server
	read   int
}

var link = regexp.MustCompile(`(?m)^(http://\S+)$`)

// next waits for the next letter, which must be to the address, and returns it with the link in it.
func (p *postbox) next(t *testing.T, to string) (m mailtest.Message, at string) {
	t.Helper()
	p.read++
	m = p.server.Wait(t, p.read)[p.read-1]
	if m.To != to || m.From != "boxvault@example.com" || m.HTML == "" {
		t.Fatalf("a letter %q to %s from %s, want one to %s", m.Subject, m.To, m.From, to)
	}
	if found := link.FindString(m.Text); found != "" {
		at = found
	}
	return m, at
}

// TestLettersOfAnAccount goes through all that is proven by letters, as their readers do: by the links.
func TestLettersOfAnAccount(t *testing.T) {
	t.Parallel()
	p, box := mailing(t)
	root := newClient(t, p.URL, "")
	must[api.User](t)(root.SignUp(t.Context(), api.SignUp{Username: "root", Email: "root@example.com", Password: password}))
	must[api.Session](t)(root.SignIn(t.Context(), api.SignIn{Username: "root", Password: password})) // to mend the mail, if need be
	box.next(t, "root@example.com")

	ada := newClient(t, p.URL, "")
	must[api.User](t)(ada.SignUp(t.Context(), api.SignUp{Username: "ada", Email: "ada@example.com", Password: password}))
	_, first := box.next(t, "ada@example.com")
	in := api.SignIn{Username: "ada", Password: password}
	askJSON(t, "POST", p.URL+"/api/auth/signin", "", in).want(t, 403)
	askJSON(t, "POST", p.URL+"/api/auth/resend-verification", "", api.Address{Email: "nobody@example.com"}).want(t, 200)
	askJSON(t, "POST", p.URL+"/api/auth/resend-verification", "", api.Address{Email: "ada@example.com"}).want(t, 200)
	_, second := box.next(t, "ada@example.com") // nobody got none
	if first == second || !strings.HasPrefix(second, p.URL) {
		t.Errorf("the links are %s and %s", first, second)
	}
	prove(t, p, second).want(t, 200)
	prove(t, p, second).want(t, 400)
	must[api.Session](t)(ada.SignIn(t.Context(), in))
	me := must[api.User](t)(ada.User(t.Context()))
	if !me.Verified {
		t.Error("the address is not proven")
	}

	must[api.Done](t)(ada.ChangeEmail(t.Context(), me.ID, api.ChangeEmail{NewEmail: "countess@example.com", Password: password}))
	letters := map[string]string{}
	for range 2 { // in either order
		box.read++
		m := box.server.Wait(t, box.read)[box.read-1]
		letters[m.To] = link.FindString(m.Text)
	}
	if letters["ada@example.com"] != "" || letters["countess@example.com"] == "" {
		t.Fatalf("the links are %v", letters)
	}
	prove(t, p, letters["countess@example.com"]).want(t, 200)
	if me = must[api.User](t)(ada.User(t.Context())); me.Email != "countess@example.com" {
		t.Errorf("the address is %s", me.Email)
	}
	forgotten(t, p, box, ada)
	testMail(t, p, box, must[api.Session](t)(root.SignIn(t.Context(), api.SignIn{Username: "root", Password: password})))
}

// prove does what the page does that the link of a letter leads to.
func prove(t *testing.T, p *Process, at string) answer {
	t.Helper()
	ask(t, "GET", at, nil, "Accept", "text/html").want(t, 200)
	u := must[*url.URL](t)(url.Parse(at))
	return ask(t, "POST", p.URL+"/api/auth/"+path.Base(u.Path)+"/"+u.Query().Get("token"), nil)
}

// forgotten resets a password by a letter: every session ends, and its owner is told.
func forgotten(t *testing.T, p *Process, box *postbox, ada *client.Client) {
	t.Helper()
	if err := ada.ForgotPassword(t.Context(), "countess@example.com"); err != nil {
		t.Fatal(err)
	}
	_, at := box.next(t, "countess@example.com")
	u := must[*url.URL](t)(url.Parse(at))
	reset := api.ResetPassword{Token: u.Query().Get("token"), Password: "another battery"}
	if err := ada.ResetPassword(t.Context(), reset); err != nil {
		t.Fatal(err)
	}
	box.next(t, "countess@example.com") // that it was changed
	askJSON(t, "POST", p.URL+"/api/auth/reset-password", "", reset).want(t, 400)
	if _, err := ada.User(t.Context()); err == nil {
		t.Error("a session outlived the password")
	}
	must[api.Session](t)(ada.SignIn(t.Context(), api.SignIn{Username: "ada", Password: "another battery"}))
}

// testMail sends test letters, by the server that the registry has and by one that is named.
func testMail(t *testing.T, p *Process, box *postbox, root api.Session) {
	t.Helper()
	at := p.URL + "/api/mail/test-smtp"
	askJSON(t, "POST", at, root.AccessToken, map[string]any{"testEmail": "one@example.com"}).want(t, 200)
	box.next(t, "one@example.com")
	named := map[string]any{
		"host": box.server.Host, "port": box.server.Port, "secure": false, "to": "two@example.com", "from": "boxvault@example.com",
		"auth": map[string]any{"user": "boxvault", "pass": "mail password"},
	}
	askJSON(t, "POST", at, root.AccessToken, named).want(t, 200)
	box.next(t, "two@example.com")
	named["auth"] = map[string]any{"user": "boxvault", "pass": "not the password"}
	refused := read[api.Error](t, askJSON(t, "POST", at, root.AccessToken, named).want(t, 400))
	if refused.Details["auth"] == nil || strings.Contains(fmt.Sprint(refused), "not the password") {
		t.Errorf("told %+v", refused)
	}
}

// TestOwnAccount is what people do about themselves, and a platform admin about them, where no letters
// are sent.
func TestOwnAccount(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t)
	ada, bob := newOwner(t, registry), newPerson(t, registry)
	must[api.Member](t)(ada.AddMember(t.Context(), ada.org, api.MemberInput{Username: bob.name, Role: "owner"}))
	call := func(method, path, token string, body any, status int) answer {
		t.Helper()
		return askJSON(t, method, registry+path, token, body).want(t, status)
	}
	if m := read[api.AuthMethods](t, call("GET", "/api/auth/methods", "", nil, 200)); m.Mail {
		t.Error("a registry without a mail server says that it sends letters")
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
