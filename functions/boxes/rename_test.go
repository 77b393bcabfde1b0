package boxes_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const artifact = "/version/1.0.0/provider/virtualbox/architecture/amd64"

// publish stores a box file whose text tells it from others.
func publish(t *testing.T, r *coretest.Registry, token, box, text string) {
	t.Helper()
	r.Upload(t, token, box+artifact, coretest.BoxFile(t, "virtualbox", text)).Want(t, 200)
}

// wantFile fails the test unless version 1.0.0 of the box has just that file.
func wantFile(t *testing.T, r *coretest.Registry, token, box, text string) {
	t.Helper()
	link := r.Do(t, "GET", box+artifact+"/file/download", token, nil).Want(t, 302).Header.Get("Location")
	if got := r.Fetch(t, link); string(got) != string(coretest.BoxFile(t, "virtualbox", text)) {
		t.Errorf("%s has another file than %q", box, text)
	}
}

func TestARenamedBoxKeepsItsVersions(t *testing.T) {
	r, ada := coretest.Acme(t)
	old := r.Box(t, ada, "acme", "old", true)
	before := read[api.Box](t, r, old, ada)
	publish(t, r, ada, old, "first")
	if got := change[api.Box](t, r, old, ada, `{"name":"new","description":"d"}`); got.ID != before.ID || got.Tag != "acme/new" || got.Description != "d" {
		t.Errorf("renamed to %+v", got)
	}
	const renamed = boxes + "/new"
	wantFile(t, r, "", renamed, "first")
	r.Do(t, "GET", old, ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "GET", "/acme/old", ada, nil).Want(t, 404)
	r.Do(t, "GET", "/acme/new", "", nil).Want(t, 200)
	if list := read[[]api.Box](t, r, boxes, ada); len(list) != 1 || list[0].Name != "new" {
		t.Errorf("listed are %+v", list)
	}
	if got := change[api.Box](t, r, renamed, ada, `{"name":"NEW"}`); got.Name != "NEW" {
		t.Errorf("another spelling became %+v", got)
	}
	r.Box(t, ada, "acme", "other", true)
	r.Do(t, "PUT", renamed, ada, `{"name":"OTHER"}`).WantError(t, 409, "CONFLICT")
}

// The old name is free. The new box there and the renamed one have nothing to do with each other,
// although the versions of the latter are still kept under the old name.
func TestANewBoxUnderTheNameOfARenamedOne(t *testing.T) {
	r, ada := coretest.Acme(t)
	const renamed = boxes + "/new"
	old := r.Box(t, ada, "acme", "old", true)
	publish(t, r, ada, old, "of the renamed")
	change[api.Box](t, r, old, ada, `{"name":"new"}`)
	r.Box(t, ada, "acme", "old", true)
	if got := read[[]api.Version](t, r, old+"/version", ada); len(got) != 0 {
		t.Errorf("the new box has the versions %+v", got)
	}
	publish(t, r, ada, old, "of the new")
	wantFile(t, r, "", renamed, "of the renamed")
	wantFile(t, r, "", old, "of the new")

	// The new one goes, and a third comes; the janitor clears only what is gone.
	r.Do(t, "DELETE", old, ada, nil).Want(t, 200)
	r.Box(t, ada, "acme", "old", true)
	r.Sweep(t)
	publish(t, r, ada, old, "of the third")
	wantFile(t, r, "", renamed, "of the renamed")

	// The renamed one goes, and takes nothing along.
	r.Do(t, "DELETE", renamed, ada, nil).Want(t, 200)
	r.Sweep(t)
	wantFile(t, r, "", old, "of the third")
	change[api.Box](t, r, old, ada, `{"name":"new"}`)
	wantFile(t, r, "", renamed, "of the third")
}

func TestABoxCanBeRenamedBack(t *testing.T) {
	r, ada := coretest.Acme(t)
	const b = boxes + "/b"
	a := r.Box(t, ada, "acme", "a", true)
	publish(t, r, ada, a, "text")
	for range 2 {
		change[api.Box](t, r, a, ada, `{"name":"b"}`)
		wantFile(t, r, "", b, "text")
		change[api.Box](t, r, b, ada, `{"name":"a"}`)
		wantFile(t, r, "", a, "text")
	}
	r.Do(t, "DELETE", a, ada, nil).Want(t, 200)
	r.Sweep(t)
	r.Box(t, ada, "acme", "a", true)
	publish(t, r, ada, a, "another")
	wantFile(t, r, "", a, "another")
}

func TestABoxThatIsMadeAnewHasNothingOfTheOldOne(t *testing.T) {
	r, ada := coretest.Acme(t)
	old := r.Box(t, ada, "acme", "debian", true)
	publish(t, r, ada, old, "old")
	r.Upload(t, ada, old+"/version/2.0.0/provider/p/architecture/a", []byte("x")).Want(t, 200)
	r.Do(t, "DELETE", old, ada, nil).Want(t, 200)
	box := r.Box(t, ada, "acme", "debian", true)
	if got := read[[]api.Version](t, r, box+"/version", ada); len(got) != 0 {
		t.Errorf("it has the versions %+v", got)
	}
	r.Do(t, "GET", box+artifact+"/file/info", ada, nil).WantError(t, 404, "NOT_FOUND")
	publish(t, r, ada, box, "new") // in the place of a version of the old box
	for r.Sweep(t) > 0 {
		wantFile(t, r, "", box, "new")
	}
	r.Clock.Advance(2 * time.Hour) // until the files of the old box are due
	r.Sweep(t)
	wantFile(t, r, "", box, "new")
	if got := read[[]api.Version](t, r, box+"/version", ada); len(got) != 1 {
		t.Errorf("there is %+v", got)
	}
}
