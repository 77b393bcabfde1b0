package functions_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/functions/hcp"
	"github.com/boxvault/boxvault/shared/api"
)

const (
	hcpBase         = "/vagrant/2022-09-30"
	hcpBox          = hcpBase + "/registry/acme/box/cloud"
	hcpVersion      = hcpBox + "/version/1.0.0"
	hcpProvider     = hcpVersion + "/provider/virtualbox"
	hcpArchitecture = hcpProvider + "/architecture/amd64"
)

// hcp is what is asked in the dialect of HashiCorp's cloud.
func (w walker) hcp(token string) {
	w.hcpSignIn(token)
	w.hcpRegistries(token)
	made := embeddedtest.JSON[hcp.BoxAnswer](w, w.json("POST", hcpBase+"/registry/acme/boxes", token, `{"name":"cloud","is_private":true}`))
	at := fmt.Sprintf("/operation/2020-05-05/organizations/acme/projects/acme/operations/%s", made.Operation.ID)
	w.ask("GET", at, token, nil)
	w.ask("GET", at+"/wait?timeout=60s", token, nil)
	w.json("POST", hcpBox+"/versions", token, `{"name":"1.0.0"}`)
	w.json("POST", hcpVersion+"/providers", token, `{"name":"virtualbox"}`)
	w.json("POST", hcpProvider+"/architectures", token, `{"architecture_type":"amd64","box_data":{"checksum_type":"NONE"}}`)
	for _, path := range []string{hcpBase + "/registry/acme/boxes", hcpBox + "/versions", hcpVersion + "/providers", hcpProvider + "/architectures"} {
		w.ask("GET", path, token, nil)
	}
	for _, path := range []string{hcpBox, hcpVersion, hcpProvider, hcpArchitecture} {
		w.ask("GET", path, token, nil)
		w.json("PUT", path, token, `{"description":"new"}`)
	}
	w.hcpFiles(token)
	w.r.Sweep(w)
	w.ask("GET", hcpBase+"/search?q=clo", token, nil)
	for _, path := range []string{hcpArchitecture, hcpProvider, hcpVersion, hcpBox} {
		w.ask("DELETE", path, token, nil)
	}
}

func (w walker) hcpSignIn(token string) {
	made := embeddedtest.JSON[api.ServiceAccount](w, w.r.Do(w, "POST", "/api/service-accounts", token, map[string]any{"organization": "acme"}).Want(w, 201))
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {made.Username}, "client_secret": {made.Token}}
	w.ask("POST", "/oauth2/token", "", []byte(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

func (w walker) hcpRegistries(token string) {
	w.ask("GET", hcpBase+"/registries", token, nil)
	w.json("POST", hcpBase+"/registries", token, `{"name":"cloudy"}`)
	w.ask("GET", hcpBase+"/registry/cloudy", token, nil)
	w.json("PUT", hcpBase+"/registry/cloudy", token, `{"description":"new"}`)
	w.ask("PUT", hcpBase+"/registry/cloudy/activate", token, nil)
	for _, path := range []string{"organizations", "organizations/acme", "projects", "projects/acme"} {
		w.ask("GET", "/resource-manager/2019-12-10/"+path, token, nil)
	}
	w.ask("DELETE", hcpBase+"/registry/cloudy", token, nil)
}

func (w walker) hcpFiles(token string) {
	link := embeddedtest.JSON[hcp.UploadLink](w, w.ask("GET", hcpArchitecture+"/upload", token, nil)).URL
	w.ask("PUT", strings.TrimPrefix(link, w.r.URL), "", coretest.BoxFile(w, "virtualbox", "through"))
	direct := embeddedtest.JSON[hcp.DirectUpload](w, w.ask("GET", hcpArchitecture+"/direct/upload", token, nil))
	put(w, direct.URL, string(coretest.BoxFile(w, "virtualbox", "direct")))
	w.ask("PUT", strings.TrimPrefix(direct.Callback, w.r.URL), token, nil)
	w.ask("PUT", hcpVersion+"/release", token, nil)
	w.ask(http.MethodGet, hcpArchitecture+"/download", token, nil)
	w.ask("PUT", hcpVersion+"/revoke", token, nil)
}
