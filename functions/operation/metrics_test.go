package operation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestMetricsAreForPlatformAdminsAndTheirServiceAccounts(t *testing.T) {
	r := coretest.Start(t)
	admin, ada := r.Person(t, "root"), r.Person(t, "ada")
	r.Organization(t, admin, "ops")
	r.Organization(t, ada, "acme")
	scraper, robot := r.ServiceAccount(t, admin, nil).Token, r.ServiceAccount(t, ada, nil).Token
	r.Sweep(t)
	r.Ask(t, "GET", "/metrics", "", nil).WantError(t, 401, "TOKEN_INVALID")
	r.Ask(t, "GET", "/metrics", "0000000000", nil).WantError(t, 401, "TOKEN_INVALID")
	for _, token := range []string{ada, robot} {
		r.Ask(t, "GET", "/metrics", token, nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	}
	for _, token := range []string{admin, scraper} {
		a := r.Ask(t, "GET", "/metrics", token, nil).Want(t, 200)
		if got := a.Header.Get("Content-Type"); got != metrics.ContentType || !strings.Contains(string(a.Body), "\nboxvault_accounts 2\n") {
			t.Errorf("told as %s: %s", got, a.Body)
		}
	}
}

func TestOpenMetricsNeedNoToken(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Metrics = metrics.Open })
	r.Ask(t, "GET", "/metrics", "", nil).Want(t, 200)
	r.Ask(t, "GET", "/metrics", "0000000000", nil).Want(t, 200)
}

// stored uploads and deletes files, and returns how many bytes are left.
func stored(t *testing.T, r *coretest.Registry, owner string) int64 {
	t.Helper()
	r.Organization(t, owner, "acme")
	r.Box(t, owner, "acme", "debian", true)
	version := "/api/organization/acme/box/debian/version/1.0.0"
	kept, gone := coretest.BoxFile(t, "virtualbox", "kept"), coretest.BoxFile(t, "virtualbox", strings.Repeat("gone", 9999))
	r.Upload(t, owner, version+"/provider/virtualbox/architecture/amd64", kept).Want(t, 200)
	r.Upload(t, owner, version+"/provider/virtualbox/architecture/arm64", gone).Want(t, 200)
	r.Ask(t, "DELETE", version+"/provider/virtualbox/architecture/arm64", owner, nil).Want(t, 200)
	r.Clock.Advance(registry.LinkLife)
	r.Sweep(t)
	return int64(len(kept))
}

func TestStorageWithoutADiskIsWhatFilesTake(t *testing.T) {
	r := coretest.Start(t)
	admin := r.Person(t, "root")
	want := stored(t, r, admin)
	v := embeddedtest.JSON[api.Storage](t, r.Ask(t, "GET", "/api/system/storage", admin, nil).Want(t, 200))
	if v.ISOs != nil || *v.Boxes != (api.Volume{Used: want, Stored: want}) {
		t.Errorf("told %+v, want %d bytes", v.Boxes, want)
	}
}

func TestStorageIsForPlatformAdmins(t *testing.T) {
	r, owner := coretest.Acme(t)
	r.Ask(t, "GET", "/api/system/storage", "", nil).WantError(t, 401, "TOKEN_INVALID")
	r.Ask(t, "GET", "/api/system/storage", owner, nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
}

func TestStorageOnADisk(t *testing.T) {
	r := embeddedtest.Start(t)
	admin := r.SignUp(t, "root")
	v := embeddedtest.JSON[api.Storage](t, r.Do(t, "GET", "/api/system/storage", admin, nil).Want(t, 200)).Boxes
	data, err := filepath.Abs(r.Data)
	if err != nil {
		t.Fatal(err)
	}
	if v.Path != filepath.Join(data, "files") || v.Total == nil || *v.Total < *v.Free || v.Used != *v.Total-*v.Free || v.Stored != 0 {
		t.Errorf("told %+v", v)
	}
	if _, err := os.Stat(v.Path); err != nil {
		t.Error(err)
	}
}
