package e2e

import (
	"context"
	"testing"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

// admin is the platform admin of the registry that localstack/up.sh deploys: nobody signs up before.
var admin = api.SignUp{Username: "root", Email: "root@example.com", Password: password}

// claim makes the admin of a registry on an emulator. In a later run the account is there.
func (t *Target) claim() {
	if t.cloud == nil {
		return
	}
	if c, err := client.New(t.URL, ""); err == nil {
		_, _ = c.SignUp(context.Background(), admin) // who needs the admin finds out what is wrong
	}
}

// registryWith is a registry that was started with the flags: one of the test's own, or the target on an
// emulator, which was deployed so.
func registryWith(t *testing.T, flags ...string) (url string) {
	t.Helper()
	if target.cloud != nil {
		return target.URL
	}
	return serve(t, t.TempDir(), flags...).URL
}

// withAdmin is a registry and its platform admin: one of the test's own, with these flags, or the target
// on an emulator.
func withAdmin(t *testing.T, flags ...string) (url string, root owner) {
	t.Helper()
	url = registryWith(t, flags...)
	if target.cloud == nil {
		return url, newPerson(t, url)
	}
	root = owner{Client: newClient(t, target.URL, ""), name: admin.Username}
	root.token = must[api.Session](t)(root.SignIn(t.Context(), api.SignIn{Username: admin.Username, Password: admin.Password})).AccessToken
	return url, root
}
