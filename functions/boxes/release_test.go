package boxes_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// happened counts the events of a type that acme has in its audit log.
func happened(t *testing.T, r *coretest.Registry, what registry.EventType) (n int) {
	t.Helper()
	o, err := r.Core.Catalog.Organization(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := r.Core.Catalog.Audit(t.Context(), o.ID, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Type == what {
			n++
		}
	}
	return n
}

// A revoked version is gone for strangers and for Vagrant, and there for members.
func TestAVersionIsReleasedAndRevoked(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	const number = "/version/1.0.0"
	create[api.Version](t, r, box+"/version", ada, `{"version":"1.0.0","release":false}`)
	r.Do(t, "PUT", box+number+"/release", ada, nil).WantError(t, 409, "CONFLICT") // it has no file
	r.Do(t, "PUT", box+number+"/revoke", ada, nil).WantError(t, 409, "CONFLICT")
	r.Do(t, "PUT", box+"/version/9.9/release", ada, nil).WantError(t, 404, "NOT_FOUND")
	publish(t, r, ada, box, "x")
	wantSeen := func(status string, stranger int) {
		t.Helper()
		if got := read[api.Version](t, r, box+number, ada).Status; got != status {
			t.Errorf("it is %s, want %s", got, status)
		}
		wantFile(t, r, ada, box, "x")
		if a := r.Do(t, "GET", box+artifact+"/file/download", "", nil); a.Status != stranger {
			t.Errorf("%s, a stranger's download is answered %d", status, a.Status)
		}
		listed := strings.Contains(string(r.Do(t, "GET", "/acme/debian", ada, nil).Body), `"1.0.0"`)
		if listed != (stranger == 302) {
			t.Errorf("%s, Vagrant is told of it: %v", status, listed)
		}
	}
	wantSeen("unreleased", 404)
	for _, c := range []struct {
		verb, status string
		stranger     int
	}{{"release", "active", 302}, {"revoke", "revoked", 404}, {"release", "active", 302}} {
		for range 2 {
			if got := change[api.Version](t, r, box+number+"/"+c.verb, ada, ``); got.Status != c.status {
				t.Errorf("%s made it %s", c.verb, got.Status)
			}
		}
		wantSeen(c.status, c.stranger)
	}
	if released, revoked := happened(t, r, registry.BoxReleased), happened(t, r, registry.BoxRevoked); released != 2 || revoked != 1 {
		t.Errorf("it was told that it was released %d times, revoked %d times", released, revoked)
	}
	for token, status := range map[string]int{"": 401, r.Person(t, "mallory"): 403} {
		r.Do(t, "PUT", box+number+"/revoke", token, nil).Want(t, status)
	}
}

func TestAVersionIsDeprecatedWithAReason(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	publish(t, r, ada, box, "x")
	const number = "/version/1.0.0"
	change[api.Version](t, r, box+number, ada, `{"description":"text","release_notes":"notes"}`)
	a := r.Do(t, "PUT", box+number, ada, `{"deprecated":true,"version":"x"}`).WantError(t, 400, "VALIDATION_ERROR")
	if d := embeddedtest.JSON[api.Error](t, a).Details; d["deprecationReason"] == nil || d["version"] == nil {
		t.Errorf("not all that is wrong is named: %s", a.Body)
	}
	got := change[api.Version](t, r, box+number, ada, `{"deprecated":true,"deprecation_reason":"use 2.0.0"}`)
	if !got.Deprecated || got.DeprecationReason != "use 2.0.0" || got.Status != "active" || got.ReleaseNotes != "notes" {
		t.Errorf("it is %+v", got)
	}
	if m := read[api.Metadata](t, r, box+"/metadata", ""); m.Versions[0].Status != "active" || m.Versions[0].Description != "Deprecated: use 2.0.0\n\ntext" {
		t.Errorf("Vagrant is told %+v", m.Versions)
	}
	change[api.Version](t, r, box+number, ada, `{"deprecated":true,"deprecationReason":"use 3.0.0"}`)
	if n := happened(t, r, registry.BoxDeprecated); n != 1 {
		t.Errorf("it was told %d times", n)
	}
	change[api.Version](t, r, box+number, ada, `{"deprecated":false}`)
	if got := change[api.Version](t, r, box+number, ada, `{"deprecated":true}`); got.DeprecationReason != "use 3.0.0" {
		t.Errorf("the reason is %q", got.DeprecationReason)
	}
	if n := happened(t, r, registry.BoxDeprecated); n != 2 {
		t.Errorf("it was told %d times", n)
	}
}

// A version that was taken back before it came here is never released, and nobody is told that it was.
func TestAVersionCanBeginRevoked(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	for _, status := range []string{"active", "gone"} {
		r.Do(t, "POST", box+"/version", ada, `{"version":"1.0.0","status":"`+status+`"}`).WantError(t, 400, "VALIDATION_ERROR")
	}
	create[api.Version](t, r, box+"/version", ada, `{"version":"1.0.0","status":"revoked"}`)
	publish(t, r, ada, box, "x")
	if got := read[api.Version](t, r, box+"/version/1.0.0", ada).Status; got != "revoked" {
		t.Errorf("its file made it %s", got)
	}
	if n := happened(t, r, registry.BoxReleased) + happened(t, r, registry.BoxRevoked); n != 0 {
		t.Errorf("%d events tell that it was released or revoked", n)
	}
	r.Do(t, "GET", box+artifact+"/file/download", "", nil).Want(t, 404)
}
