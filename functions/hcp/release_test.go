package hcp_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/blobstore"
)

// slow is a blob store that keeps who opens an object waiting.
type slow struct {
	blobstore.Store
	open chan struct{} // closed when objects may be opened
}

func (s slow) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	<-s.open
	return s.Store.Open(ctx, key, offset)
}

func stateOf(t *testing.T, r *coretest.Registry, token string) string {
	t.Helper()
	a := r.Do(t, "GET", version, token, nil).Want(t, 200)
	return embeddedtest.JSON[struct{ Version struct{ State string } }](t, a).Version.State
}

// Packer asks for the release once, right behind the upload: a file that takes long to verify is released
// when it has passed.
func TestAReleaseWaitsForTheFileThatIsBeingVerified(t *testing.T) {
	gate := make(chan struct{})
	r, ada := coretest.Acme(t, func(o *core.Options) { o.Blobs, o.Patience = slow{o.Blobs, gate}, 1 })
	prepare(t, r, ada)
	wantStatus(t, r.Do(t, "PUT", version+"/release", ada, nil), 409, 6)
	direct := embeddedtest.JSON[struct{ URL, Callback, Object string }](t, r.Do(t, "GET", architecture+"/direct/upload", ada, nil).Want(t, 200))
	wantStatus(t, r.Do(t, "PUT", architecture+"/direct/complete/"+direct.Object, ada, nil), 400, 3) // nothing has come
	wantStatus(t, r.Do(t, "PUT", architecture+"/direct/complete/0"+direct.Object, ada, nil), 404, 5)
	r.Ask(t, http.MethodPut, strings.TrimPrefix(direct.URL, r.URL), "", coretest.BoxFile(t, "virtualbox", "one")).Want(t, 200)
	r.Do(t, "PUT", strings.TrimPrefix(direct.Callback, r.URL), ada, nil).Want(t, 200)
	for range 2 {
		r.Do(t, "PUT", version+"/release", ada, nil).Want(t, 200)
	}
	if state := stateOf(t, r, ada); state != "UNRELEASED" {
		t.Errorf("before the file has passed, the version is %s", state)
	}
	close(gate)
	for deadline := time.Now().Add(10 * time.Second); stateOf(t, r, ada) != "ACTIVE"; {
		if time.Now().After(deadline) {
			t.Fatal("the version is not released")
		}
	}
	r.Do(t, "PUT", version+"/revoke", ada, nil).Want(t, 200)
	if state := stateOf(t, r, ada); state != "REVOKED" {
		t.Errorf("revoked, the version is %s", state)
	}
}
