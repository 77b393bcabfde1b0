package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

// garden is what the paths of testdata/schemathesis.toml lead to, however much of it the fuzzer deletes.
type garden struct {
	*client.Client
	url, token string
	file       string // a box
}

const (
	gardenBoxes = "/api/organization/acme/box"
	gardenFile  = gardenBoxes + "/debian12/version/%s/provider/virtualbox/architecture/amd64/file"
)

// newGarden plants it, and writes down for the fuzzer what ids have come of that.
func newGarden(t *testing.T, f *fuzzer) garden {
	t.Helper()
	file := must[[]byte](t)(os.ReadFile(makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 10}).Path))
	g := garden{newClient(t, f.url, f.token), f.url, f.token, string(file)}
	must[api.User](t)(g.SignUp(t.Context(), api.SignUp{Username: "bob", Email: "bob@example.com", Password: password}))
	g.plant(t.Context())
	bob := must[api.Member](t)(g.AddMember(t.Context(), "acme", api.MemberInput{Username: "bob", Role: "member"}))
	robot := must[api.ServiceAccount](t)(g.CreateServiceAccount(t.Context(), api.ServiceAccountInput{Organization: "acme"}))
	spare := must[api.ServiceAccount](t)(g.CreateServiceAccount(t.Context(), api.ServiceAccountInput{Organization: "acme"}))
	var uploads []string
	for range 20 {
		begun := askJSON(t, "POST", f.url+fmt.Sprintf(gardenFile, "2.0.0")+"/multipart", f.token, api.BeginUpload{Size: 1}).want(t, 201)
		uploads = append(uploads, read[api.Upload](t, begun).ID)
	}
	for name, values := range map[string][]string{
		"upload": uploads, "id": {fmt.Sprint(bob.ID), fmt.Sprint(spare.ID)}, "clientId": {robot.Username}, "clientSecret": {robot.Token},
	} {
		writeDictionary(t, filepath.Join(f.dir, name+".dict"), values)
	}
	return g
}

// writeDictionary writes values in the form of libFuzzer.
func writeDictionary(t *testing.T, path string, values []string) {
	t.Helper()
	var text string
	for _, v := range values {
		text += fmt.Sprintf("%q\n", v)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tend puts back what is missing, until the test ends.
func (g garden) tend(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	t.Cleanup(func() {
		stop()
		<-done
	})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				g.plant(ctx)
			case <-ctx.Done():
				return
			}
		}
	}()
}

// plant makes what is missing. What is there is answered with a conflict, or stays as it is.
func (g garden) plant(ctx context.Context) {
	for _, r := range []struct{ path, body string }{
		{"/api/organization", `{"name":"acme","mutableReleases":true}`},
		{"/api/organization", `{"name":"spare"}`},
		{gardenBoxes, `{"name":"debian12","isPublic":true}`},
		{gardenBoxes, `{"name":"spare"}`},
		{fmt.Sprintf(gardenFile, "1.0.0") + "/upload", g.file},
		{fmt.Sprintf(gardenFile, "2.0.0") + "/upload", g.file},
	} {
		req, err := http.NewRequestWithContext(ctx, "POST", g.url+r.path, strings.NewReader(r.body))
		if err != nil {
			return
		}
		req.Header.Set("X-Access-Token", g.token)
		_, _ = exchange(req) // the fuzzer may be deleting it again this very moment
	}
}
