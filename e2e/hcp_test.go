package e2e

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

const hcp = "/vagrant/2022-09-30"

// hcpCaller asks in the dialect of HashiCorp's cloud, as who has a token. Its own client is driven in e2e/hcp.
type hcpCaller struct{ token string }

func (c hcpCaller) ask(t *testing.T, method, path, body string) map[string]any {
	t.Helper()
	a := ask(t, method, target.URL+path, strings.NewReader(body), "Authorization", "Bearer "+c.token, "Content-Type", "application/json")
	return read[map[string]any](t, a.want(t, 200))
}

// send puts a file to where an answer says.
func (c hcpCaller) send(t *testing.T, answer map[string]any, file BoxFile) {
	t.Helper()
	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "PUT", answer["url"].(string), must[*os.File](t)(os.Open(file.Path))))
	req.ContentLength = file.Size
	send(t, req).want(t, 200)
}

// TestHCP publishes as a service account does that has nothing but the HCP_ variables, and looks after its
// registry as a person.
func TestHCP(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	robot := o.serviceAccount(t)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {robot.Username}, "client_secret": {robot.Token}}
	signedIn := read[map[string]any](t, ask(t, "POST", target.URL+"/oauth2/token", strings.NewReader(form.Encode()),
		"Content-Type", "application/x-www-form-urlencoded").want(t, 200))
	ci := hcpCaller{signedIn["access_token"].(string)}

	registry := hcp + "/registry/" + o.org
	box, version := registry+"/box/debian", registry+"/box/debian/version/1.0.0"
	provider := version + "/provider/virtualbox"
	architecture := provider + "/architecture/amd64"
	made := ci.ask(t, "POST", registry+"/boxes", `{"name":"debian","is_private":false}`)
	operation := "/operation/2020-05-05/organizations/" + o.org + "/projects/" + o.org + "/operations/" + made["operation"].(map[string]any)["id"].(string)
	ci.ask(t, "GET", operation, "")
	ci.ask(t, "GET", operation+"/wait?timeout=10s", "")
	ci.ask(t, "POST", box+"/versions", `{"name":"1.0.0"}`)
	ci.ask(t, "POST", version+"/providers", `{"name":"virtualbox"}`)
	ci.ask(t, "POST", provider+"/architectures", `{"architecture_type":"amd64","box_data":{"checksum_type":"NONE"}}`)
	file := makeBox(t, Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20})
	ci.send(t, ci.ask(t, "GET", architecture+"/upload", ""), makeBox(t, Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20, Seed: 1}))
	direct := ci.ask(t, "GET", architecture+"/direct/upload", "")
	ci.send(t, direct, file)
	ci.ask(t, "PUT", must[*url.URL](t)(url.Parse(direct["callback"].(string))).Path, "")
	ci.ask(t, "PUT", version+"/release", "")
	if m := o.wantVersions(t, "debian", "1.0.0"); m.Versions[0].Providers[0].Checksum != file.SHA256 {
		t.Errorf("released is %+v", m.Versions)
	}
	link := ci.ask(t, "GET", architecture+"/download", "")["url"].(string)
	if got := follow(t, link, ""); sha256Of(string(got.body)) != file.SHA256 {
		t.Errorf("%d bytes that are not the box", len(got.body))
	}
	ci.lookAround(t, registry, box, version, provider, architecture)
	o.hcpRegistries(t)
	ci.ask(t, "PUT", version+"/revoke", "")
	for _, path := range []string{architecture, provider, version, box} {
		ci.ask(t, "DELETE", path, "")
	}
}

// lookAround reads and changes each of them, and lists what is in them.
func (c hcpCaller) lookAround(t *testing.T, registry, box, version, provider, architecture string) {
	t.Helper()
	for _, path := range []string{registry + "/boxes", box + "/versions", version + "/providers", provider + "/architectures", hcp + "/search?q=debian"} {
		c.ask(t, "GET", path, "")
	}
	for _, path := range []string{box, version, provider, architecture} {
		c.ask(t, "GET", path, "")
		c.ask(t, "PUT", path, `{"description":"new"}`)
	}
}

// hcpRegistries makes a registry, which is an organization, and deletes it.
func (o owner) hcpRegistries(t *testing.T) {
	t.Helper()
	me, name := hcpCaller{o.token}, unique("cloudy")
	registry := hcp + "/registry/" + name
	me.ask(t, "POST", hcp+"/registries", `{"name":"`+name+`"}`)
	me.ask(t, "GET", hcp+"/registries", "")
	me.ask(t, "PUT", registry, `{"description":"new"}`)
	me.ask(t, "PUT", registry+"/activate", "")
	me.ask(t, "GET", registry, "")
	for _, path := range []string{"organizations", "organizations/" + name, "projects", "projects/" + name} {
		me.ask(t, "GET", "/resource-manager/2019-12-10/"+path, "")
	}
	me.ask(t, "DELETE", registry, "")
	if _, err := newClient(t, target.URL, o.token).Organization(t.Context(), name); err == nil {
		t.Error("the registry is still there")
	}
}
