package functions_test

import (
	"strings"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/vagrantcloud"
)

// cloud does what a publisher does by Vagrant Cloud's API.
func (w walker) cloud() {
	w.mistype("ada")
	login := w.json("POST", "/api/v1/authenticate", "", `{"user":{"login":"ada","password":"another battery"}}`)
	token := embeddedtest.JSON[vagrantcloud.Token](w, login).Token
	const (
		box      = "/api/v1/box/acme/ubuntu"
		version  = box + "/version/1.0.0"
		provider = version + "/provider/virtualbox"
	)
	w.ask("GET", "/api/v1/authenticate", token, nil)
	w.json("POST", "/api/v1/boxes", token, `{"username":"acme","name":"ubuntu"}`)
	w.json("PUT", box, token, `{"description":"new"}`)
	w.json("POST", box+"/versions", token, `{"version":{"version":"1.0.0"}}`)
	w.json("PUT", version, token, `{"version":{"description":"new"}}`)
	w.json("POST", version+"/providers", token, `{"provider":{"name":"virtualbox"}}`)
	w.json("PUT", provider, token, `{"provider":{"default_architecture":true}}`)
	w.cloudUpload(token, provider)
	w.ask("PUT", version+"/release", token, nil)
	w.r.Sweep(w)
	for _, path := range []string{"/api/v1/user/acme", "/api/v2/search?q=", box, version, provider} {
		w.ask("GET", path, token, nil)
	}
	w.ask("PUT", version+"/revoke", token, nil)
	for _, path := range []string{provider, version, box, "/api/v1/authenticate"} {
		w.ask("DELETE", path, token, nil)
	}
}

func (w walker) cloudUpload(token, provider string) {
	content := string(coretest.BoxFile(w, "virtualbox", "direct"))
	u := embeddedtest.JSON[vagrantcloud.Upload](w, w.ask("GET", provider+"/upload/direct", token, nil))
	put(w, u.UploadPath, content)
	w.ask("PUT", behind(u.Callback), token, nil)
	u = embeddedtest.JSON[vagrantcloud.Upload](w, w.ask("GET", provider+"/upload", token, nil))
	w.ask("PUT", behind(u.UploadPath), "", []byte(content))
}

// behind is what a URL has behind its host.
func behind(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	return rest[strings.Index(rest, "/"):]
}
