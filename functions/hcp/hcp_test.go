package hcp_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
)

// HashiCorp's own client drives all of this in e2e/hcp; here is what that never sends.

const (
	base         = "/vagrant/2022-09-30"
	boxes        = base + "/registry/acme/boxes"
	box          = base + "/registry/acme/box/debian"
	version      = box + "/version/1.0.0"
	provider     = version + "/provider/virtualbox"
	architecture = provider + "/architecture/amd64"
)

// status is google.rpc.Status.
type status struct {
	Code    int
	Message string
	Details []struct {
		Type       string `json:"@type"`
		Reason     string
		Metadata   map[string]string
		Violations []struct{ Field, Description string } `json:"field_violations"`
	}
}

// wantStatus fails the test unless the answer is an error of that HTTP status and google.rpc.Code.
func wantStatus(t *testing.T, a embeddedtest.Answer, want, code int) status {
	t.Helper()
	s := embeddedtest.JSON[status](t, a.Want(t, want))
	if s.Code != code || s.Message == "" || len(s.Details) != 1 || !strings.HasPrefix(s.Details[0].Type, "type.googleapis.com/google.rpc.") {
		t.Errorf("got %s, want the code %d", a.Body, code)
	}
	return s
}

// start starts a registry with an architecture that waits for a file.
func start(t *testing.T) (r *coretest.Registry, ada string) {
	t.Helper()
	r, ada = coretest.Acme(t)
	prepare(t, r, ada)
	return r, ada
}

func prepare(t *testing.T, r *coretest.Registry, ada string) {
	t.Helper()
	for _, made := range [][2]string{
		{boxes, `{"name":"debian","versions":null,"state":null}`}, {box + "/versions", `{"name":"v1.0.0"}`},
		{version + "/providers", `{"name":"virtualbox"}`}, {provider + "/architectures", `{"architecture_type":"amd64"}`},
	} {
		r.Do(t, "POST", made[0], ada, made[1]).Want(t, 200)
	}
}

func grant(t *testing.T, r *coretest.Registry, body string, header ...string) embeddedtest.Answer {
	t.Helper()
	return r.Ask(t, "POST", "/oauth2/token", "", []byte(body), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

func TestATokenIsExchanged(t *testing.T) {
	r, ada := coretest.Acme(t)
	ci := r.ServiceAccount(t, ada, nil)
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(ci.Username)+":"+url.QueryEscape(ci.Token)))
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {ci.Username}, "client_secret": {ci.Token}, "audience": {"https://api.hashicorp.cloud"}}
	for _, a := range []embeddedtest.Answer{
		grant(t, r, form.Encode()), grant(t, r, "grant_type=client_credentials", "Authorization", basic),
	} {
		token := embeddedtest.JSON[map[string]any](t, a.Want(t, 200))
		if token["token_type"] != "Bearer" || token["expires_in"].(float64) < 7190 || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v %s", a.Header, a.Body)
		}
		r.Ask(t, "GET", base+"/registry/acme", "", nil, "Authorization", "Bearer "+token["access_token"].(string)).Want(t, 200)
	}
}

func TestRefusalsOfATokenAreAsOAuthSays(t *testing.T) {
	r, ada := coretest.Acme(t)
	ci := r.ServiceAccount(t, ada, map[string]any{"expirationDays": 1})
	good := "&client_id=" + ci.Username + "&client_secret=" + ci.Token
	wantRefusal := func(a embeddedtest.Answer, status int, code string) {
		t.Helper()
		told := embeddedtest.JSON[map[string]string](t, a.Want(t, status))
		if told["error"] != code || told["error_description"] == "" || len(told) != 2 || strings.Contains(string(a.Body), ci.Token) {
			t.Errorf("%s, want %s", a.Body, code)
		}
		if challenge := a.Header.Get("WWW-Authenticate"); (challenge == `Basic realm="boxvault"`) != (status == 401) {
			t.Errorf("the challenge is %q", challenge)
		}
	}
	for body, code := range map[string]string{
		"": "invalid_request", good: "invalid_request", "grant_type=client_credentials": "invalid_request", "grant_type=%zz": "invalid_request",
		"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c": "invalid_request",
		"grant_type=password" + good: "unsupported_grant_type",
	} {
		wantRefusal(grant(t, r, body), 400, code)
	}
	wantRefusal(grant(t, r, "grant_type=client_credentials&client_id="+ci.Username+"&client_secret=wrong"), 401, "invalid_client")
	wantRefusal(grant(t, r, "grant_type=client_credentials&client_id=ada&client_secret="+ci.Token), 401, "invalid_client")
	wantRefusal(grant(t, r, strings.Repeat("a", 1<<20+1)), 413, "invalid_request")
	r.Clock.Advance(25 * time.Hour)
	wantRefusal(grant(t, r, "grant_type=client_credentials"+good), 401, "invalid_client")
}

func TestErrorsNameEveryWrongField(t *testing.T) {
	r, ada := start(t)
	s := wantStatus(t, r.Do(t, "POST", provider+"/architectures", ada,
		`{"architecture_type":"upload","box_data":{"download_url":"ftp://a","checksum":"xyz","checksum_type":"crc32"}}`), 400, 3)
	var fields []string
	for _, v := range s.Details[0].Violations {
		fields = append(fields, v.Field)
		if v.Description == "" || !strings.Contains(s.Message, v.Field+" ") {
			t.Errorf("%+v", s)
		}
	}
	if got := strings.Join(fields, " "); got != "architecture_type checksum_type download_url" {
		t.Errorf("named are %s", got)
	}
	if s := wantStatus(t, r.Do(t, "POST", boxes, ada, `{"name":"debian"}`), 409, 6); s.Details[0].Reason != "CONFLICT" {
		t.Errorf("%+v", s)
	}
	wantStatus(t, r.Do(t, "POST", boxes, ada, `{"name":`), 400, 3)
	wantStatus(t, r.Do(t, "PUT", version+"/release", "", nil), 401, 16)
	wantStatus(t, r.Do(t, "GET", architecture+"/download", ada, nil), 404, 5)
	wantStatus(t, r.Do(t, "PUT", architecture, ada, `{"box_data":{"checksum":"00","checksum_type":"NONE"}}`), 400, 3)
	wantStatus(t, r.Do(t, "GET", boxes+"?pagination.page_size=x", ada, nil), 400, 3)
}

// An operation is told only when what it is about is so.
func TestAnOperationThatNeverWasIsNotFound(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Clock.Advance(time.Minute) // since the organization was made
	made := embeddedtest.JSON[struct{ Operation struct{ ID string } }](t, r.Do(t, "POST", boxes, ada, `{"name":"debian"}`).Want(t, 200)).Operation.ID
	at := func(project, id string) string {
		return "/operation/2020-05-05/organizations/acme/projects/" + project + "/operations/" + id
	}
	r.Do(t, "GET", at("acme", made), ada, nil).Want(t, 200)
	r.Do(t, "GET", at("ACME", made)+"/wait?timeout=60s", ada, nil).Want(t, 200)
	wantStatus(t, r.Do(t, "GET", at("other", made), ada, nil), 404, 5)
	stamp := strings.Split(made, ".")[1]
	for _, id := range []string{
		"x", "..", "create-box.0.debian", "create-box." + stamp + ".other", "create-box.!.debian", "delete-box." + stamp + ".debian",
		"create-box.zzzzzzzzzzz.debian", "update-box.0.debian", "burn-box." + stamp + ".debian", "create-registry." + stamp + ".acme",
	} {
		if a := r.Do(t, "GET", at("acme", id), ada, nil); a.Status != 404 {
			t.Errorf("%s is %d %s", id, a.Status, a.Body)
		}
	}
	wantStatus(t, r.Do(t, "GET", at("acme", made), r.Person(t, "mallory"), nil), 404, 5)
	gone := embeddedtest.JSON[struct{ Operation struct{ ID string } }](t, r.Do(t, "DELETE", box, ada, nil).Want(t, 200)).Operation.ID
	wantStatus(t, r.Do(t, "GET", at("acme", made), ada, nil), 404, 5)
	r.Do(t, "GET", at("acme", gone), ada, nil).Want(t, 200)
}

// A file goes through the registry by the link alone, once more when the answer was lost.
func TestTheLinkOfAnUpload(t *testing.T) {
	r, ada := start(t)
	link := func() string {
		return embeddedtest.JSON[struct{ URL string }](t, r.Do(t, "GET", architecture+"/upload", ada, nil).Want(t, 200)).URL
	}
	if status := embeddedtest.Put(t, link(), coretest.BoxFile(t, "qemu", "one")); status != 400 {
		t.Errorf("a box for another provider is answered %d", status)
	}
	given := link()
	for range 2 {
		if status := embeddedtest.Put(t, given, coretest.BoxFile(t, "virtualbox", "one")); status != 200 {
			t.Errorf("it is answered %d", status)
		}
	}
}

// What is released stays where it is; its publisher may say another checksum of what nobody has looked at.
func TestAFileThatIsElsewhere(t *testing.T) {
	r, ada := start(t)
	at := func(link, sum string) string {
		return `{"default":false,"box_data":{"download_url":"` + link + `","checksum":"` + sum + `","checksum_type":"MD5"}}`
	}
	const first, second = "https://example.com/first.box", "https://example.com/second.box"
	sum := strings.Repeat("0f", 16)
	for _, link := range []string{first, second, second} { // as long as it is not released
		a := r.Do(t, "PUT", architecture, ada, at(link, sum)).Want(t, 200)
		if !strings.Contains(string(a.Body), `"download_url":"`+link+`","checksum":"`+sum+`","checksum_type":"MD5"`) || !strings.Contains(string(a.Body), `"default":true`) {
			t.Errorf("%s", a.Body)
		}
	}
	r.Do(t, "PUT", version+"/release", ada, nil).Want(t, 200)
	wantStatus(t, r.Do(t, "PUT", architecture, ada, at(first, sum)), 409, 6)
	r.Do(t, "PUT", architecture, ada, at(second, sum)).Want(t, 200)
	r.Do(t, "PUT", architecture, ada, at("", strings.Repeat("1e", 16))).Want(t, 200)
	a := r.Do(t, "GET", architecture+"/download", "", nil).Want(t, 200)
	if want := `{"url":"` + second + `","checksum":"` + strings.Repeat("1e", 16) + `","checksum_type":"MD5"}`; string(a.Body) != want {
		t.Errorf("got %s, want %s", a.Body, want)
	}
}
