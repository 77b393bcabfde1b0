package e2e

import (
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestConfigOfARunningRegistry says what is so already, which the journeys beside it do not notice.
func TestConfigOfARunningRegistry(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t)
	open := "open"
	askJSON(t, "PUT", registry+"/api/config", newPerson(t, registry).token, api.ConfigInput{Signup: &open}).want(t, 403)
	must[api.Config](t)(root.ChangeConfig(t.Context(), api.ConfigInput{Signup: &open}))
	if got := must[api.Config](t)(root.Config(t.Context())); got.Signup != open || got.Started.Signup != open {
		t.Errorf("told %+v", got)
	}
}

// TestConfig changes a setting of a running registry, and finds it so after a crash.
func TestConfig(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := serve(t, data)
	admin, other := newPerson(t, p.URL), newPerson(t, p.URL)
	if got := must[api.Config](t)(admin.Config(t.Context())); got.Signup != "open" || got.Started.Signup != "open" {
		t.Errorf("told %+v", got)
	}
	invite := "invite"
	askJSON(t, "PUT", p.URL+"/api/config", other.token, api.ConfigInput{Signup: &invite}).want(t, 403)
	if got := must[api.Config](t)(admin.ChangeConfig(t.Context(), api.ConfigInput{Signup: &invite})); got.Signup != invite {
		t.Errorf("told %+v", got)
	}
	stranger := api.SignUp{Username: unique("stranger"), Email: unique("stranger") + "@example.com", Password: password}
	askJSON(t, "POST", p.URL+"/api/auth/signup", "", stranger).want(t, 403)
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	again := serve(t, data)
	askJSON(t, "POST", again.URL+"/api/auth/signup", "", stranger).want(t, 403)
	if got := must[api.Config](t)(newClient(t, again.URL, admin.token).Config(t.Context())); got.Signup != invite || got.Started.Signup != "open" {
		t.Errorf("told %+v", got)
	}
}
