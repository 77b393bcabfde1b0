package functions_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
	"github.com/boxvault/boxvault/shared/route"
)

// request is one that succeeds for who may make it.
type request struct {
	method, path string
	body         []byte
	header       []string
}

func (w *town) ask(t *testing.T, q request, caller string) embeddedtest.Answer {
	t.Helper()
	return w.r.Ask(t, q.method, q.path, w.tokens[caller], q.body, q.header...)
}

// request fills the path of a row: with a private box of acme, which the removed member made if that
// is who asks, and the creator otherwise. The variants are a public box, a draft in it (a version
// that is not released), and an organization other than acme.
func (w *town) request(t *testing.T, row route.Row, variant, caller string) request {
	t.Helper()
	method, path := route.Split(row.Pattern)
	if method == "" {
		method, path = "GET", "/api/nothing"
	}
	path = parameter.ReplaceAllStringFunc(path, func(s string) string {
		return w.value(row.Name, strings.Trim(s, "{}."), variant, caller)
	})
	path = strings.Replace(path, "{$}", "", 1)
	switch row.Name {
	case "Search":
		path += "?q=" + secret
	case "PutFile":
		path += "?" + w.ticket(t, boxOf(variant, caller))
	case "Register":
		path += "?organization=acme&token=" + w.values["ValidateInvitation token"]
	}
	body, contentType := w.bodyOf(t, row.Name)
	return request{method, path, body, []string{"Content-Type", contentType, "Accept", "application/json"}}
}

// value is what a path has in the place of a parameter.
func (w *town) value(row, name, variant, caller string) string {
	box := boxOf(variant, caller)
	switch {
	case name == "box":
		return box
	case name == "file":
		return box + ".svg"
	case name == "upload", name == "object":
		return w.values[box+" upload"]
	case name == "version" && variant == "draft":
		return "2.0.0"
	case name == "organization" && slices.Contains([]string{"umbrella", "cellar", "attic"}, variant):
		return variant
	case w.values[row+" "+name] != "":
		return w.values[row+" "+name]
	default:
		return w.values[name]
	}
}

func boxOf(variant, caller string) string {
	creator := "creator"
	if caller == "removed" {
		creator = caller
	}
	if variant == "public" || variant == "draft" {
		return "public-" + creator
	}
	return "private-" + creator + "-" + secret
}

// ticket is what the URL of a box's upload is followed by, for who sends its file without a token.
func (w *town) ticket(t *testing.T, box string) string {
	t.Helper()
	home := "acme/" + box
	ticket, err := w.r.Core.Tokens.UploadTicket(t.Context(), home, w.values[box+" upload"])
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"home": {home}, "ticket": {ticket}}.Encode()
}

// bodyOf is the body that a row asks for.
func (w *town) bodyOf(t *testing.T, row string) (body []byte, contentType string) {
	t.Helper()
	switch row {
	case "UploadForm":
		return formOf(t, coretest.BoxFile(t, "virtualbox", "form"))
	case "UploadRaw", "PutFile":
		return coretest.BoxFile(t, "virtualbox", "raw"), "application/octet-stream"
	case "UploadCertificate":
		c := certificatetest.Issue(t)
		return certificatetest.Form(t, c.Chain(), c.Key)
	}
	text := strings.NewReplacer("PASSWORD", embeddedtest.Password, "RESET", w.values["reset"],
		"CLIENT", w.values["client"], "SECRET", w.tokens["service"]).Replace(bodies[row])
	if row == "ExchangeToken" {
		return []byte(text), "application/x-www-form-urlencoded"
	}
	return []byte(text), "application/json"
}

var bodies = map[string]string{
	"SignUp":                    `{"username":"new","email":"new@example.com","password":"PASSWORD"}`,
	"SignIn":                    `{"username":"root","password":"PASSWORD"}`,
	"SignInServiceAccount":      `{"clientId":"CLIENT","clientSecret":"SECRET"}`,
	"ResendVerification":        `{"email":"outsider@example.com"}`,
	"ForgotPassword":            `{"email":"outsider@example.com"}`,
	"ResetPassword":             `{"token":"RESET","password":"another battery"}`,
	"ChangePreferences":         `{"theme":"dark"}`,
	"ChangePassword":            `{"oldPassword":"PASSWORD","newPassword":"another battery"}`,
	"ChangeEmail":               `{"newEmail":"new@example.com","password":"PASSWORD"}`,
	"ChangeName":                `{"name":"New"}`,
	"DeleteAccount":             `{"password":"PASSWORD"}`,
	"ChangeConfig":              `{"signup":"invite"}`,
	"TestMail":                  `{"testEmail":"new@example.com"}`,
	"CreateBox":                 `{"name":"new"}`,
	"UpdateBox":                 `{"description":"new"}`,
	"CreateVersion":             `{"version":"3.0.0"}`,
	"UpdateVersion":             `{"description":"new"}`,
	"CreateProvider":            `{"name":"libvirt"}`,
	"UpdateProvider":            `{"description":"new"}`,
	"CreateArchitecture":        `{"name":"arm64"}`,
	"UpdateArchitecture":        `{"description":"new"}`,
	"BeginUpload":               `{"size":5}`,
	"SignParts":                 `{"partNumbers":[1]}`,
	"CreateOrganization":        `{"name":"new"}`,
	"UpdateOrganization":        `{"description":"new"}`,
	"SetAccessMode":             `{"accessMode":"invite_only"}`,
	"AskToJoin":                 `{}`,
	"Invite":                    `{"email":"new@example.com","organizationName":"acme"}`,
	"AddMember":                 `{"username":"outsider"}`,
	"SetRole":                   `{"role":"admin"}`,
	"CreateServiceAccount":      `{"organization":"acme"}`,
	"SetMirror":                 `{"from":"http://127.0.0.1:1"}`,
	"CreateWebhook":             `{"url":"https://example.com/","events":["*"]}`,
	"CreateOrganizationWebhook": `{"url":"https://example.com/","events":["*"]}`,
	"UpdateWebhook":             `{"description":"new"}`,
	"UpdateOrganizationWebhook": `{"description":"new"}`,
	"CloudLogin":                `{"user":{"login":"root","password":"PASSWORD"}}`,
	"CloudCreateBox":            `{"box":{"username":"acme","name":"new"}}`,
	"CloudUpdateBox":            `{"box":{"description":"new"}}`,
	"CloudCreateVersion":        `{"version":{"version":"3.0.0"}}`,
	"CloudUpdateVersion":        `{"version":{"description":"new"}}`,
	"CloudCreateProvider":       `{"provider":{"name":"libvirt"}}`,
	"CloudUpdateProvider":       `{"provider":{"default_architecture":true}}`,
	"ExchangeToken":             `grant_type=client_credentials&client_id=CLIENT&client_secret=SECRET`,
	"HCPCreateRegistry":         `{"name":"new"}`,
	"HCPUpdateRegistry":         `{"description":"new"}`,
	"HCPCreateBox":              `{"name":"new"}`,
	"HCPUpdateBox":              `{"description":"new"}`,
	"HCPCreateVersion":          `{"name":"3.0.0"}`,
	"HCPUpdateVersion":          `{"description":"new"}`,
	"HCPCreateProvider":         `{"name":"libvirt"}`,
	"HCPUpdateProvider":         `{"name":"virtualbox"}`,
	"HCPCreateArchitecture":     `{"architecture_type":"arm64"}`,
	"HCPUpdateArchitecture":     `{"default":true}`,
}
