package e2e

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/vagrantcloud"
)

// gem sends what the vagrant_cloud gem 3.1.3 of Vagrant 2.4.9 was seen to send: bodies in a wrapper, on
// /api/v2, with an architecture, and without a User-Agent.
type gem struct{ token string }

func cloud[T any](t *testing.T, g gem, method, path, body string) T {
	t.Helper()
	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, target.URL+path, strings.NewReader(body)))
	for name, value := range map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "", "X-Request-Id": unique("request"),
	} {
		req.Header.Set(name, value)
	}
	if g.token != "" {
		req.Header.Set("Authorization", "Bearer "+g.token)
	}
	return read[T](t, send(t, req).want(t, 200))
}

// upload is what `vagrant cloud provider upload` of 2.4 does: curl sends the file, and of the callback only
// the path is used.
func (g gem) upload(t *testing.T, provider string, file BoxFile) vagrantcloud.Provider {
	t.Helper()
	u := cloud[vagrantcloud.Upload](t, g, "GET", provider+"/upload/direct", "")
	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "PUT", u.UploadPath, must[*os.File](t)(os.Open(file.Path))))
	req.ContentLength = file.Size
	req.Header.Set("Expect", "100-continue")
	send(t, req).want(t, 200)
	return cloud[vagrantcloud.Provider](t, g, "PUT", must[*url.URL](t)(url.Parse(u.Callback)).Path, "")
}

// TestVagrantCloud24 publishes for two architectures as Vagrant 2.4 does, which distributions do not ship
// yet, and then a file in the place of another.
func TestVagrantCloud24(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	login := `{"user":{"login":"` + o.name + `","password":"` + password + `"},"token":{"description":"Vagrant login"},"two_factor":{"code":null}}`
	g := gem{cloud[vagrantcloud.Token](t, gem{}, "POST", "/api/v1/authenticate", login).Token}
	for range 2 {
		if who := cloud[vagrantcloud.Authenticated](t, g, "GET", "/api/v2/authenticate", ""); who.User.Username != o.name {
			t.Fatalf("the token is of %+v", who)
		}
	}
	if u := cloud[vagrantcloud.User](t, g, "GET", "/api/v2/user/"+o.org, ""); len(u.Boxes) > 0 || u.Username != o.org {
		t.Errorf("at first there is %+v", u)
	}
	box := "/api/v2/box/" + o.org + "/debian"
	const version = "/version/1.0.0"
	cloud[vagrantcloud.Box](t, g, "POST", "/api/v2/boxes", `{"box":{"username":"`+o.org+`","name":"debian","short_description":"s","is_private":false}}`)
	cloud[vagrantcloud.Version](t, g, "POST", box+"/versions", `{"version":{"version":"1.0.0","description":"notes"}}`)
	files := map[string]BoxFile{}
	for i, arch := range []string{"amd64", "arm64"} {
		files[arch] = makeBox(t, Box{Provider: "virtualbox", Architecture: arch, Disk: 1 << 20, Seed: uint64(i)})
		cloud[vagrantcloud.Provider](t, g, "POST", box+version+"/providers",
			`{"provider":{"name":"virtualbox","url":null,"checksum":null,"checksum_type":null,"architecture":"`+arch+`","default_architecture":`+map[string]string{"amd64": "true", "arm64": "false"}[arch]+`}}`)
		if p := g.upload(t, box+version+"/provider/virtualbox/"+arch, files[arch]); *p.Checksum != files[arch].SHA256 {
			t.Errorf("stored is %+v", p)
		}
	}
	// A file of a version that is not released yet may be replaced; nulls are what 2.4 knows nothing of.
	files["arm64"] = makeBox(t, Box{Provider: "virtualbox", Architecture: "arm64", Disk: 1 << 20, Seed: 9})
	cloud[vagrantcloud.Provider](t, g, "PUT", box+version+"/provider/virtualbox/arm64",
		`{"provider":{"name":"virtualbox","url":null,"checksum":null,"checksum_type":null,"architecture":"arm64","default_architecture":null}}`)
	g.upload(t, box+version+"/provider/virtualbox/arm64", files["arm64"])
	cloud[vagrantcloud.Version](t, g, "PUT", box+version+"/release", "")

	v := cloud[vagrantcloud.Version](t, g, "GET", box+version, "")
	if v.Status != "active" || len(v.Providers) != 2 || v.Providers[1].Architecture != "amd64" || !v.Providers[1].DefaultArchitecture {
		t.Errorf("the version is %+v", v)
	}
	for arch, file := range files {
		p := cloud[vagrantcloud.Provider](t, g, "GET", box+version+"/provider/virtualbox/"+arch, "")
		if sha256Of(string(follow(t, *p.DownloadURL, "").want(t, 200).body)) != file.SHA256 {
			t.Errorf("%s is another file", arch)
		}
	}
	cloud[map[string]any](t, g, "DELETE", "/api/v1/authenticate", "")
	ask(t, "GET", target.URL+"/api/v2/authenticate", nil, "Authorization", "Bearer "+g.token).want(t, 401)
}
