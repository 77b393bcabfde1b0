package core_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// Once its downloads are added up a box is found by them.
func TestABoxWhoseDownloadsWereAddedUpIsFoundByThem(t *testing.T) {
	r, ada := coretest.Acme(t)
	found := func() api.FoundBox {
		t.Helper()
		list := embeddedtest.JSON[[]api.FoundBox](t, r.Do(t, "GET", "/api/search?sort=downloads", "", nil).Want(t, 200))
		return list[0]
	}
	for _, name := range []string{"debian", "fedora"} {
		file := r.Box(t, ada, "acme", name, true) + "/version/1.0.0/provider/p/architecture/a"
		r.Upload(t, ada, file, []byte("x")).Want(t, 200)
	}
	r.Sweep(t)
	for _, name := range []string{"debian", "fedora", "fedora"} {
		before := found()
		for range before.Downloads + 1 { // one more than the first has
			r.Do(t, "GET", "/api/organization/acme/box/"+name+"/version/1.0.0/provider/p/architecture/a/file/download", "", nil).Want(t, 302)
		}
		r.Clock.Advance(12 * time.Minute)
		r.Sweep(t)
	}
	if first := found(); first.Name != "fedora" || first.Downloads != 5 {
		t.Errorf("the first is %s with %d downloads", first.Name, first.Downloads)
	}
}
