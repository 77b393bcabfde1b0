package vagrant_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const box = "/api/organization/acme/box/debian"

// forms are the URLs that Vagrant is known to ask for metadata at.
var forms = []string{
	"/acme/debian", "//acme/debian", "/acme//debian", "/acme/boxes/debian", "//acme/boxes//debian",
	"/api/v2/vagrant/acme/debian", "//api/v2/vagrant/acme/debian",
}

func publish(t *testing.T, r *coretest.Registry, token, at, text string) {
	t.Helper()
	provider := strings.Split(at, "/")[1]
	path := fmt.Sprintf("%s/version/%s/provider/%s/architecture/%s", box, strings.Split(at, "/")[0], provider, strings.Split(at, "/")[2])
	r.Upload(t, token, path, coretest.BoxFile(t, provider, text)).Want(t, 200)
}

func metadata(t *testing.T, r *coretest.Registry, path, token string) api.Metadata {
	t.Helper()
	return embeddedtest.JSON[api.Metadata](t, r.Ask(t, "GET", path, token, nil, "Accept", "application/json").Want(t, 200))
}

func TestEveryURLOfABox(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "x")
	want := r.Ask(t, "GET", forms[0], "", nil, "Accept", "application/json").Want(t, 200)
	for _, path := range forms {
		for _, accept := range []string{"application/json", "*/*", ""} {
			get := r.Ask(t, "GET", path, "", nil, "Accept", accept).Want(t, 200)
			head := r.Ask(t, "HEAD", path, "", nil, "Accept", accept).Want(t, 200)
			if string(get.Body) != string(want.Body) || len(head.Body) > 0 {
				t.Errorf("%s, accepting %q: %s", path, accept, get.Body)
			}
			for _, a := range []embeddedtest.Answer{get, head} {
				h := a.Header
				if h.Get("Content-Type") != "application/json; charset=utf-8" || h.Get("Content-Length") != fmt.Sprint(len(want.Body)) || h.Get("ETag") == "" {
					t.Errorf("%s, accepting %q: %v", path, accept, h)
				}
			}
		}
	}
}

// Vagrant compares the name with the one it asked for, to the letter; the documented path has the
// box's own, unless it is Vagrant that asks.
func TestTheNameIsAsItWasAskedFor(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	for path, want := range map[string]string{"/acme/debian": "acme/debian", "/ACME/Debian": "ACME/Debian", "/acme/boxes/DEBIAN": "acme/DEBIAN", box + "/metadata": "acme/debian"} {
		if got := metadata(t, r, path, "").Name; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := embeddedtest.JSON[api.Metadata](t, r.Ask(t, "GET", box+"/metadata", "", nil).Want(t, 200)); got.Name != "debian" || got.Versions == nil {
		t.Errorf("to others it is %+v", got)
	}
}

func TestWhatVagrantMayNotSeeDoesNotExist(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", false)
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "x")
	program := r.ServiceAccount(t, ada, nil).Token
	outsider := r.Person(t, "mallory")
	missing := r.Ask(t, "GET", "/acme/none", "", nil).Want(t, 404)
	if string(missing.Body) != `{"errors":["box not found"],"success":false}` {
		t.Errorf("a box that is not there: %s", missing.Body)
	}
	for _, path := range forms {
		for _, method := range []string{"GET", "HEAD"} {
			for _, token := range []string{"", outsider, "a-bad-token"} {
				a := r.Ask(t, method, path, token, nil, "Accept", "application/json").Want(t, 404)
				if method == "GET" && string(a.Body) != string(missing.Body) {
					t.Errorf("%s: %s", path, a.Body)
				}
			}
			for _, token := range []string{ada, program} {
				r.Ask(t, method, path, "", nil, "Authorization", "Bearer "+token).Want(t, 200)
				r.Ask(t, method, path+"?access_token="+token, "", nil).Want(t, 200)
			}
		}
	}
	for _, path := range []string{"/none/debian", "/api/debian", "/acme/..", "/-/debian", "/acme/" + strings.Repeat("a", 200)} {
		r.Ask(t, "GET", path, ada, nil).Want(t, 404)
	}
}

// A bad token does not stand between Vagrant and a public box.
func TestABadTokenOnAPublicBoxIsPassedOver(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	for token, warned := range map[string]bool{"": false, ada: false, "0123456789abcdef": true, "a.b.c": true} {
		a := r.Ask(t, "GET", "/acme/debian", token, nil).Want(t, 200)
		if (a.Header.Get("Warning") != "") != warned {
			t.Errorf("with token %.5s: Warning %q", token, a.Header.Get("Warning"))
		}
	}
}

func TestOnlyWhatIsReleasedAndHasAFileIsListedInVersionOrder(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	r.Do(t, "POST", box+"/version", ada, `{"version":"9.0.0"}`).Want(t, 201)                                   // without a file
	r.Do(t, "POST", box+"/version", ada, `{"version":"8.0.0","release":false,"description":"d"}`).Want(t, 201) // held back
	for _, at := range []string{"8.0.0/qemu/amd64", "1.10.0/qemu/amd64", "1.9.0/qemu/amd64", "1.10.0-rc1/qemu/amd64", "20241101.0/qemu/amd64", "1.9.0/virtualbox/amd64"} {
		publish(t, r, ada, at, "x")
	}
	r.Do(t, "POST", box+"/version/1.9.0/provider", ada, `{"name":"vmware"}`).Want(t, 201)                  // without an architecture
	r.Do(t, "POST", box+"/version/1.9.0/provider/qemu/architecture", ada, `{"name":"empty"}`).Want(t, 201) // without a file
	wantListed := func(want string) {
		t.Helper()
		var got []string
		for _, v := range metadata(t, r, "/acme/debian", ada).Versions {
			for _, p := range v.Providers {
				got = append(got, v.Version+"/"+p.Name+"/"+p.Architecture)
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("listed are %s, want %s", text, want)
		}
	}
	wantListed("1.9.0/qemu/amd64 1.9.0/virtualbox/amd64 1.10.0-rc1/qemu/amd64 1.10.0/qemu/amd64 20241101.0/qemu/amd64")
	r.Do(t, "PUT", box+"/version/8.0.0", ada, `{"release":true}`).Want(t, 200)
	r.Do(t, "DELETE", box+"/version/20241101.0", ada, nil).Want(t, 200)
	r.Do(t, "DELETE", box+"/version/1.10.0/provider/qemu/architecture/amd64/file/delete", ada, nil).Want(t, 200)
	wantListed("1.9.0/qemu/amd64 1.9.0/virtualbox/amd64 1.10.0-rc1/qemu/amd64 8.0.0/qemu/amd64")
}

// Vagrant before 2.4 takes the last entry of a provider, later ones the default: it is the same.
func TestTheDefaultArchitectureComesLast(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	for _, arch := range []string{"amd64", "arm64", "i386"} {
		publish(t, r, ada, "1.0.0/qemu/"+arch, arch)
	}
	architectures := box + "/version/1.0.0/provider/qemu/architecture"
	wantOrder := func(want string) {
		t.Helper()
		var got []string
		providers := metadata(t, r, "/acme/debian", "").Versions[0].Providers
		for i, p := range providers {
			got = append(got, p.Architecture)
			if p.DefaultArchitecture != (i == len(providers)-1) {
				t.Errorf("%s at place %d is the default: %v", p.Architecture, i, p.DefaultArchitecture)
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("the order is %s, want %s", text, want)
		}
	}
	wantOrder("arm64 i386 amd64")
	r.Do(t, "PUT", architectures+"/arm64", ada, `{"defaultBox":true}`).Want(t, 200)
	wantOrder("amd64 i386 arm64")
	r.Do(t, "DELETE", architectures+"/arm64/file/delete", ada, nil).Want(t, 200) // the default has no file now
	wantOrder("amd64 i386")
	r.Do(t, "DELETE", architectures+"/arm64", ada, nil).Want(t, 200)
	wantOrder("i386 amd64")
}

// The fields that Vagrant and the published examples read.
func TestTheFieldsOfMetadata(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	r.Do(t, "PUT", box, ada, `{"description":"long","shortDescription":"short"}`).Want(t, 200)
	r.Do(t, "POST", box+"/version", ada, `{"version":"1.0.0","description":"first"}`).Want(t, 201)
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "x")
	file := embeddedtest.JSON[api.File](t, r.Do(t, "GET", box+"/version/1.0.0/provider/virtualbox/architecture/amd64/file/info", "", nil).Want(t, 200))
	want := fmt.Sprintf(`{"name":"acme/debian","description":"long","short_description":"short","versions":[`+
		`{"version":"1.0.0","status":"active","description_markdown":"first","providers":[{"name":"virtualbox",`+
		`"url":"%s/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box","checksum_type":"sha256",`+
		`"checksum":"%s","fileSize":"%d","architecture":"amd64","default_architecture":true}]}]}`, r.URL, file.Checksum, file.FileSize)
	if a := r.Ask(t, "GET", "/acme/debian", "", nil); string(a.Body) != want {
		t.Errorf("got  %s\nwant %s", a.Body, want)
	}
}
