package boxes_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

func TestAVersionIsMadeChangedAndDeleted(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	made := create[api.Version](t, r, box+"/version", ada, `{"versionNumber":"v1.0.0","description":"d","releaseNotes":"n"}`)
	if made.VersionNumber != "1.0.0" || made.Status != "unreleased" || made.Description != "d" || made.ReleaseNotes != "n" || made.Providers == nil {
		t.Errorf("made %+v", made)
	}
	for _, number := range []string{"1.0.0", "v1.0.0", "1", "1.0.0.0"} { // Vagrant takes them for one
		if got := read[api.Version](t, r, box+"/version/"+number, ada); got.ID != made.ID || got.VersionNumber != "1.0.0" {
			t.Errorf("%s is %+v", number, got)
		}
		r.Do(t, "POST", box+"/version", ada, map[string]string{"version": number}).WantError(t, 409, "CONFLICT")
	}
	changed := change[api.Version](t, r, box+"/version/1.0.0", ada, `{"description":null,"releaseNotes":"new"}`)
	if changed.Description != "d" || changed.ReleaseNotes != "new" || changed.ID != made.ID {
		t.Errorf("changed to %+v", changed)
	}
	for _, number := range []string{"latest", "1.0+build", "", "1.", strings.Repeat("1", 200)} {
		a := r.Do(t, "POST", box+"/version", ada, map[string]string{"version": number}).WantError(t, 400, "VALIDATION_ERROR")
		if embeddedtest.JSON[api.Error](t, a).Details["version"] == nil {
			t.Errorf("%q: %s", number, a.Body)
		}
		r.Do(t, "PUT", box+"/version/1.0.0", ada, map[string]string{"versionNumber": number}).WantError(t, 400, "VALIDATION_ERROR")
	}
	r.Do(t, "POST", box+"/version", ada, `{}`).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "GET", box+"/version/latest", ada, nil).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "DELETE", box+"/version/v1", ada, nil).Want(t, 200)
	r.Do(t, "DELETE", box+"/version/1.0.0", ada, nil).WantError(t, 404, "NOT_FOUND")
}

func TestAVersionIsRenumbered(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	r.Upload(t, ada, box+"/version/1.0.0/provider/virtualbox/architecture/amd64", coretest.BoxFile(t, "virtualbox", "")).Want(t, 200)
	create[api.Version](t, r, box+"/version", ada, `{"version":"2.0.0"}`)
	r.Do(t, "PUT", box+"/version/1.0.0", ada, `{"version":"2"}`).WantError(t, 409, "CONFLICT")
	if got := change[api.Version](t, r, box+"/version/1.0.0", ada, `{"version":"1.0"}`); got.VersionNumber != "1.0" {
		t.Errorf("another spelling became %+v", got)
	}
	got := change[api.Version](t, r, box+"/version/1.0.0", ada, `{"version":"v3.0.0"}`)
	if got.VersionNumber != "3.0.0" || len(got.Providers) != 1 {
		t.Errorf("became %+v", got)
	}
	r.Do(t, "GET", box+"/version/1.0.0", ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "GET", box+"/version/3.0.0/provider/virtualbox/architecture/amd64/file/download", ada, nil).Want(t, 302)
}

// Who is no member sees released versions only; the list is the newest first.
func TestVersionsThatAreSeen(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	for _, number := range []string{"1.9.0", "1.10.0", "1.10.0-rc1"} {
		r.Upload(t, ada, box+"/version/"+number+"/provider/p/architecture/a", []byte("x")).Want(t, 200)
	}
	create[api.Version](t, r, box+"/version", ada, `{"version":"2.0.0","release":false}`)
	held := box + "/version/2.0.0"
	r.Upload(t, ada, held+"/provider/p/architecture/a", []byte("x")).Want(t, 200)
	for token, want := range map[string]string{"": "1.10.0 1.10.0-rc1 1.9.0", ada: "2.0.0 1.10.0 1.10.0-rc1 1.9.0"} {
		for _, list := range [][]api.Version{read[[]api.Version](t, r, box+"/version", token), read[api.Box](t, r, box, token).Versions} {
			var got []string
			for _, v := range list {
				got = append(got, v.VersionNumber)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("got %v, want %s", got, want)
			}
		}
	}
	for _, path := range []string{held, held + "/provider", held + "/provider/p/architecture/a", held + "/provider/p/architecture/a/file/download"} {
		r.Do(t, "GET", path, "", nil).WantError(t, 404, "NOT_FOUND")
	}
	if got := change[api.Version](t, r, held, ada, `{"release":true}`); got.Status != "active" {
		t.Errorf("released, it is %+v", got)
	}
	r.Do(t, "GET", held, "", nil).Want(t, 200)
}

func TestProvidersAndArchitecturesAreMadeChangedAndDeleted(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", false)
	create[api.Version](t, r, box+"/version", ada, `{"version":"1.0.0"}`)
	providers := box + "/version/1.0.0/provider"
	p := create[api.Provider](t, r, providers, ada, `{"name":"VirtualBox","description":"d"}`)
	r.Do(t, "POST", providers, ada, `{"name":"virtualbox"}`).WantError(t, 409, "CONFLICT")
	r.Do(t, "POST", providers, ada, `{"name":"a/b"}`).WantError(t, 400, "VALIDATION_ERROR")
	architectures := providers + "/virtualbox/architecture"
	a := create[api.Architecture](t, r, architectures, ada, `{"name":"amd64"}`)
	if !a.DefaultBox || a.ProviderID != p.ID || a.Files == nil {
		t.Errorf("the first architecture is %+v", a)
	}
	r.Do(t, "POST", architectures, ada, `{"name":"AMD64"}`).WantError(t, 409, "CONFLICT")
	r.Do(t, "POST", architectures, ada, `{"name":"upload"}`).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "POST", providers+"/none/architecture", ada, `{"name":"x"}`).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "POST", box+"/version/9/provider", ada, `{"name":"x"}`).WantError(t, 404, "NOT_FOUND")

	if got := change[api.Provider](t, r, providers+"/virtualbox", ada, `{"name":"qemu","description":null}`); got.Name != "qemu" || got.Description != "d" || len(got.Architectures) != 1 {
		t.Errorf("changed to %+v", got)
	}
	r.Do(t, "GET", providers+"/virtualbox", ada, nil).WantError(t, 404, "NOT_FOUND")
	if got := read[[]api.Provider](t, r, providers, ada); len(got) != 1 || got[0].ID != p.ID {
		t.Errorf("listed %+v", got)
	}
	architectures = providers + "/qemu/architecture"
	if got := change[api.Architecture](t, r, architectures+"/amd64", ada, `{"name":"x86_64","description":"64 bits"}`); got.Name != "x86_64" || got.ID != a.ID || !got.DefaultBox {
		t.Errorf("changed to %+v", got)
	}
	r.Do(t, "DELETE", architectures+"/x86_64", ada, nil).Want(t, 200)
	r.Do(t, "DELETE", architectures+"/x86_64", ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "DELETE", providers+"/qemu", ada, nil).Want(t, 200)
	r.Do(t, "DELETE", providers+"/qemu", ada, nil).WantError(t, 404, "NOT_FOUND")
}

func TestJustOneArchitectureIsTheDefault(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", false)
	create[api.Version](t, r, box+"/version", ada, `{"version":"1.0.0"}`)
	create[api.Provider](t, r, box+"/version/1.0.0/provider", ada, `{"name":"qemu"}`)
	architectures := box + "/version/1.0.0/provider/qemu/architecture"
	wantDefault := func(want string) {
		t.Helper()
		for _, a := range read[[]api.Architecture](t, r, architectures, ada) {
			if a.DefaultBox != (a.Name == want) {
				t.Errorf("%s is the default: %v, want %s", a.Name, a.DefaultBox, want)
			}
		}
	}
	create[api.Architecture](t, r, architectures, ada, `{"name":"amd64","defaultBox":false}`)
	wantDefault("amd64")
	create[api.Architecture](t, r, architectures, ada, `{"name":"arm64","defaultBox":true}`)
	wantDefault("arm64")
	create[api.Architecture](t, r, architectures, ada, `{"name":"i386"}`)
	wantDefault("arm64")
	change[api.Architecture](t, r, architectures+"/arm64", ada, `{"defaultBox":false}`) // until another one is
	wantDefault("arm64")
	change[api.Architecture](t, r, architectures+"/i386", ada, `{"defaultBox":true}`)
	wantDefault("i386")
	r.Do(t, "DELETE", architectures+"/i386", ada, nil).Want(t, 200)
	wantDefault("amd64")
}
