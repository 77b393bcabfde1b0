package functions_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/registry"
)

// secret is a word in whatever is private of acme: texts, names of boxes, of members.
const secret = "quagga"

// town is a registry with somebody of each kind and three organizations: acme, umbrella, and cellar,
// in which nothing is public and which was called attic before.
type town struct {
	r      *coretest.Registry
	tokens map[string]string // by caller
	values map[string]string // what a path has in {…}, by "name" or "row name"
}

func unlimited(o *core.Options) { o.Limits = limit.Quotas{Address: limit.Off, Account: limit.Off} }

func (w *town) copy(t *testing.T) *town {
	t.Helper()
	return &town{w.r.Copy(t, unlimited), w.tokens, w.values}
}

func build(t *testing.T) *town {
	t.Helper()
	w := &town{coretest.Start(t, unlimited), map[string]string{}, map[string]string{
		"organization": "acme", "version": "1.0.0", "provider": "virtualbox", "architecture": "amd64",
		"project": "acme", "asset": "docs.js", "page": "forgot-password", "name": secret, "path": "nothing", "username": "member-" + secret,
	}}
	w.people(t)
	w.organizations(t)
	w.serviceAccounts(t)
	for _, creator := range []string{"creator", "removed"} {
		w.box(t, creator, "private-"+creator+"-"+secret, false)
		w.box(t, creator, "public-"+creator, true)
	}
	w.r.Sweep(t)
	w.letters(t)
	w.webhooks(t)
	w.leave(t)
	return w
}

// do makes a request that succeeds, and returns the fields of the answer.
func (w *town) do(t *testing.T, caller, method, path string, body any) map[string]any {
	t.Helper()
	a := w.r.Do(t, method, path, w.tokens[caller], body)
	if a.Status >= 400 {
		t.Fatalf("%s %s as %s: %d %s", method, path, caller, a.Status, a.Body)
	}
	answer := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// people come two days before the rows are asked, and stay logged in.
func (w *town) people(t *testing.T) {
	t.Helper()
	w.r.Clock.Advance(-48 * time.Hour)
	w.signUp(t, "platform", "root") // the first one is platform admin
	w.signUp(t, "member", "member-"+secret)
	for _, caller := range []string{"outsider", "creator", "removed"} {
		w.tokens[caller] = w.r.Person(t, caller)
	}
	for _, caller := range []string{"admin", "owner", "suspended"} {
		w.tokens[caller] = w.r.Person(t, caller+"-"+secret)
	}
	w.values["CloudReleaseVersion version"] = "2.0.0" // the other one is released
	w.values["HCPReleaseVersion version"] = "2.0.0"
	w.values["id"] = w.r.Account(t, "member-"+secret).ID.String()
}

// signUp makes an account that has a password.
func (w *town) signUp(t *testing.T, caller, username string) {
	t.Helper()
	w.r.SignUp(t, username)
	token, _, err := w.r.Core.Tokens.ForAccount(t.Context(), w.r.Account(t, username), true)
	if err != nil {
		t.Fatal(err)
	}
	w.tokens[caller] = token
}

func (w *town) organizations(t *testing.T) {
	t.Helper()
	w.do(t, "owner", "POST", "/api/organization", `{"name":"acme"}`)
	w.do(t, "owner", "PUT", "/api/organization/acme", `{"description":"`+secret+`","mutableReleases":true}`)
	for name, role := range map[string]string{
		"member-" + secret: "member", "creator": "member", "admin-" + secret: "admin", "removed": "member", "suspended-" + secret: "member",
	} {
		w.do(t, "owner", "POST", "/api/organization/acme/members", map[string]string{"username": name, "role": role})
	}
	w.do(t, "owner", "PUT", "/api/organization/acme/mirror", `{"from":"http://127.0.0.1:1/`+secret+`","private":true}`)
	w.do(t, "owner", "POST", "/api/organization", `{"name":"attic"}`)
	w.do(t, "owner", "PUT", "/api/organization/attic", `{"name":"cellar"}`)
	w.r.Box(t, w.tokens["owner"], "cellar", "private-creator-"+secret, false)
	w.do(t, "outsider", "POST", "/api/organization", `{"name":"umbrella"}`)
	w.do(t, "outsider", "POST", "/api/organization/umbrella/members", `{"username":"creator"}`)
}

// serviceAccounts are all the creator's, who is a member of both organizations.
func (w *town) serviceAccounts(t *testing.T) {
	t.Helper()
	made := map[string]api.ServiceAccount{}
	for caller, wish := range map[string]map[string]any{
		"service": {"organization": "acme", "description": secret},
		"expired": {"organization": "acme", "expirationDays": 1},
		"deleted": {"organization": "acme"},
		"foreign": {"organization": "umbrella"},
	} {
		made[caller] = w.r.ServiceAccount(t, w.tokens["creator"], wish)
		w.tokens[caller] = made[caller].Token
	}
	w.do(t, "creator", "DELETE", fmt.Sprint("/api/service-accounts/", made["deleted"].ID), nil)
	w.values["DeleteServiceAccount id"], w.values["client"] = fmt.Sprint(made["service"].ID), made["service"].Username
	w.r.Clock.Advance(48 * time.Hour)
}

// box makes a box with a file, an upload that waits for its end, and a watcher.
func (w *town) box(t *testing.T, creator, name string, public bool) {
	t.Helper()
	path := w.r.Box(t, w.tokens[creator], "acme", name, public)
	w.do(t, creator, "PUT", path, map[string]string{"description": name, "readme": name})
	at := path + "/version/1.0.0/provider/virtualbox/architecture/amd64"
	w.r.Upload(t, w.tokens[creator], at, coretest.BoxFile(t, "virtualbox", name)).Want(t, 200)
	u := embeddedtest.JSON[api.Upload](t, w.r.Do(t, "POST", at+"/file/multipart", w.tokens[creator], `{"size":5}`).Want(t, 201))
	put(t, u.URLs[0].URL, "hello")
	w.values[name+" upload"] = u.ID
	asked := w.do(t, creator, "PUT", hcpBase+"/registry/acme/box/"+name, `{"short_description":"short"}`)
	w.values["HCPReadOperation id"] = fmt.Sprint(asked["operation"].(map[string]any)["id"])
	w.do(t, creator, "POST", path+"/version", `{"version":"2.0.0","release":false,"description":"`+secret+`"}`)
	draft := path + "/version/2.0.0/provider/virtualbox/architecture/amd64"
	w.r.Upload(t, w.tokens[creator], draft, coretest.BoxFile(t, "virtualbox", secret)).Want(t, 200)
	w.do(t, creator, "POST", path+"/watch", nil)
}

// letters are what waits for an answer: invitations, requests, addresses to prove.
func (w *town) letters(t *testing.T) {
	t.Helper()
	w.do(t, "owner", "PUT", "/api/organization/acme/access-mode", `{"accessMode":"request_to_join"}`)
	asked := fmt.Sprint(w.do(t, "outsider", "POST", "/api/organization/acme/requests", `{}`)["id"])
	for _, row := range []string{"ApproveJoinRequest", "DenyJoinRequest", "CancelJoinRequest"} {
		w.values[row+" id"] = asked
	}
	w.do(t, "owner", "PUT", "/api/organization/acme/access-mode", `{"accessMode":"private"}`)
	w.do(t, "outsider", "PUT", "/api/organization/umbrella/access-mode", `{"accessMode":"request_to_join"}`)
	invited := w.do(t, "platform", "POST", "/api/auth/invite", `{"email":"outsider@example.com","organizationName":"acme"}`)["invitationToken"]
	for _, row := range []string{"AcceptInvitation", "ValidateInvitation"} {
		w.values[row+" token"] = fmt.Sprint(invited)
	}
	list := embeddedtest.JSON[[]api.Invitation](t, w.r.Do(t, "GET", "/api/invitations/active/acme", w.tokens["owner"], nil))
	w.values["WithdrawInvitation id"] = fmt.Sprint(list[0].ID)

	w.do(t, "", "POST", "/api/auth/resend-verification", `{"email":"outsider@example.com"}`)
	w.values["VerifyMail token"] = w.r.LastToken(t, registry.LetterVerify)
	w.do(t, "", "POST", "/api/auth/forgot-password", `{"email":"root@example.com"}`)
	w.values["reset"] = w.r.LastToken(t, registry.LetterReset)
	w.do(t, "platform", "PUT", "/api/users/"+w.r.Account(t, "root").ID.String()+"/change-email",
		`{"newEmail":"chief@example.com","password":"`+embeddedtest.Password+`"}`)
	w.values["ConfirmEmail token"] = w.r.LastToken(t, registry.LetterChangeEmail)
}

func (w *town) webhooks(t *testing.T) {
	t.Helper()
	for list, rows := range map[string]string{
		"/api/admin/webhooks":             "ReadWebhook UpdateWebhook DeleteWebhook PingWebhook ListDeliveries ReadDelivery Redeliver",
		"/api/organization/acme/webhooks": "ReadOrganizationWebhook UpdateOrganizationWebhook DeleteOrganizationWebhook PingOrganizationWebhook ListOrganizationDeliveries ReadOrganizationDelivery RedeliverInOrganization",
	} {
		hook := fmt.Sprint(w.do(t, "platform", "POST", list, `{"url":"https://`+secret+`.example.com/","events":["*"]}`)["id"])
		sent := fmt.Sprint(w.do(t, "platform", "POST", list+"/"+hook+"/ping", nil)["id"])
		for row := range strings.FieldsSeq(rows) {
			w.values[row+" id"], w.values[row+" delivery"] = hook, sent
		}
	}
}

// leave ends what is over before the rows are asked.
func (w *town) leave(t *testing.T) {
	t.Helper()
	w.do(t, "owner", "DELETE", "/api/organization/acme/users/removed", nil)
	w.do(t, "platform", "PUT", "/api/users/"+w.r.Account(t, "suspended-"+secret).ID.String()+"/suspend", nil)
}
