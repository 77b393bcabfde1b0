package functions_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// asker makes a request that is to succeed, and returns the answer.
type asker func(method, path, token string, body []byte, header ...string) embeddedtest.Answer

// walk asks every row for what it is there for, of a private box, so that nothing is answered to a
// stranger. Each request succeeds.
func walk(t *testing.T, r *coretest.Registry, ask asker) {
	w := walker{t, r, ask}
	w.visit()
	token := w.accounts()
	w.organizations(token)
	w.serviceAccounts(token)
	w.webhooks(token, "/api/admin/webhooks")
	w.webhooks(token, "/api/organization/acme/webhooks")
	w.boxes(token)
	w.files(token)
	w.cloud()
	w.hcp(token)
	w.mirror(token)
	w.operation(token)
	w.deletions(token)
	w.leavers(token)
}

type walker struct {
	*testing.T
	r   *coretest.Registry
	ask asker
}

func (w walker) json(method, path, token, body string) embeddedtest.Answer {
	w.Helper()
	return w.ask(method, path, token, []byte(body), "Content-Type", "application/json")
}

func (w walker) visit() {
	w.ask("GET", "/", "", nil)
	w.ask("GET", "/health", "", nil)
	for _, path := range []string{"/api/openapi.json", "/api-docs", "/api-docs/docs.js", "/ui/", "/ui/ui.js", "/ui/organizations/acme"} {
		w.ask("GET", path, "", nil)
	}
	w.ask("GET", "/api/setup/status", "", nil)
}

func (w walker) operation(token string) {
	w.ask("GET", "/api/status", token, nil)
	w.ask("GET", "/metrics", token, nil)
	w.ask("GET", "/api/system/storage", token, nil)
	w.ask("GET", "/api/config", token, nil)
	w.json("PUT", "/api/config", token, `{"signup":"invite","requireVerification":false}`)
	c := certificatetest.Issue(w)
	form, contentType := certificatetest.Form(w, c.Chain(), c.Key)
	w.ask("POST", "/api/setup/upload-ssl", token, form, "Content-Type", contentType)
}

func (w walker) accounts() (token string) {
	w.json("POST", "/api/auth/signup", "", `{"username":"ada","email":"ada@example.com","password":"`+embeddedtest.Password+`"}`)
	w.ask("POST", "/api/auth/verify-mail/"+w.letter(registry.LetterVerify), "", nil)
	w.r.Person(w, "bob")
	w.mistype("ada")
	credentials := `{"username":"ada","password":"` + embeddedtest.Password + `","stayLoggedIn":true}`
	session := embeddedtest.JSON[api.Session](w, w.json("POST", "/api/auth/signin", "", credentials))
	w.ask("POST", "/api/auth/refresh-token", session.AccessToken, nil)
	token = embeddedtest.JSON[api.Session](w, w.ask("GET", "/api/auth/refresh-token", session.AccessToken, nil)).AccessToken
	w.ask("POST", "/api/auth/signout", session.AccessToken, nil)
	w.ask("GET", "/api/auth/methods", "", nil)
	w.ask("GET", "/api/user", token, nil)
	return w.self(token)
}

// self is what a person does about the own account; it ends with another password and session.
func (w walker) self(token string) string {
	w.json("PATCH", "/api/user/preferences", token, `{"theme":"dark","timezone":null}`)
	w.ask("GET", "/api/user/preferences", token, nil)
	ada := "/api/users/" + w.r.Account(w, "ada").ID.String()
	w.json("PUT", ada+"/change-name", token, `{"name":"Ada"}`)
	w.json("PUT", ada+"/change-email", token, `{"newEmail":"countess@example.com","password":"`+embeddedtest.Password+`"}`)
	w.ask("POST", "/api/auth/change-email/"+w.letter(registry.LetterChangeEmail), "", nil)
	w.json("POST", "/api/auth/forgot-password", "", `{"email":"countess@example.com"}`)
	w.json("POST", "/api/auth/reset-password", "", `{"token":"`+w.letter(registry.LetterReset)+`","password":"`+embeddedtest.Password+`"}`)
	token = w.r.SignIn(w, "ada")
	w.ask("POST", "/api/auth/signout-all", token, nil)
	token = w.r.SignIn(w, "ada")
	changed := w.json("PUT", ada+"/change-password", token, `{"oldPassword":"`+embeddedtest.Password+`","newPassword":"another battery"}`)
	w.json("POST", "/api/mail/test-smtp", embeddedtest.JSON[api.PasswordChanged](w, changed).AccessToken, `{"testEmail":"ada@example.com"}`)
	return embeddedtest.JSON[api.PasswordChanged](w, changed).AccessToken
}

// leavers are what a platform admin does about others, and what is done before one goes.
func (w walker) leavers(token string) {
	w.ask("GET", "/api/users", token, nil)
	w.ask("GET", "/api/users/roles", token, nil)
	bob := w.r.Account(w, "bob").ID.String()
	w.ask("GET", "/api/users/"+bob, token, nil)
	w.ask("PUT", "/api/users/"+bob+"/suspend", token, nil)
	w.ask("PUT", "/api/users/"+bob+"/resume", token, nil)
	w.json("POST", "/api/auth/resend-verification", "", `{"email":"bob@example.com"}`)
	w.ask("GET", "/api/auth/verify-mail/"+w.letter(registry.LetterVerify), "", nil)
	w.r.Organization(w, token, "umbrella")
	w.ask("GET", "/api/user/primary-organization", token, nil)
	w.ask("PUT", "/api/user/primary-organization/umbrella", token, nil)
	w.ask("GET", "/api/organizations/umbrella/only-user", token, nil)
	w.r.Do(w, "POST", "/api/organization/umbrella/members", token, `{"username":"bob","role":"owner"}`).Want(w, 201)
	w.ask("POST", "/api/user/leave/umbrella", token, nil)
	w.r.Do(w, "POST", "/api/organization/umbrella/members", token, `{"username":"ada","role":"owner"}`).Want(w, 201)
	w.ask("DELETE", "/api/users/"+bob, token, nil)
}

// mistype counts a wrong password.
func (w walker) mistype(username string) {
	w.r.Do(w, "POST", "/api/auth/signin", "", map[string]any{"username": username, "password": "a wrong one"}).Want(w, 401)
}

// letter is the token of the last letter of a kind that waits to be sent.
func (w walker) letter(kind registry.LetterKind) string { return w.r.LastToken(w, kind) }

func (w walker) organizations(token string) {
	w.json("POST", "/api/organization", token, `{"name":"acme"}`)
	w.ask("GET", "/api/user/organizations", token, nil)
	w.ask("GET", "/api/organization/acme", token, nil)
	w.json("PUT", "/api/organization/acme", token, `{"description":"boxes","mutableReleases":true}`)
	w.json("POST", "/api/organization/acme/members", token, `{"username":"bob"}`)
	w.ask("GET", "/api/organization/acme/users", token, nil)
	bob := w.r.Account(w, "bob").ID.String()
	w.json("PUT", "/api/organization/acme/users/"+bob+"/role", token, `{"role":"owner"}`)
	w.ask("GET", "/api/organization/acme/users/"+bob+"/role", token, nil)
	w.ask("DELETE", "/api/organization/acme/members/"+bob, token, nil)
	w.requests(token)
	w.ask("DELETE", "/api/organization/acme/users/bob", token, nil)
	w.invitations(token)
	w.ask("GET", "/api/organization", token, nil)
	w.ask("GET", "/api/organizations/discover", token, nil)
	w.ask("PUT", "/api/organization/acme/suspend", token, nil)
	w.ask("PUT", "/api/organization/acme/resume", token, nil)
	w.joinAsAdmin(token)
	for _, path := range []string{"/api/admin/audit", "/api/organization/acme/audit"} {
		w.ask("GET", path, token, nil)
		w.ask("GET", path+".jsonl", token, nil)
	}
}

// requests are bob's, who takes one back, is denied, and is let in.
func (w walker) requests(token string) {
	w.json("PUT", "/api/organization/acme/access-mode", token, `{"accessMode":"request_to_join"}`)
	bob, _, err := w.r.Core.Tokens.ForAccount(w.Context(), w.r.Account(w, "bob"), false)
	if err != nil {
		w.Fatal(err)
	}
	ask := func() string {
		made := w.json("POST", "/api/organization/acme/requests", bob, `{}`)
		return fmt.Sprint(embeddedtest.JSON[api.JoinRequest](w, made).ID)
	}
	w.ask("DELETE", "/api/user/requests/"+ask(), bob, nil)
	w.ask("POST", "/api/organization/acme/requests/"+ask()+"/deny", token, nil)
	id := ask()
	w.ask("GET", "/api/user/requests", bob, nil)
	w.ask("GET", "/api/organization/acme/requests", token, nil)
	w.ask("POST", "/api/organization/acme/requests/"+id+"/approve", token, nil)
}

// invitations are for carl, who signs up with one, and for bob, whose first one is withdrawn.
func (w walker) invitations(token string) {
	invite := func(name string) string {
		body := fmt.Sprintf(`{"email":"%s@example.com","organizationName":"acme"}`, name)
		return embeddedtest.JSON[api.Invited](w, w.json("POST", "/api/auth/invite", token, body)).Token
	}
	link := invite("carl")
	w.ask("GET", "/register?organization=acme&token="+link, "", nil)
	w.ask("GET", "/api/auth/validate-invitation/"+link, "", nil)
	w.json("POST", "/api/auth/signup", "", fmt.Sprintf(
		`{"username":"carl","email":"carl@example.com","password":%q,"invitationToken":%q}`, embeddedtest.Password, link))
	invite("bob")
	list := embeddedtest.JSON[[]api.Invitation](w, w.ask("GET", "/api/invitations/active/acme", token, nil))
	w.ask("DELETE", fmt.Sprint("/api/invitations/", list[0].ID), token, nil)
	bob, _, err := w.r.Core.Tokens.ForAccount(w.Context(), w.r.Account(w, "bob"), false)
	if err != nil {
		w.Fatal(err)
	}
	w.ask("POST", "/api/auth/invitations/"+invite("bob")+"/accept", bob, nil)
}

// joinAsAdmin is the platform's admin entering somebody else's organization.
func (w walker) joinAsAdmin(token string) {
	bob, _, err := w.r.Core.Tokens.ForAccount(w.Context(), w.r.Account(w, "bob"), false)
	if err != nil {
		w.Fatal(err)
	}
	w.json("POST", "/api/organization", bob, `{"name":"bobs"}`)
	w.ask("POST", "/api/organization/bobs/join", token, nil)
}

func (w walker) serviceAccounts(token string) {
	made := embeddedtest.JSON[api.ServiceAccount](w, w.json("POST", "/api/service-accounts", token, `{"description":"ci"}`))
	w.json("POST", "/api/auth/service-account", "", fmt.Sprintf(`{"clientId":%q,"clientSecret":%q}`, made.Username, made.Token))
	w.ask("GET", "/api/service-accounts", token, nil)
	w.ask("GET", "/api/organization/acme/service-accounts", token, nil)
	w.ask("DELETE", fmt.Sprint("/api/service-accounts/", made.ID), token, nil)
}

func (w walker) webhooks(token, list string) {
	made := embeddedtest.JSON[api.Webhook](w, w.json("POST", list, token, `{"url":"https://example.com/","events":["*"]}`))
	one := fmt.Sprint(list, "/", made.ID)
	w.ask("GET", list, token, nil)
	w.ask("GET", one, token, nil)
	w.json("PUT", one, token, `{"description":"ci"}`)
	sent := embeddedtest.JSON[api.Delivery](w, w.ask("POST", one+"/ping", token, nil))
	w.ask("GET", one+"/deliveries", token, nil)
	w.ask("GET", one+"/deliveries/"+sent.ID, token, nil)
	w.ask("POST", one+"/deliveries/"+sent.ID+"/redeliver", token, nil)
	w.ask("DELETE", one, token, nil)
}

const (
	boxes        = "/api/organization/acme/box"
	box          = boxes + "/debian"
	version      = box + "/version/1.0.0"
	provider     = version + "/provider/virtualbox"
	architecture = provider + "/architecture/amd64"
	file         = architecture + "/file"
	pretty       = "/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"
)

func (w walker) boxes(token string) {
	for _, level := range []struct{ list, name, field string }{
		{boxes, "debian", "name"}, {box + "/version", "1.0.0", "version"},
		{version + "/provider", "virtualbox", "name"}, {provider + "/architecture", "amd64", "name"},
	} {
		w.json("POST", level.list, token, fmt.Sprintf(`{%q:%q}`, level.field, level.name))
		w.ask("GET", level.list, token, nil)
		w.ask("GET", level.list+"/"+level.name, token, nil)
		w.json("PUT", level.list+"/"+level.name, token, `{"description":"new"}`)
	}
	w.json("PUT", box, token, `{"readme":"# Debian"}`)
	w.ask("GET", box+"/readme", token, nil)
	w.ask("POST", box+"/watch", token, nil)
	w.ask("GET", "/api/user/watches", token, nil)
	w.ask("DELETE", box+"/watch", token, nil)
	w.r.Sweep(w)
	for _, path := range []string{"/api/search?q=deb", "/api/discover", "/api/discover/debian"} {
		w.ask("GET", path, token, nil)
	}
}

func (w walker) files(token string) {
	w.ask("POST", file+"/upload", token, coretest.BoxFile(w, "virtualbox", "raw"))
	w.ask("PUT", file+"/upload", token, coretest.BoxFile(w, "virtualbox", "put"))
	form, contentType := formOf(w, coretest.BoxFile(w, "virtualbox", "form"))
	w.ask("POST", file, token, form, "Content-Type", contentType)
	w.multipart(token)
	w.ask("GET", file+"/info", token, nil)
	w.ask("POST", file+"/get-download-link", token, nil)
	w.ask("GET", file+"/download", token, nil)
	w.ask("GET", pretty, token, nil)
	w.ask("GET", box+"/metadata", token, nil)
	w.ask("GET", version, token, nil)
	w.ask("PUT", version+"/revoke", token, nil)
	w.ask("PUT", version+"/release", token, nil)
	w.json("PUT", box, token, `{"isPublic":true}`)
	w.ask("GET", "/api/badge/acme/debian.svg", "", nil)
	w.json("PUT", box, token, `{"isPublic":false}`)
	for _, path := range []string{"/acme/debian", "/acme/boxes/debian", "/api/v2/vagrant/acme/debian"} {
		w.ask("GET", path, token, nil, "Accept", "application/json")
	}
}

func (w walker) multipart(token string) {
	begin := func() api.Upload {
		return embeddedtest.JSON[api.Upload](w, w.json("POST", file+"/multipart", token, `{"size":5}`))
	}
	w.ask("DELETE", file+"/multipart/"+begin().ID, token, nil)
	u := begin()
	one := file + "/multipart/" + u.ID
	w.ask("GET", file+"/multipart", token, nil)
	w.json("POST", one+"/parts", token, `{"partNumbers":[1]}`)
	put(w, u.URLs[0].URL, "hello")
	w.breakOff(u.ID)
	w.ask("GET", one, token, nil)
	u = begin()
	put(w, u.URLs[0].URL, "hello")
	w.ask("POST", file+"/multipart/"+u.ID+"/complete", token, nil)
}

// breakOff leaves an upload as a process that went away while it put the parts together.
func (w walker) breakOff(id string) {
	a, err := w.r.Core.Catalog.BoxAccess(w.Context(), 0, "acme", "debian", catalog.Wanted{Upload: id})
	if err != nil {
		w.Fatal(err)
	}
	u := *a.Upload
	u.State, u.Lease = registry.UploadCompleting, w.r.Clock.Now().Add(-time.Second)
	if _, err := w.r.Core.Catalog.SaveUpload(w.Context(), u); err != nil {
		w.Fatal(err)
	}
}

func (w walker) deletions(token string) {
	for _, path := range []string{file + "/delete", architecture, provider, version} {
		w.ask("DELETE", path, token, nil)
	}
	w.json("POST", box+"/version", token, `{"version":"1.0.0"}`)
	w.json("POST", version+"/provider", token, `{"name":"virtualbox"}`)
	for _, path := range []string{provider + "/architecture", version + "/provider", box + "/version", box, boxes, "/api/organization/acme"} {
		w.ask("DELETE", path, token, nil)
	}
}

func formOf(t testing.TB, content []byte) (body []byte, contentType string) {
	t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	part, err := form.CreateFormFile("file", "vagrant.box")
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes(), form.FormDataContentType()
}

func put(t testing.TB, url, body string) {
	t.Helper()
	if status := embeddedtest.Put(t, url, []byte(body)); status != http.StatusOK {
		t.Fatalf("the part was answered %d", status)
	}
}

// finder tells which row a request goes to.
type finder struct {
	mux  *http.ServeMux
	rows map[string]route.Row // by pattern
}

func newFinder() finder {
	f := finder{http.NewServeMux(), map[string]route.Row{}}
	for _, row := range functions.Routes() {
		for _, pattern := range row.Patterns() {
			f.mux.Handle(pattern, http.NotFoundHandler())
			f.rows[pattern] = row
		}
	}
	return f
}

func (f finder) row(t *testing.T, method, path string) route.Row {
	t.Helper()
	return f.rows[f.pattern(t, method, path)]
}

func (f finder) pattern(t *testing.T, method, path string) string {
	t.Helper()
	req, err := http.NewRequest(method, "http://127.0.0.1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, pattern := f.mux.Handler(req)
	return pattern
}
