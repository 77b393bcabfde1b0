package boxes_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const boxes = "/api/organization/acme/box"

func read[T any](t *testing.T, r *coretest.Registry, path, token string) T {
	t.Helper()
	return embeddedtest.JSON[T](t, r.Do(t, "GET", path, token, nil).Want(t, 200))
}

func create[T any](t *testing.T, r *coretest.Registry, path, token, body string) T {
	t.Helper()
	return embeddedtest.JSON[T](t, r.Do(t, "POST", path, token, body).Want(t, 201))
}

func change[T any](t *testing.T, r *coretest.Registry, path, token, body string) T {
	t.Helper()
	return embeddedtest.JSON[T](t, r.Do(t, "PUT", path, token, body).Want(t, 200))
}

func TestABoxIsMadeChangedAndDeleted(t *testing.T) {
	r, ada := coretest.Acme(t)
	made := create[api.Box](t, r, "/api/organization/ACME/box", ada, `{"name":"Debian","description":"d","readme":"# R"}`)
	if made.Name != "Debian" || made.Tag != "acme/Debian" || made.IsPublic || made.Description != "d" || made.UserID != int64(r.Account(t, "ada").ID) {
		t.Errorf("made %+v", made)
	}
	changed := change[api.Box](t, r, boxes+"/debian", ada, `{"description":null,"shortDescription":"s","isPublic":true,"unknown":1}`)
	if changed.Description != "d" || changed.ShortDescription != "s" || !changed.IsPublic || changed.Readme != "# R" || changed.ID != made.ID {
		t.Errorf("changed to %+v", changed)
	}
	for _, token := range []string{"", ada} {
		if got := read[api.Box](t, r, boxes+"/DEBIAN", token); got.ID != made.ID || got.ShortDescription != "s" || got.Name != "Debian" {
			t.Errorf("read %+v", got)
		}
	}
	r.Do(t, "DELETE", boxes+"/debian", ada, nil).Want(t, 200)
	r.Do(t, "GET", boxes+"/debian", ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "DELETE", boxes+"/debian", ada, nil).WantError(t, 404, "NOT_FOUND")
	if got := read[[]api.Box](t, r, boxes, ada); len(got) != 0 {
		t.Errorf("it is still listed: %+v", got)
	}
}

func TestWhatABoxMayBe(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	for _, name := range []string{"", ".", "..", "-", "a..b", "a/b", "bäcker", strings.Repeat("a", 200)} {
		r.Do(t, "POST", boxes, ada, map[string]string{"name": name}).WantError(t, 400, "VALIDATION_ERROR")
		r.Do(t, "PUT", box, ada, map[string]string{"name": name}).WantError(t, 400, "VALIDATION_ERROR")
	}
	for field, longest := range map[string]int{"description": 4096, "shortDescription": 255, "readme": 64 << 10} {
		text := map[string]string{field: strings.Repeat("ä", longest+1)}
		a := r.Do(t, "PUT", box, ada, text).WantError(t, 400, "VALIDATION_ERROR")
		if embeddedtest.JSON[api.Error](t, a).Details[field] == nil {
			t.Errorf("%s is not named: %s", field, a.Body)
		}
		text[field] = strings.Repeat("ä", longest)
		r.Do(t, "PUT", box, ada, text).Want(t, 200)
	}
	r.Do(t, "POST", boxes, ada, `{}`).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "POST", boxes, ada, `{"name":"x","isPublic":"yes"}`).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "POST", boxes, ada, `{"name":"DEBIAN"}`).WantError(t, 409, "CONFLICT")
	r.Box(t, ada, "acme", "api", true) // a box may have a name that an organization may not
	r.Do(t, "GET", "/acme/api", "", nil).Want(t, 200)
}

// What one may not see does not exist: the answer is the same, to the byte.
func TestAPrivateBoxAndNoBoxAreAnsweredAlike(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "private", false)
	outsider := r.Person(t, "mallory")
	for _, token := range []string{"", outsider, "no-token"} {
		for _, c := range []struct{ method, tail string }{
			{"GET", ""}, {"GET", "/version"}, {"GET", "/version/1.0.0"}, {"GET", "/metadata"}, {"PUT", ""}, {"DELETE", ""}, {"POST", "/version"},
			{"GET", "/version/1.0.0/provider/p/architecture/a/file/download"}, {"GET", "/version/1.0.0/provider/p/architecture/a/file/info"},
			{"POST", "/version/1.0.0/provider/p/architecture/a/file/get-download-link"},
		} {
			private := r.Do(t, c.method, boxes+"/private"+c.tail, token, `{}`)
			missing := r.Do(t, c.method, boxes+"/missing"+c.tail, token, `{}`)
			if private.Status != missing.Status || string(private.Body) != string(missing.Body) || private.Status != 404 && private.Status != 401 {
				t.Errorf("%s %s: private %d %s, missing %d %s", c.method, c.tail, private.Status, private.Body, missing.Status, missing.Body)
			}
		}
	}
	r.Do(t, "GET", boxes, outsider, nil).WantError(t, 404, "NOT_FOUND") // nor does an organization with nothing to see
}

// A member changes own boxes; admins and owners change any.
func TestWhoChangesABox(t *testing.T) {
	r, ada := coretest.Acme(t)
	creator := r.Member(t, ada, "acme", "bob", "member")
	box := r.Box(t, creator, "acme", "debian", true)
	requests := []struct{ method, path, body string }{
		{"PUT", box, `{"description":"x"}`}, {"POST", box + "/version", `{"version":"1.0.0"}`},
		{"PUT", box + "/version/1.0.0", `{}`}, {"DELETE", box + "/version/1.0.0", ""},
	}
	for _, token := range []string{creator, r.Member(t, ada, "acme", "eve", "admin"), ada} {
		for _, c := range requests {
			if a := r.Do(t, c.method, c.path, token, c.body); a.Status >= 300 {
				t.Errorf("%s %s: %d %s", c.method, c.path, a.Status, a.Body)
			}
		}
	}
	for token, status := range map[string]int{"": 401, r.Person(t, "mallory"): 403, r.Member(t, ada, "acme", "carl", "member"): 403} {
		for _, c := range requests {
			r.Do(t, c.method, c.path, token, c.body).Want(t, status)
		}
	}
}
