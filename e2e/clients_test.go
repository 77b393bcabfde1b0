package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestPythonClient runs the published Python client as it is printed, but for host and organization.
func TestPythonClient(t *testing.T) {
	t.Parallel()
	python := tool(t, "py/bin/python")
	c := newSDK(t)
	if out := c.run(t, python, "-c", "import requests"); out.code != 0 {
		t.Skip("the Python library requests is not installed (`make tools` does): the Python client is not tried")
	}
	c.owner.box(t, sdkBox, false)
	c.wantPublished(t, c.run(t, python, "-c", c.printed(t, "client.py")))
}

// TestNodeClient runs the published Node client as it is printed, but for host and organization.
//
// The text stays as it is, yet it cannot be one script: it awaits at the top level while it
// requires modules, and its constructor begins to sign in without waiting for it, so that the upload
// below would go out before there is a token. It works as it is typed into Node's own prompt: what
// stands above the upload, then, once signed in, the rest.
func TestNodeClient(t *testing.T) {
	t.Parallel()
	need(t, "node")
	modules := tool(t, "node/node_modules")
	c := newSDK(t)
	c.env = append(c.env, "NODE_PATH="+modules)
	const upload = "// Upload a box\n"
	above, below, found := strings.Cut(c.printed(t, "client.js"), upload)
	if !found {
		t.Fatalf("the client has no line %q", upload)
	}
	const signedIn = "while (client.token === null) await new Promise(setImmediate);\n"
	script := "(async () => {\n" + above + signedIn + upload + below + "})();\n"

	// The box is not there: the organization lets its service accounts make it.
	allowed := true
	must[api.Organization](t)(c.owner.UpdateOrganization(t.Context(), c.owner.org, api.OrganizationInput{ServiceAccountsCreateBoxes: &allowed}))
	c.wantPublished(t, c.run(t, "node", "-e", script))
}

// sdk is a program that uses one of the published clients.
type sdk struct {
	command
	owner owner
	file  BoxFile
}

const sdkBox = "ubuntu-20.04"

func newSDK(t *testing.T) *sdk {
	t.Helper()
	o := newOwner(t, target.URL)
	robot := o.serviceAccount(t)
	c := &sdk{owner: o, file: makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 20}), command: command{
		dir: t.TempDir(), env: []string{"BOXVAULT_CLIENT_ID=" + robot.Username, "BOXVAULT_CLIENT_SECRET=" + robot.Token},
	}}
	place(t, c.file, c.dir, "ubuntu.box")
	return c
}

func (c *sdk) printed(t *testing.T, file string) string {
	t.Helper()
	raw := must[[]byte](t)(os.ReadFile("testdata/" + file))
	return words{"https://boxvault.example.com": target.URL, "myorg": c.owner.org}.in(string(raw))
}

// wantPublished fails the test unless the client did all it says it does.
func (c *sdk) wantPublished(t *testing.T, out ran) {
	t.Helper()
	if out.ok(t); out.stdout != "Found 1 boxes\n" {
		t.Errorf("printed %q", out.stdout)
	}
	listed := c.owner.wantVersions(t, sdkBox, "1.0.0").Versions[0].Providers[0]
	if listed.Checksum != c.file.SHA256 || listed.Name != "virtualbox" || listed.Architecture != "amd64" {
		t.Errorf("the box has %+v, want SHA-256 %s", listed, c.file.SHA256)
	}
}

// tool finds what `make tools` has installed, or skips the test.
func tool(t *testing.T, path string) string {
	t.Helper()
	path = must[string](t)(filepath.Abs(filepath.Join("../build/tools", path)))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("build/tools/%s is not there (`make tools` installs it): the client is not tried", filepath.Base(path))
	}
	return path
}
