package embedded_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/auth/tokenkeys"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/vagrantcloud"
)

// rotated is a registry whose keys are rotated while it runs.
type rotated struct {
	*testing.T
	*embeddedtest.Registry
	content []byte
}

func newRotated(t *testing.T, change ...func(*embedded.Options)) *rotated {
	r := &rotated{t, embeddedtest.Start(t, change...), coretest.BoxFile(t, "virtualbox", "a disk")}
	ada := r.SignUp(t, "ada")
	r.Organization(t, ada, "acme")
	r.Box(t, ada, "acme", "debian", true)
	r.Do(t, "POST", "/api/v2/box/acme/debian/versions", ada, `{"version":{"version":"1.0.0"}}`).Want(t, 200)
	r.Do(t, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox"}}`).Want(t, 200)
	return r
}

const version = "/api/v2/box/acme/debian/version/1.0.0"

// session is one that lasts for long.
func (r *rotated) session() string {
	r.Helper()
	a := r.Do(r, "POST", "/api/auth/signin", "", map[string]any{"username": "ada", "password": embeddedtest.Password, "stayLoggedIn": true})
	return embeddedtest.JSON[struct{ AccessToken string }](r, a.Want(r, 200)).AccessToken
}

// upload is a URL to send the file to: with a ticket to the registry, or directly to the store.
func (r *rotated) upload(token, directly string) string {
	r.Helper()
	a := r.Do(r, "GET", version+"/provider/virtualbox/upload"+directly, token, nil).Want(r, 200)
	return embeddedtest.JSON[vagrantcloud.Upload](r, a).UploadPath
}

// given is what a registry gave out.
type given struct{ session, upload, link, invitation, robot, name string }

func (r *rotated) give(name string) given {
	r.Helper()
	g := given{name: name, session: r.session()}
	g.upload, g.link = r.upload(g.session, ""), r.upload(g.session, "/direct")
	a := r.Do(r, "POST", "/api/auth/invite", g.session, map[string]any{"email": name + "@example.com", "organizationName": "acme"}).Want(r, 200)
	g.invitation = embeddedtest.JSON[struct{ InvitationToken string }](r, a).InvitationToken
	g.robot = r.robot(g.session, name)
	return g
}

// robot makes a service account, once for each key: its secret is in the answer, which is kept sealed.
func (r *rotated) robot(token, key string) string {
	r.Helper()
	req, err := http.NewRequest("POST", r.URL+"/api/service-accounts", strings.NewReader(`{"description":"CI","organizationName":"acme"}`))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("X-Access-Token", token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return string(r.Send(r, req).Want(r, 201).Body)
}

// wantGood fails the test unless all of it is good still.
func (r *rotated) wantGood(g given) {
	r.Helper()
	r.wantAnswers(g, 200, 200)
	if again := r.robot(g.session, g.name); again != g.robot {
		r.Errorf("what was done once is answered %s, then %s", g.robot, again)
	}
	list := embeddedtest.JSON[[]struct {
		ID    int64
		Email string
	}](r, r.Do(r, "GET", "/api/invitations/active/acme", g.session, nil).Want(r, 200))
	for _, i := range list {
		if i.Email == g.name+"@example.com" {
			r.Do(r, "DELETE", fmt.Sprint("/api/invitations/", i.ID), g.session, nil).Want(r, 200)
		}
	}
	r.Do(r, "GET", "/api/auth/validate-invitation/"+g.invitation, "", nil).Want(r, 404)
}

// wantAnswers fails the test unless session and URLs are answered so, and the invitation is good.
func (r *rotated) wantAnswers(g given, session, urls int) {
	r.Helper()
	r.Do(r, "GET", "/api/user", g.session, nil).Want(r, session)
	for _, url := range []string{g.upload, g.link} {
		if status := embeddedtest.Put(r.T, url, r.content); status != urls {
			r.Errorf("%s is answered %d, want %d", url, status, urls)
		}
	}
	r.Do(r, "GET", "/api/auth/validate-invitation/"+g.invitation, "", nil).Want(r, 200)
}

func (r *rotated) rotate(endAll bool) keyring.Ring {
	r.Helper()
	told, err := embedded.RotateKeys(r.Context(), r.Data, endAll, r.Clock.Now)
	if err != nil || strings.Contains(told.Text(), "secret") {
		r.Fatalf("a rotation ends with %v, %v", told, err)
	}
	return told
}

// wantSigner fails the test unless that key signed the session.
func (r *rotated) wantSigner(session string, key keyring.Key) {
	r.Helper()
	head, _, _ := strings.Cut(session, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	var header struct{ Kid string }
	if err != nil || json.Unmarshal(raw, &header) != nil || header.Kid != key.ID {
		r.Errorf("the session is signed by %s (%v), want %s", raw, err, key.ID)
	}
}

func TestWhatWasGivenOutIsGoodForItsTimeWhicheverKeySigns(t *testing.T) {
	r := newRotated(t)
	before := r.give("before")
	ring := r.rotate(false)
	r.Clock.Advance(keyring.Fresh)
	meanwhile := r.give("meanwhile")
	r.wantSigner(meanwhile.session, ring[0])
	r.Clock.Advance(keyring.Ahead - keyring.Fresh)
	after := r.give("after")
	r.wantSigner(after.session, ring[1])
	for _, g := range []given{before, meanwhile, after} {
		r.wantGood(g)
	}

	last := before.session
	r.Clock.Advance(auth.LongSession - keyring.Ahead - time.Minute)
	if again := r.rotate(false); len(again) != 3 {
		t.Errorf("while sessions of it are good, a key goes: %v", again)
	}
	r.Do(t, "GET", "/api/user", last, nil).Want(t, 200)
	r.Clock.Advance(2 * time.Minute)
	r.Do(t, "GET", "/api/user", last, nil).Want(t, 401)
	r.Clock.Advance(tokenkeys.Life - auth.LongSession + keyring.Ahead)
	if again := r.rotate(false); len(again) != 3 || again[0].ID != ring[1].ID {
		t.Errorf("after its time the first key is there: %v", again)
	}
}

// What somebody made with a key that leaked is void when it is gone, whatever time it says.
func TestEndingAllSessionsVoidsWhatKeysSigned(t *testing.T) {
	r := newRotated(t)
	g := r.give("before")
	ring := r.rotate(true)
	r.wantAnswers(g, 200, 200) // until the process has read the keys again
	r.Clock.Advance(keyring.Fresh)
	r.wantAnswers(g, 401, 403)
	after := r.give("after")
	r.wantSigner(after.session, ring[0])
	r.wantGood(after)
	r.Stop()
	again := embeddedtest.Start(t, func(o *embedded.Options) { o.Data = r.Data })
	again.Do(t, "GET", "/api/user", g.session, nil).Want(t, 401)
	again.Do(t, "GET", "/api/user", after.session, nil).Want(t, 200)
}

// A data folder of a version that had one key, in hex: sessions have no name of a key in them.
func TestTheSecretOfAVersionBeforeRingsGoesOn(t *testing.T) {
	data, secret := t.TempDir(), bytes.Repeat([]byte("s"), 32)
	if err := os.WriteFile(filepath.Join(data, "secret"), []byte(hex.EncodeToString(secret)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newRotated(t, func(o *embedded.Options) { o.Data = data })
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("boxvault tokens"))
	session := unnamed(t, r.session(), mac.Sum(nil))
	r.Do(t, "GET", "/api/user", session, nil).Want(t, 200)
	if raw, err := os.ReadFile(filepath.Join(data, "secret")); err != nil || string(raw) != hex.EncodeToString(secret)+"\n" {
		t.Errorf("the secret became %s, %v", raw, err)
	}
	g := r.give("before")
	r.rotate(false)
	r.Clock.Advance(keyring.Ahead)
	r.wantGood(g)
	r.Do(t, "GET", "/api/user", session, nil).Want(t, 200)
}

// unnamed is a session as versions before rings made it: the same, without the name of a key.
func unnamed(t *testing.T, session string, key []byte) string {
	t.Helper()
	parts := strings.Split(session, ".")
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + parts[1]
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func TestOfTwoRotationsOfAFolderOneIsRefused(t *testing.T) {
	data := t.TempDir()
	embeddedtest.Start(t, func(o *embedded.Options) { o.Data = data })
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		both.Go(func() { _, errs[i] = embedded.RotateKeys(t.Context(), data, false, time.Now) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("they end with %v and %v", errs[0], errs[1])
	}
	raw, err := os.ReadFile(filepath.Join(data, "secret"))
	if ring, wrong := keyring.Parse(string(raw)); err != nil || wrong != nil || len(ring) != 2 {
		t.Errorf("the keys are %v, %v, %v", ring.Public(), err, wrong)
	}
}

func TestKeysOfAFolderThatAreNone(t *testing.T) {
	data := t.TempDir()
	for _, endAll := range []bool{false, true} {
		if _, err := embedded.RotateKeys(t.Context(), data, endAll, time.Now); err == nil || !strings.Contains(err.Error(), "there is no registry in "+data) {
			t.Errorf("in an empty folder a rotation ends with %v", err)
		}
	}
	if files, err := os.ReadDir(data); err != nil || len(files) > 0 {
		t.Errorf("it left %v, %v", files, err)
	}
	for _, text := range []string{"", "hunter2", "hunter2 hunter2 hunter2 hunter2 ", "68756e74657232", `[{"id":"hunter2"}]`, "[", "[]"} {
		if err := os.WriteFile(filepath.Join(data, "secret"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := embedded.RotateKeys(t.Context(), data, false, time.Now)
		_, opened := embedded.Open(embedded.Options{Addr: "127.0.0.1:0", Data: data})
		for _, err := range []error{err, opened} {
			if err == nil || !strings.Contains(err.Error(), "is damaged: delete it to get a new one") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q is %v", text, err)
			}
		}
	}
	if _, err := embedded.RotateKeys(t.Context(), data, true, time.Now); err != nil {
		t.Errorf("ending all sessions: %v", err)
	}
	embeddedtest.Start(t, func(o *embedded.Options) { o.Data = data }).SignUp(t, "ada")
}
