package e2e

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

const password = "correct horse battery"

// owner is a person with an organization. Every journey has its own, so that they can share a
// registry with each other and with whatever else is in it.
type owner struct {
	*client.Client
	name, org string
	token     string // of a session
}

// newOwner signs a person up at the registry and makes an organization.
func newOwner(t *testing.T, url string) owner {
	t.Helper()
	o := newPerson(t, url)
	o.organize(t)
	return o
}

// organize makes an organization.
func (o *owner) organize(t *testing.T) {
	t.Helper()
	o.org = unique("acme")
	must[api.Organization](t)(o.CreateOrganization(t.Context(), api.OrganizationInput{Name: &o.org}))
}

// newPerson signs a person up who is in no organization.
func newPerson(t *testing.T, url string) owner {
	t.Helper()
	o, in := signUp(t, url, "ada")
	o.token = must[api.Session](t)(o.SignIn(t.Context(), in)).AccessToken
	return o
}

// signUp makes an account whose address is not proven.
func signUp(t *testing.T, url, name string) (o owner, in api.SignIn) {
	t.Helper()
	o = owner{Client: newClient(t, url, ""), name: unique(name)}
	must[api.User](t)(o.SignUp(t.Context(), api.SignUp{Username: o.name, Email: mailOf(o.name), Password: password}))
	return o, api.SignIn{Username: o.name, Password: password}
}

// mailOf is the address that signUp gives people.
func mailOf(name string) string { return name + "@example.com" }

// newClient is somebody with a token; with an empty one, a stranger.
func newClient(t *testing.T, url, token string) *client.Client {
	t.Helper()
	soon := client.WithBackoff(func(int) time.Duration { return 10 * time.Millisecond })
	return must[*client.Client](t)(client.New(url, token, soon))
}

// box makes a box in the organization.
func (o owner) box(t *testing.T, name string, public bool) {
	t.Helper()
	must[api.Box](t)(o.CreateBox(t.Context(), o.org, api.BoxInput{Name: &name, IsPublic: &public}))
}

// serviceAccount makes a service account of the organization.
func (o owner) serviceAccount(t *testing.T) api.ServiceAccount {
	t.Helper()
	return must[api.ServiceAccount](t)(o.CreateServiceAccount(t.Context(), api.ServiceAccountInput{Organization: o.org}))
}

// publish pushes a box file as a version, for its provider and architecture.
func (o owner) publish(t *testing.T, name, version string, b Box) BoxFile {
	t.Helper()
	file := makeBox(t, b)
	must[client.Pushed](t)(o.Push(t.Context(), client.PushOptions{Path: file.Path, Target: o.target(name, version, b)}))
	return file
}

// target is where a box file belongs.
func (o owner) target(name, version string, b Box) registry.Target {
	architecture := b.Architecture
	if architecture == "" {
		architecture = registry.UnknownArchitecture
	}
	return registry.Target{
		Organization: o.org, Box: name, Version: registry.Number(version), Provider: b.Provider, Architecture: architecture,
	}
}

// wantVersions fails the test unless the box's metadata lists exactly these versions.
func (o owner) wantVersions(t *testing.T, name string, want ...string) api.Metadata {
	t.Helper()
	metadata := must[api.Metadata](t)(o.Metadata(t.Context(), o.org, name))
	var got []string
	for _, v := range metadata.Versions {
		got = append(got, v.Version)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Fatalf("metadata of %s lists %q, want %q", name, got, want)
	}
	return metadata
}

// makeBox makes a box file in a folder of the test.
func makeBox(t *testing.T, b Box) BoxFile {
	t.Helper()
	return must[BoxFile](t)(b.Write(filepath.Join(t.TempDir(), "package.box")))
}

// wantSame fails the test unless the file is a copy of the box.
func wantSame(t *testing.T, path string, want BoxFile) {
	t.Helper()
	got := must[[]byte](t)(os.ReadFile(path))
	if sha256Of(string(got)) != want.SHA256 {
		t.Errorf("%s has %d bytes that are not the box, which has %d", path, len(got), want.Size)
	}
}

// unique is a name that nothing else in the registry has.
func unique(name string) string { return name + "-" + strings.ToLower(rand.Text()[:10]) }

// must returns a function that returns its first argument, and fails the test when there is an
// error beside it.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
