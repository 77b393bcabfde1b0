package e2e

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/registry"
)

// TestKeysAreRotated rotates the keys of a registry while it runs, waits until the new key signs, and ends all sessions in
// the end. Waiting is a change in the file, since nobody waits for 15 minutes here.
func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := serve(t, data)
	ada := newOwner(t, p.URL)
	ada.box(t, "debian", false)
	c := command{dir: t.TempDir()}
	said := c.run(t, target.Binary, "rotate-keys", "--data", data).ok(t).stdout
	if strings.Count(said, "\n") != 2 || !strings.Contains(said, " signs from the beginning on\n") {
		t.Errorf("it says\n%s", said)
	}
	c.run(t, target.Binary, "rotate-keys", "--data", data).fails(t, "boxvault: the last rotation is under way: its key signs from ")
	c.run(t, target.Binary, "rotate-keys", "--data", c.dir).fails(t, "boxvault: there is no registry in "+c.dir)
	must[api.Box](t)(ada.Box(t.Context(), ada.org, "debian"))
	invited := must[api.Invited](t)(ada.Invite(t.Context(), api.InviteInput{Email: "bob@example.com", OrganizationName: ada.org}))

	p = again(t, p, data, func(ring keyring.Ring) { ring[1].Since = ring[1].Since.Add(-keyring.Ahead) })
	was := newClient(t, p.URL, ada.token)
	must[api.Box](t)(was.Box(t.Context(), ada.org, "debian"))
	must[api.OpenInvitation](t)(was.OpenInvitation(t.Context(), invited.Token))
	after := newClient(t, p.URL, "")
	session := must[api.Session](t)(after.SignIn(t.Context(), api.SignIn{Username: ada.name, Password: password}))
	must[api.Box](t)(after.Box(t.Context(), ada.org, "debian"))
	if by := signer(t, session.AccessToken); by == signer(t, ada.token) || !strings.Contains(said, by+" signs from 20") {
		t.Errorf("the new session is signed by %s, and the rotation said\n%s", by, said)
	}

	said = c.run(t, target.Binary, "rotate-keys", "--data", data, "--end-all").ok(t).stdout
	if strings.Count(said, "\n") != 1 {
		t.Errorf("it says\n%s", said)
	}
	p = again(t, p, data, func(keyring.Ring) {})
	for _, token := range []string{ada.token, session.AccessToken} {
		ended := newClient(t, p.URL, token)
		if _, err := ended.User(t.Context()); registry.KindOf(err) != registry.Unauthenticated {
			t.Errorf("a session that was ended: %v", err)
		}
	}
	ended := newClient(t, p.URL, "")
	must[api.Session](t)(ended.SignIn(t.Context(), api.SignIn{Username: ada.name, Password: password}))
	must[api.Box](t)(ended.Box(t.Context(), ada.org, "debian"))
}

// again stops a registry, changes its keys, and starts it.
func again(t *testing.T, p *Process, data string, change func(keyring.Ring)) *Process {
	t.Helper()
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(data, "secret")
	ring := must[keyring.Ring](t)(keyring.Parse(string(must[[]byte](t)(os.ReadFile(file)))))
	change(ring)
	if err := os.WriteFile(file, []byte(ring.Text()), 0o600); err != nil {
		t.Fatal(err)
	}
	return serve(t, data)
}

// signer is the name of the key that signed a session.
func signer(t *testing.T, session string) string {
	t.Helper()
	head, _, _ := strings.Cut(session, ".")
	var header struct{ Kid string }
	if err := json.Unmarshal(must[[]byte](t)(base64.RawURLEncoding.DecodeString(head)), &header); err != nil || header.Kid == "" {
		t.Fatalf("the session %s names no key, %v", session, err)
	}
	return header.Kid
}

// TestKeysOfADeploymentAreRotated has the function rotate, as make rotate-keys does.
func TestKeysOfADeploymentAreRotated(t *testing.T) {
	if target.cloud == nil {
		t.Skip("the target is no deployment: TestKeysAreRotated is the same in one process")
	}
	t.Parallel()
	ada := newPerson(t, target.URL)
	resp := must[*http.Response](t)(http.DefaultClient.Do(invocation(t, target.cloud, `{"rotate":true}`)))
	defer resp.Body.Close()
	told := string(must[[]byte](t)(io.ReadAll(resp.Body)))
	if again := strings.Contains(told, "the last rotation is under way"); strings.Contains(told, "secret") || !again && !strings.Contains(told, signer(t, ada.token)) {
		t.Errorf("a rotation is answered %d %s", resp.StatusCode, told)
	}
	must[api.User](t)(newClient(t, target.URL, ada.token).User(t.Context()))
}

// invocation asks an emulator's Lambda for the function that rotates.
func invocation(t *testing.T, d *deployed, event string) *http.Request {
	t.Helper()
	url := d.Emulator + "/2015-03-31/functions/" + d.Stack + "-RotateTokenKeys/invocations"
	req := must[*http.Request](t)(http.NewRequest("POST", url, strings.NewReader(event)))
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0")
	return req
}
