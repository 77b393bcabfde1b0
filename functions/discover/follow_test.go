package discover_test

import (
	"fmt"
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestWhatIsFoundFollowsTheBox(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	publish(t, r, ada, box, "1.0.0", "virtualbox", "amd64")
	r.Sweep(t)
	wantTags(t, r, "/api/search?provider=virtualbox", "", "acme/debian")
	change(t, r, box, ada, map[string]any{"name": "bookworm", "description": "twelve"})
	// Before the index follows, what does not match any more is left out already.
	wantTags(t, r, "/api/search?q=debian", "")
	r.Sweep(t)
	wantTags(t, r, "/api/search?q=debian", "")
	wantTags(t, r, "/api/search?q=bookworm+twelve", "", "acme/bookworm")
	box = "/api/organization/acme/box/bookworm"
	r.Do(t, "DELETE", box+"/version/1.0.0", ada, nil).Want(t, 200)
	r.Sweep(t)
	wantTags(t, r, "/api/search?provider=virtualbox", "")
	change(t, r, box, ada, map[string]any{"isPublic": false})
	wantTags(t, r, "/api/search", "") // at once
	r.Sweep(t)
	wantTags(t, r, "/api/search", "")
	wantTags(t, r, "/api/search", ada, "acme/bookworm")
	r.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	wantTags(t, r, "/api/search", ada)
	r.Sweep(t)
	wantTags(t, r, "/api/search", ada)
}

func wantTally(t *testing.T, r *coretest.Registry, organization registry.ID, boxes, public int64) {
	t.Helper()
	got, err := r.Core.Catalog.Tallies(t.Context(), organization)
	if err != nil || got[0] != (catalog.Tally{Boxes: boxes, Public: public}) {
		t.Errorf("the counts are %+v, %v, want %d and %d", got, err, boxes, public)
	}
}

func TestAnOrganizationThatIsRenamedSuspendedOrDeletedTakesItsBoxesAlong(t *testing.T) {
	r, ada := coretest.Acme(t)
	root, _, err := r.Core.Tokens.ForAccount(t.Context(), r.Account(t, "root"), true)
	if err != nil {
		t.Fatal(err)
	}
	var boxes []string
	for i := range 25 { // more than are done at once
		name := fmt.Sprint("box", i)
		r.Box(t, ada, "acme", name, i > 0)
		boxes = append(boxes, "zenith/"+name)
	}
	r.Sweep(t)
	o, err := r.Core.Catalog.Organization(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if o, err = r.Core.Catalog.RenameOrganization(t.Context(), o, "zenith"); err != nil {
		t.Fatal(err)
	}
	wantTags(t, r, "/api/search?organization=zenith", ada, boxes...)
	r.Sweep(t)
	r.Sweep(t)
	wantTags(t, r, "/api/search?q=zenith", ada, boxes...)
	wantTags(t, r, "/api/search?organization=acme", ada, boxes...) // the old name leads there

	suspend := func(suspended bool) {
		t.Helper()
		what := registry.OrganizationResumed
		if suspended {
			what = registry.OrganizationSuspended
		}
		if o, err = r.Core.Catalog.Organization(t.Context(), "zenith"); err != nil {
			t.Fatal(err)
		}
		o.Suspended = suspended
		if err := r.Core.Catalog.SaveOrganization(t.Context(), o, what); err != nil {
			t.Fatal(err)
		}
	}
	suspend(true)
	wantTags(t, r, "/api/search", ada)
	for range 2 {
		r.Sweep(t)
		wantTags(t, r, "/api/search", "")
		wantTags(t, r, "/api/search", ada)
	}
	wantTags(t, r, "/api/search?organization=zenith", root, boxes...)
	suspend(false)
	r.Sweep(t)
	r.Sweep(t)
	wantTags(t, r, "/api/search", ada, boxes...)
	wantTally(t, r, o.ID, 25, 24)

	r.Do(t, "DELETE", "/api/organization/zenith", ada, nil).Want(t, 200)
	wantTags(t, r, "/api/search", ada)
	for range 3 {
		r.Sweep(t)
	}
	wantTags(t, r, "/api/search?organization=zenith", root)
	wantTally(t, r, o.ID, 0, 0)
}
