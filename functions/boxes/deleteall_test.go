package boxes_test

import (
	"fmt"
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestAllBoxesOfAnOrganizationAreDeletedByItsAdmins(t *testing.T) {
	r, ada := coretest.Acme(t)
	for i := range 20 {
		publish(t, r, ada, r.Box(t, ada, "acme", fmt.Sprint("box", i), true), fmt.Sprint(i))
	}
	for token, status := range map[string]int{"": 401, r.Person(t, "mallory"): 404, r.Member(t, ada, "acme", "carl", "member"): 403} {
		r.Do(t, "DELETE", boxes, token, nil).Want(t, status)
	}
	r.Do(t, "DELETE", boxes, r.Member(t, ada, "acme", "eve", "admin"), nil).Want(t, 200)
	if got := read[[]api.Box](t, r, boxes, ada); len(got) != 0 {
		t.Errorf("%d boxes are still listed", len(got))
	}
	r.Do(t, "GET", "/acme/box3", "", nil).Want(t, 404)
	box := r.Box(t, ada, "acme", "box3", true)
	publish(t, r, ada, box, "fresh")
	r.Sweep(t)
	wantFile(t, r, "", box, "fresh")
	r.Clock.Advance(registry.LinkLife)
	r.Sweep(t)
	wantFile(t, r, "", box, "fresh")
	if n := happened(t, r, registry.BoxDeleted); n != 20 {
		t.Errorf("%d deletions of 20 were told", n)
	}
	r.Do(t, "DELETE", boxes, ada, nil).Want(t, 200)
	r.Do(t, "DELETE", boxes, ada, nil).Want(t, 200)
}

func TestAllThereIsInABoxIsDeletedLevelByLevel(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	const version, provider = "/version/1.0.0", "/version/1.0.0/provider/virtualbox"
	for _, c := range []struct{ path, then string }{
		{box + provider + "/architecture", box + provider},
		{box + version + "/provider", box + version},
		{box + "/version", box},
	} {
		publish(t, r, ada, box, c.path)
		r.Do(t, "DELETE", c.path, r.Person(t, "p"+fmt.Sprint(len(c.path))), nil).Want(t, 403)
		r.Do(t, "DELETE", c.path, ada, nil).Want(t, 200)
		r.Do(t, "GET", box+artifact, ada, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "GET", c.then, ada, nil).Want(t, 200)
	}
	r.Do(t, "GET", box+version, ada, nil).WantError(t, 404, "NOT_FOUND")
	publish(t, r, ada, box, "fresh")
	r.Sweep(t)
	r.Clock.Advance(registry.LinkLife)
	r.Sweep(t)
	wantFile(t, r, "", box, "fresh")
	r.Do(t, "DELETE", box+"/version/9/provider", ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "DELETE", box+version+"/provider/none/architecture", ada, nil).WantError(t, 404, "NOT_FOUND")
}
