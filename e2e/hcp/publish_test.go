package hcp

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	registries "github.com/hashicorp/hcp-sdk-go/clients/cloud-vagrant-box-registry/stable/2022-09-30/client/registry_service"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

func (p *place) packer(t *testing.T, text string) *packer {
	t.Helper()
	return &packer{
		clients: connect(t), web: p.web(), registryName: "acme", box: "debian12", version: "1.0.0",
		provider: "virtualbox", architecture: "amd64", file: coretest.BoxFile(t, "virtualbox", text), described: "by packer",
	}
}

// metadata is what Vagrant is told of the box.
func (p *place) metadata(t *testing.T, token string) api.Metadata {
	t.Helper()
	return embeddedtest.JSON[api.Metadata](t, p.Do(t, "GET", "/api/organization/acme/box/debian12/metadata", token, nil).Want(t, 200))
}

// wantBox fails the test unless Vagrant gets just that file.
func (p *place) wantBox(t *testing.T, version string, file []byte) {
	t.Helper()
	for _, v := range p.metadata(t, p.ada).Versions {
		if v.Version != version {
			continue
		}
		req, err := http.NewRequestWithContext(t.Context(), "GET", v.Providers[0].URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.ada)
		a := p.Send(t, req)
		if a.Status == 302 {
			if req, err = http.NewRequestWithContext(t.Context(), "GET", a.Header.Get("Location"), nil); err != nil {
				t.Fatal(err)
			}
			a = p.Send(t, req)
		}
		if string(a.Want(t, 200).Body) != string(file) {
			t.Errorf("version %s has another file", version)
		}
		return
	}
	t.Errorf("Vagrant is told of no version %s: %+v", version, p.metadata(t, p.ada))
}

func TestPackerPublishesByEnvironmentAlone(t *testing.T) {
	for _, through := range []bool{false, true} {
		t.Run(fmt.Sprint("through the registry: ", through), func(t *testing.T) {
			p := start(t)
			first := p.packer(t, "one")
			first.through = through
			if err := first.publish(t.Context()); err != nil || !first.created {
				t.Fatal(err)
			}
			p.wantBox(t, "1.0.0", first.file)
			if m := p.metadata(t, ""); m.Description != "by packer" { // public, as box_private says nothing
				t.Errorf("a stranger is told %+v", m)
			}
			next := p.packer(t, "two")
			next.version, next.through = "1.1.0", through
			if err := next.publish(t.Context()); err != nil || next.created {
				t.Fatal(err, next.created)
			}
			p.wantBox(t, "1.1.0", next.file)
		})
	}
}

func TestPackerPublishesAPrivateBox(t *testing.T) {
	p := start(t)
	secret := p.packer(t, "one")
	secret.private = true
	if err := secret.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Do(t, "GET", "/api/organization/acme/box/debian12", "", nil).Want(t, 404)
	p.wantBox(t, "1.0.0", secret.file)
}

// What is released stays as it is, however often it is published; the same file once more is no error.
func TestAReleasedVersionIsPublishedAgain(t *testing.T) {
	p := start(t)
	first := p.packer(t, "one")
	if err := first.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := p.packer(t, "one")
	if err := again.publish(t.Context()); err != nil || !again.released {
		t.Error(err)
	}
	_, err := again.registry.ReleaseVersion(&registries.ReleaseVersionParams{Context: t.Context(), Registry: "acme", Box: "debian12", Version: "1.0.0"}, nil)
	if err != nil {
		t.Error(err)
	}
	wantAnswer(t, p.packer(t, "another").publish(t.Context()), 409, 6, "was released, and its file")
	p.wantBox(t, "1.0.0", first.file)
}

// Nothing is released that has no file, and nobody sees a version before it is released.
func TestAVersionWaitsForItsRelease(t *testing.T) {
	p := start(t)
	held := p.packer(t, "one")
	held.noRelease = true
	if err := held.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list := p.metadata(t, p.ada).Versions; len(list) != 0 {
		t.Errorf("Vagrant is told of %+v", list)
	}
	empty := p.packer(t, "two")
	empty.version = "2.0.0"
	if err := empty.makeVersion(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, empty.release(t.Context()), 409, 6, "has no file yet")
}

func TestPackerPublishesABoxThatIsElsewhere(t *testing.T) {
	p := start(t)
	elsewhere := p.packer(t, "")
	sum := md5.Sum([]byte("far away"))
	elsewhere.downloadURL, elsewhere.checksum, elsewhere.checksumType = "https://boxes.example.com/debian12.box", hex.EncodeToString(sum[:]), "MD5"
	if err := elsewhere.publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := p.metadata(t, "").Versions[0].Providers[0]
	if told.Checksum != elsewhere.checksum || told.ChecksumType != "md5" {
		t.Errorf("Vagrant is told %+v", told)
	}
	got, err := elsewhere.registry.DownloadBox(&registries.DownloadBoxParams{
		Context: t.Context(), Registry: "acme", Box: "debian12", Version: "1.0.0", Provider: "virtualbox", Architecture: "amd64",
	})
	if err != nil || got.Payload.URL != elsewhere.downloadURL || got.Payload.Checksum != elsewhere.checksum || *got.Payload.ChecksumType != "MD5" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAFileOfAnotherChecksumIsRefused(t *testing.T) {
	for _, through := range []bool{false, true} {
		p := start(t)
		wrong := p.packer(t, "one")
		sum := md5.Sum([]byte("another file"))
		wrong.through, wrong.checksum, wrong.checksumType = through, hex.EncodeToString(sum[:]), "MD5"
		err := wrong.publish(t.Context())
		if through {
			if err == nil || !strings.Contains(err.Error(), "400") {
				t.Error(err)
			}
		} else {
			wantAnswer(t, err, 400, 3, "checksum is not the declared one")
		}
		right := p.packer(t, "one")
		sum = md5.Sum(right.file)
		right.through, right.checksum, right.checksumType = through, hex.EncodeToString(sum[:]), "md5"
		if err := right.publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.wantBox(t, "1.0.0", right.file)
	}
}

// The proxy in between fails when the store already has it all, and the client sends it again.
func TestAnUploadThatIsAnswered500IsSentAgain(t *testing.T) {
	for _, through := range []bool{false, true} {
		p := start(t)
		behind, err := url.Parse(p.URL)
		if err != nil {
			t.Fatal(err)
		}
		var puts atomic.Int32
		proxy := &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind) },
			ModifyResponse: func(resp *http.Response) error {
				if puts.Add(1) == 1 {
					resp.StatusCode, resp.Status = 500, "500 Internal Server Error"
				}
				return nil
			},
		}
		server := httptest.NewServer(proxy)
		t.Cleanup(server.Close)
		shaky := p.packer(t, "one")
		shaky.through = through
		shaky.putURL = func(link string) string {
			_, rest, _ := strings.Cut(link, "://")
			return server.URL + rest[strings.Index(rest, "/"):]
		}
		if err := shaky.publish(t.Context()); err != nil || puts.Load() != 2 {
			t.Fatal(err, puts.Load())
		}
		p.wantBox(t, "1.0.0", shaky.file)
	}
}

func TestBoxesOfOthersAreOutOfReach(t *testing.T) {
	p := start(t)
	bob := p.SignUp(t, "bob")
	p.Organization(t, bob, "umbrella")
	p.Box(t, bob, "umbrella", "open", true)
	p.Box(t, bob, "umbrella", "secret", false)
	for box, want := range map[string]struct {
		status int
		code   int32
	}{"open": {403, 7}, "secret": {404, 5}, "none": {404, 5}} {
		foreign := p.packer(t, "one")
		foreign.registryName, foreign.box = "umbrella", box
		wantAnswer(t, foreign.publish(t.Context()), want.status, want.code, "")
	}
	wantAnswer(t, func() error {
		_, err := connect(t).registry.CreateRegistry(&registries.CreateRegistryParams{Context: t.Context()}, nil)
		return err
	}(), 403, 7, "")
}

func TestCredentialsThatAreNoGood(t *testing.T) {
	p := start(t)
	for name, set := range map[string][2]string{"secret": {p.client, "wrong"}, "client": {"nobody", p.secret}} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("HOME", t.TempDir())
			t.Setenv("HCP_CLIENT_ID", set[0])
			t.Setenv("HCP_CLIENT_SECRET", set[1])
			err := p.packer(t, "one").publish(t.Context())
			if err == nil || !strings.Contains(err.Error(), "invalid_client") || strings.Contains(err.Error(), p.secret) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The client keeps a token in a file and takes it for good as long as it was to be.
func TestATokenThatIsOver(t *testing.T) {
	p := start(t)
	c := connect(t)
	token, err := c.settings.Token()
	if err != nil || token.TokenType != "Bearer" || time.Until(token.Expiry) < time.Hour {
		t.Fatal(token, err)
	}
	p.Clock.Advance(3 * time.Hour)
	wantAnswer(t, p.packer(t, "one").publish(t.Context()), 401, 16, "has expired")
	t.Setenv("HOME", t.TempDir())
	if err := p.packer(t, "one").publish(t.Context()); err != nil {
		t.Error(err)
	}
}

// Without TLS the API goes as well; the client's sign-in never does.
func TestTheAPIWithoutTLS(t *testing.T) {
	p := start(t)
	t.Setenv("HCP_API_TLS", "disabled")
	if err := p.packer(t, "one").publish(t.Context()); err != nil {
		t.Error(err)
	}
}
