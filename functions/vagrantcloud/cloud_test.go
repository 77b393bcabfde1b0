package vagrantcloud_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

const (
	box     = "/api/v2/box/acme/debian"
	version = box + "/version/1.0.0"
)

// do makes a request that succeeds: always with 200, and JSON.
func do[T any](t *testing.T, r *coretest.Registry, method, path, token, body string) T {
	t.Helper()
	return embeddedtest.JSON[T](t, r.Do(t, method, path, token, body).Want(t, 200))
}

// refused makes a request that is refused in words, in the shape that the gem and Packer read.
func refused(t *testing.T, r *coretest.Registry, method, path, token, body string, status int, words string) {
	t.Helper()
	a := r.Do(t, method, path, token, body).Want(t, status)
	e := embeddedtest.JSON[struct {
		Errors  []string
		Success *bool
	}](t, a)
	if len(e.Errors) == 0 || e.Success == nil || *e.Success || !strings.Contains(strings.Join(e.Errors, ", "), words) {
		t.Errorf("%s %s: %s, want %q", method, path, a.Body, words)
	}
}

// start has a box of acme with version 1.0.0, all made by the API itself, and returns ada's token.
func start(t *testing.T, more ...string) (*coretest.Registry, string) {
	t.Helper()
	r, ada := coretest.Acme(t)
	do[wire.Box](t, r, "POST", "/api/v2/boxes", ada, `{"box":{"username":"acme","name":"debian","is_private":false}}`)
	for _, number := range append([]string{"1.0.0"}, more...) {
		do[wire.Version](t, r, "POST", box+"/versions", ada, `{"version":{"version":"`+number+`"}}`)
	}
	return r, ada
}

// upload sends a file as `vagrant cloud provider upload` does.
func upload(t *testing.T, r *coretest.Registry, token, provider string, content []byte) wire.Provider {
	t.Helper()
	u := do[wire.Upload](t, r, "GET", provider+"/upload/direct", token, "")
	if status := embeddedtest.Put(t, u.UploadPath, content); status != 200 {
		t.Fatalf("PUT %s: %d", u.UploadPath, status)
	}
	return do[wire.Provider](t, r, "PUT", path(u.Callback), token, "")
}

// path is what clients use of a callback's URL.
func path(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	rest = rest[strings.Index(rest, "/"):]
	rest, _, _ = strings.Cut(rest, "?")
	return rest
}

func TestBothVersionsOfTheAPIAndBothFormsOfABody(t *testing.T) {
	r, ada := coretest.Acme(t)
	for i, c := range []struct{ base, box, version, provider string }{
		{"/api/v1", `{"username":"acme","name":"%s","short_description":"s","description":"d","is_private":true}`,
			`{"version":{"version":"1.0.0","description":"n"}}`, `{"provider":{"name":"virtualbox"}}`},
		{"/api/v2", `{"box":{"username":"acme","name":"%s","short_description":"s","description":"d","is_private":true}}`,
			`{"version":"1.0.0","description":"n"}`, `{"name":"virtualbox","architecture":"unknown"}`},
		{"//api/v2", `{"box":{"username":"acme","name":"%s","short_description":"s","description":"d"}}`,
			`{"version":{"version":"v1.0.0","description":"n"}}`, `{"provider":{"name":"virtualbox","architecture":null,"default_architecture":null}}`},
	} {
		name := fmt.Sprint("box", i)
		made := do[wire.Box](t, r, "POST", c.base+"/boxes", ada, fmt.Sprintf(c.box, name))
		if made.Tag != "acme/"+name || made.Username != "acme" || !made.Private || made.ShortDescription != "s" || made.Description != "d" ||
			made.CreatedAt.IsZero() || made.CurrentVersion != nil || made.Versions == nil {
			t.Errorf("%s: %+v", c.base, made)
		}
		at := c.base + "/box/acme/" + name
		v := do[wire.Version](t, r, "POST", at+"/versions", ada, c.version)
		if v.Version != "1.0.0" || v.Status != "unreleased" || v.Description != "n" || v.CreatedAt.IsZero() || v.Providers == nil {
			t.Errorf("%s: %+v", c.base, v)
		}
		p := do[wire.Provider](t, r, "POST", at+"/version/1.0.0/providers", ada, c.provider)
		if p.Name != "virtualbox" || p.Architecture != "unknown" || !p.DefaultArchitecture || !p.Hosted || p.CreatedAt.IsZero() || p.Checksum != nil {
			t.Errorf("%s: %+v", c.base, p)
		}
	}
}

// Clients send null for what they have not loaded, and what they were told for what they have.
func TestNullChangesNothing(t *testing.T) {
	r, ada := start(t)
	do[wire.Box](t, r, "PUT", box, ada, `{"short_description":"s","description":"d"}`)
	got := do[wire.Box](t, r, "PUT", "/api/v1/box/acme/debian", ada, `{"short_description":"new","description":null,"is_private":null}`)
	if got.ShortDescription != "new" || got.Description != "d" || got.Private {
		t.Errorf("the box is %+v", got)
	}
	do[wire.Version](t, r, "PUT", version, ada, `{"version":{"description":"d"}}`)
	if v := do[wire.Version](t, r, "PUT", version, ada, `{"version":{"version":null,"description":null}}`); v.Description != "d" || v.Version != "1.0.0" {
		t.Errorf("the version is %+v", v)
	}
	do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox","architecture":"amd64"}}`)
	before := upload(t, r, ada, version+"/provider/virtualbox/amd64", coretest.BoxFile(t, "virtualbox", "x"))
	nulls := `{"provider":{"name":"virtualbox","url":null,"checksum":null,"checksum_type":null,"architecture":"amd64","default_architecture":null}}`
	echo := fmt.Sprintf(`{"provider":{"name":"virtualbox","url":null,"checksum":%q,"checksum_type":"sha256"}}`, *before.Checksum)
	for _, body := range []string{nulls, echo} {
		after := do[wire.Provider](t, r, "PUT", version+"/provider/virtualbox/amd64", ada, body)
		if after.Checksum == nil || *after.Checksum != *before.Checksum || *after.DownloadURL != *before.DownloadURL || !after.DefaultArchitecture {
			t.Errorf("after %s it is %+v", body, after)
		}
	}
	// The checksum of the file that was there is not that of the next one.
	upload(t, r, ada, version+"/provider/virtualbox/amd64", coretest.BoxFile(t, "virtualbox", "another"))
}

func TestAnOrganizationIsListedWithAllItsBoxesAndNoVersions(t *testing.T) {
	r, ada := start(t)
	do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox"}}`)
	upload(t, r, ada, version+"/provider/virtualbox", coretest.BoxFile(t, "virtualbox", "x"))
	do[wire.Version](t, r, "PUT", version+"/release", ada, "")
	r.Box(t, ada, "acme", "secret", false)
	r.Sweep(t)
	for token, want := range map[string]string{ada: "debian secret", "": "debian"} {
		raw := r.Do(t, "GET", "/api/v1/user/acme", token, nil).Want(t, 200).Body
		var names []string
		for _, b := range embeddedtest.JSON[wire.User](t, embeddedtest.Answer{Body: raw}).Boxes {
			names = append(names, b.Name)
			if current := b.CurrentVersion; b.Name == "debian" && (current == nil || current.Version != "1.0.0" || current.Status != "active") {
				t.Errorf("its version is %+v", current)
			}
		}
		if got := strings.Join(names, " "); got != want || strings.Contains(string(raw), `"versions"`) {
			t.Errorf("listed are %s: %s", got, raw)
		}
	}
	if u := do[wire.User](t, r, "GET", "/api/v2/user/ada", ada, ""); u.Username != "ada" || u.Boxes == nil {
		t.Errorf("ada is %+v", u)
	}
	refused(t, r, "GET", "/api/v2/user/ada", "", "", 404, "user not found")
	refused(t, r, "GET", "/api/v2/user/nobody", ada, "", 404, "user not found")
}

// The gem fails on a key that it does not know, and on a box without a version.
func TestASearchIsAsStrictAsItsClients(t *testing.T) {
	r, ada := coretest.Acme(t)
	for i := range 25 {
		name := fmt.Sprintf("box%02d", i)
		at := r.Box(t, ada, "acme", name, true) + "/version/1.0.0/provider/virtualbox/architecture/amd64"
		if i%2 == 0 {
			r.Upload(t, ada, at, coretest.BoxFile(t, "virtualbox", name)).Want(t, 200)
		}
		r.Clock.Advance(1e9)
	}
	r.Sweep(t)
	raw := r.Do(t, "GET", "/api/v2/search?q=&sort=created&order=asc&limit=100", "", nil).Want(t, 200).Body
	found := embeddedtest.JSON[map[string][]map[string]json.RawMessage](t, embeddedtest.Answer{Body: raw})
	known := strings.Fields("created_at updated_at tag short_description description_html description_markdown private downloads current_version versions description username name")
	for _, b := range found["boxes"] {
		for key := range maps.Keys(b) {
			if !slices.Contains(known, key) {
				t.Fatalf("the key %s is not known", key)
			}
		}
		if string(b["current_version"]) == "null" {
			t.Errorf("%s has no version", b["tag"])
		}
	}
	if len(found) != 1 || len(found["boxes"]) != 13 {
		t.Errorf("found are %s", raw)
	}
	for query, want := range map[string]string{
		"q=box&sort=created&order=asc&limit=5&page=1": "box00 box02 box04 box06 box08", "q=box&sort=created&order=asc&limit=5&page=3": "box20 box22 box24",
		"q=box&sort=created&order=asc&limit=5&page=4": "", "q=box04": "box04", "q=acme%2Fbox06": "box06", "q=&provider=qemu": "",
		"q=box&provider=virtualbox&architecture=amd64&sort=created&order=desc&limit=1": "box24",
	} {
		var names []string
		for _, b := range do[wire.Found](t, r, "GET", "/api/v1/search?"+query, "", "").Boxes {
			names = append(names, b.Name)
			if b.CurrentVersion.Providers[0].Name != "virtualbox" {
				t.Errorf("%s: %+v", query, b.CurrentVersion)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for _, query := range []string{"limit=101", "limit=-1", "page=-1", "page=1001", "sort=size", "order=up"} {
		r.Do(t, "GET", "/api/v2/search?"+query, "", nil).Want(t, 400)
	}
}

func TestSigningInAsTheCommandDoes(t *testing.T) {
	r, _ := coretest.Acme(t)
	r.SignUp(t, "bob")
	login := `{"user":{"login":"bob","password":%q},"token":{"description":"Vagrant login"},"two_factor":{"code":null}}`
	token := do[wire.Token](t, r, "POST", "/api/v1/authenticate", "", fmt.Sprintf(login, embeddedtest.Password)).Token
	for header, value := range map[string]string{"Authorization": "Bearer " + token, "X-Atlas-Token": token} {
		who := embeddedtest.JSON[wire.Authenticated](t, r.Ask(t, "GET", "/api/v2/authenticate", "", nil, header, value).Want(t, 200))
		if who.User.Username != "bob" {
			t.Errorf("it is %+v", who)
		}
	}
	r.Do(t, "DELETE", "/api/v1/authenticate", token, nil).Want(t, 200)
	r.Do(t, "GET", "/api/v1/authenticate", token, nil).Want(t, 401)
	refused(t, r, "POST", "/api/v1/authenticate", "", fmt.Sprintf(login, "wrong"), 401, "Invalid username or password")
	refused(t, r, "POST", "/api/v1/authenticate", "", `{}`, 400, "password must not be empty")
	refused(t, r, "GET", "/api/v1/authenticate", "wrong", "", 401, "")
}
