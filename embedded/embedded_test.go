package embedded_test

import (
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
)

func TestPublishAndRead(t *testing.T) {
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	box := r.Box(t, token, "acme", "debian12", true)
	arch := box + "/version/1.0.0/provider/virtualbox/architecture/amd64"

	up := embeddedtest.JSON[api.UploadResult](t, r.Do(t, "POST", arch+"/file/upload", token, "no archive at all").Want(t, 200))
	if up.Warning == "" || up.File.Contents != "unrecognized" {
		t.Errorf("bytes that are no archive came without a warning: %+v", up)
	}
	m := embeddedtest.JSON[api.Metadata](t, r.Do(t, "GET", box+"/metadata", "", nil).Want(t, 200))
	if len(m.Versions) != 1 || m.Name != "debian12" {
		t.Fatalf("metadata: %+v", m)
	}
	stable := "/acme/boxes/debian12/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"
	if a := r.Do(t, "GET", stable, "", nil).Want(t, 200); string(a.Body) != "no archive at all" || a.Header.Get("Location") != "" {
		t.Errorf("the stable URL answered %q, %v", a.Body, a.Header)
	}
	down := r.Do(t, "GET", arch+"/file/download", "", nil).Want(t, 302)
	if a := r.Do(t, "GET", down.Header.Get("Location")[len(r.URL):], "", nil).Want(t, 200); string(a.Body) != "no archive at all" {
		t.Errorf("downloaded %q", a.Body)
	}
}
