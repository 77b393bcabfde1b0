package vagrantcloud_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/registry"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

const provider = version + "/provider/virtualbox"

// hosted has a provider that waits for its file.
func hosted(t *testing.T, more string) (*coretest.Registry, string) {
	t.Helper()
	r, ada := start(t, "2.0.0")
	do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox"`+more+`}}`)
	return r, ada
}

func wantHosted(t *testing.T, r *coretest.Registry, token string, want bool) {
	t.Helper()
	if p := do[wire.Provider](t, r, "GET", provider, token, ""); (p.DownloadURL != nil) != want {
		t.Errorf("it is %+v", p)
	}
}

// Each version of the API calls back to itself; clients use the path alone.
func TestTheCallbackIsAtTheAPIThatWasAsked(t *testing.T) {
	r, ada := hosted(t, `,"architecture":"arm64"`)
	for _, base := range []string{"/api/v1", "/api/v2", "//api/v1"} {
		for _, at := range []string{"/upload/direct", "/arm64/upload/direct"} {
			u := do[wire.Upload](t, r, "GET", strings.Replace(provider, "/api/v2", base, 1)+at, ada, "")
			callback, err := url.Parse(u.Callback)
			if err != nil || !strings.HasPrefix(callback.Path, "/"+strings.Trim(base, "/")+"/") || callback.RawQuery != "" || !callback.IsAbs() {
				t.Errorf("%s%s: %+v", base, at, u)
			}
			if embeddedtest.Put(t, u.UploadPath, coretest.BoxFile(t, "virtualbox", base+at)) != 200 {
				t.Errorf("%s is not taken", u.UploadPath)
			}
			if p := do[wire.Provider](t, r, "PUT", callback.Path, ada, ""); p.Architecture != "arm64" || p.Checksum == nil {
				t.Errorf("it is %+v", p)
			}
		}
	}
	refused(t, r, "GET", provider+"/none/upload", ada, "", 404, "architecture not found")
	refused(t, r, "GET", version+"/provider/none/upload/direct", ada, "", 404, "provider not found")
	refused(t, r, "GET", box+"/version/9.9.9/provider/virtualbox/upload/direct", ada, "", 404, "version not found")
}

// curl takes many an answer for success, so the callback looks whether the file has come.
func TestACallbackWithoutAFileIsRefused(t *testing.T) {
	r, ada := hosted(t, "")
	u := do[wire.Upload](t, r, "GET", provider+"/upload/direct", ada, "")
	refused(t, r, "PUT", path(u.Callback), ada, "", 400, "0 of 1 parts have come")
	refused(t, r, "PUT", version+"/release", ada, "", 409, "has no file yet")
	wantHosted(t, r, ada, false)
	embeddedtest.Put(t, u.UploadPath, coretest.BoxFile(t, "virtualbox", "x"))
	for range 2 { // whose answer got lost
		do[wire.Provider](t, r, "PUT", path(u.Callback), ada, "")
	}
	wantHosted(t, r, ada, true)
	refused(t, r, "PUT", strings.Replace(path(u.Callback), "1.0.0", "2.0.0", 1), ada, "", 404, "upload not found")
	refused(t, r, "PUT", path(u.Callback)+"x", ada, "", 404, "upload not found")
}

func TestAFileThatIsNotTheOneThatWasToComeIsRefused(t *testing.T) {
	r, ada := hosted(t, `,"checksum":"`+strings.Repeat("ab", 32)+`","checksum_type":"sha256"`)
	u := do[wire.Upload](t, r, "GET", provider+"/upload/direct", ada, "")
	embeddedtest.Put(t, u.UploadPath, coretest.BoxFile(t, "virtualbox", "x"))
	refused(t, r, "PUT", path(u.Callback), ada, "", 400, "the checksum is not the declared one")
	wantHosted(t, r, ada, false)
	u = do[wire.Upload](t, r, "GET", provider+"/upload", ada, "")
	if status := embeddedtest.Put(t, u.UploadPath, coretest.BoxFile(t, "virtualbox", "x")); status != 400 {
		t.Errorf("through the registry it is answered %d", status)
	}
	wantHosted(t, r, ada, false)
}

// As `vagrant cloud publish` of an empty file sends it.
func TestAnEmptyFileIsRefused(t *testing.T) {
	r, ada := hosted(t, "")
	u := do[wire.Upload](t, r, "GET", provider+"/upload/direct", ada, "")
	embeddedtest.Put(t, u.UploadPath, nil)
	refused(t, r, "PUT", path(u.Callback), ada, "", 400, "the file is empty")
	u = do[wire.Upload](t, r, "GET", provider+"/upload", ada, "")
	if status := embeddedtest.Put(t, u.UploadPath, nil); status != 400 {
		t.Errorf("through the registry it is answered %d", status)
	}
	refused(t, r, "PUT", version+"/release", ada, "", 409, "has no file yet")
	wantHosted(t, r, ada, false)
}

// Whoever has the URL sends the file, once more when the answer was lost, and nobody who made one up.
func TestAFileGoesThroughTheRegistryByItsURLAlone(t *testing.T) {
	r, ada := hosted(t, "")
	content := coretest.BoxFile(t, "virtualbox", "x")
	u := do[wire.Upload](t, r, "GET", provider+"/upload", ada, "")
	if u.Callback != "" {
		t.Errorf("there is a callback: %+v", u)
	}
	other := do[wire.Upload](t, r, "GET", provider+"/upload", ada, "")
	for _, forged := range []string{
		path(u.UploadPath), path(u.UploadPath) + "?" + query(other.UploadPath), path(u.UploadPath) + "?home=acme%2Fdebian&ticket=",
		path(u.UploadPath) + "?home=acme%2Fother&ticket=" + u.UploadPath[len(u.UploadPath)-40:],
	} {
		r.Ask(t, "PUT", forged, "", content).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	}
	wantHosted(t, r, ada, false)
	for range 2 {
		if status := embeddedtest.Put(t, u.UploadPath, content); status != 200 {
			t.Errorf("it is answered %d", status)
		}
	}
	wantHosted(t, r, ada, true)
	// Packer sends its token along, and calls the file JSON.
	a := r.Ask(t, "PUT", path(other.UploadPath)+"?"+query(other.UploadPath), "", content, "Authorization", "Bearer "+ada, "Content-Type", "application/json").Want(t, 200)
	if !strings.Contains(string(a.Body), "uploaded") {
		t.Errorf("it is answered %s", a.Body)
	}
	r.WantEvent(t, registry.BoxUploaded)
	r.Clock.Advance(7 * time.Hour)
	r.Ask(t, "PUT", path(u.UploadPath)+"?"+query(u.UploadPath), "", content).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
}

func TestWhereRequestsAreSmallTheWayRoundIsNamed(t *testing.T) {
	r, ada := coretest.Acme(t, func(o *core.Options) { o.SmallBodies = true })
	do[wire.Box](t, r, "POST", "/api/v2/boxes", ada, `{"box":{"username":"acme","name":"debian"}}`)
	do[wire.Version](t, r, "POST", box+"/versions", ada, `{"version":{"version":"1.0.0"}}`)
	do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox"}}`)
	refused(t, r, "GET", provider+"/upload", ada, "", 413, "boxvault push")
	upload(t, r, ada, provider, coretest.BoxFile(t, "virtualbox", "x"))
}

// Packer takes the refusal for success by its words.
func TestAVersionIsReleasedOnce(t *testing.T) {
	r, ada := hosted(t, "")
	upload(t, r, ada, provider, coretest.BoxFile(t, "virtualbox", "x"))
	if v := do[wire.Version](t, r, "GET", version, ada, ""); v.Status != "unreleased" {
		t.Errorf("a file released it: %+v", v)
	}
	refused(t, r, "PUT", version+"/revoke", ada, "", 409, "is not released")
	if v := do[wire.Version](t, r, "PUT", version+"/release", ada, ""); v.Status != "active" || v.Version != "1.0.0" {
		t.Errorf("it is %+v", v)
	}
	refused(t, r, "PUT", version+"/release", ada, "", 409, "has already been released")
	b := do[wire.Box](t, r, "GET", box, ada, "")
	if b.CurrentVersion == nil || b.CurrentVersion.Version != "1.0.0" || len(*b.Versions) != 2 {
		t.Errorf("the box is %+v", b)
	}
	if public := do[wire.Box](t, r, "GET", box, "", ""); len(*public.Versions) != 1 {
		t.Errorf("strangers are told of %+v", public.Versions)
	}
	do[wire.Version](t, r, "PUT", version+"/revoke", ada, "")
	refused(t, r, "GET", version, "", "", 404, "version not found")
}

// The client calls release as soon as the callback was answered, which may be before all bytes were looked
// at.
func TestAVersionWhoseFileIsBeingVerifiedIsReleasedByIt(t *testing.T) {
	r, ada := hosted(t, "")
	u := do[wire.Upload](t, r, "GET", provider+"/upload/direct", ada, "")
	embeddedtest.Put(t, u.UploadPath, coretest.BoxFile(t, "virtualbox", "x"))
	c := r.Core.Catalog
	o, err := c.Organization(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := c.Tree(t.Context(), o, "debian")
	if err != nil {
		t.Fatal(err)
	}
	uploads, err := c.Uploads(t.Context(), tree.Box)
	if err != nil || len(uploads) != 1 {
		t.Fatalf("%v, %v", uploads, err)
	}
	taken := uploads[0]
	taken.State = registry.UploadVerifying
	if _, err := c.SaveUpload(t.Context(), taken); err != nil {
		t.Fatal(err)
	}
	if v := do[wire.Version](t, r, "PUT", version+"/release", ada, ""); v.Status != "unreleased" {
		t.Errorf("it is %+v", v)
	}
	do[wire.Provider](t, r, "PUT", path(u.Callback), ada, "")
	if v := do[wire.Version](t, r, "GET", version, "", ""); v.Status != "active" {
		t.Errorf("after that it is %+v", v)
	}
}

func TestAnOrganizationThatWasRenamedIsSaidSo(t *testing.T) {
	r, ada := start(t)
	r.Do(t, "PUT", "/api/organization/acme", ada, `{"name":"zenith"}`).Want(t, 200)
	for _, at := range []string{"/api/v2/user/acme", box, version} {
		refused(t, r, "GET", at, ada, "", 404, "is called zenith now")
	}
	names := []string{}
	for _, b := range do[wire.User](t, r, "GET", "/api/v1/user/zenith", ada, "").Boxes {
		names = append(names, b.Tag)
	}
	if !slices.Equal(names, []string{"zenith/debian"}) {
		t.Errorf("its boxes are %q", names)
	}
}
