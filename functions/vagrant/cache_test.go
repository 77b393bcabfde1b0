package vagrant_test

import (
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
)

// What a client has is not sent again; what has changed is, at once.
func TestMetadataIsNeverStale(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	r.Do(t, "PUT", "/api/organization/acme", ada, `{"mutableReleases":true}`).Want(t, 200)
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "first")
	paths := []string{"/acme/debian", "/acme/boxes/debian", box + "/metadata"}
	bodies, etags := map[string]string{}, map[string]string{}
	look := func(what string, changed bool) {
		t.Helper()
		for _, path := range paths {
			for range 2 { // the second time from the cache
				a := r.Ask(t, "GET", path, "", nil, "If-None-Match", etags[path])
				if changed != (a.Status == 200) || !changed && a.Status != 304 {
					t.Errorf("%s: %s is answered %d", what, path, a.Status)
				}
				fresh := r.Ask(t, "GET", path, "", nil).Want(t, 200)
				if etag := fresh.Header.Get("ETag"); changed == (etag == etags[path]) || changed == (string(fresh.Body) == bodies[path]) {
					t.Errorf("%s: %s has the ETag %s and the body %s", what, path, etag, fresh.Body)
				}
			}
			fresh := r.Ask(t, "GET", path, "", nil)
			etags[path], bodies[path] = fresh.Header.Get("ETag"), string(fresh.Body)
		}
		for _, path := range paths {
			r.Ask(t, "HEAD", path, "", nil, "If-None-Match", etags[path]).Want(t, 304)
		}
	}
	look("at first", true)
	look("nothing", false)
	for _, c := range []struct{ what, method, path, body string }{
		{"description", "PUT", box, `{"description":"new"}`},
		{"description of the version", "PUT", box + "/version/1.0.0", `{"description":"new"}`},
		{"another default", "PUT", box + "/version/1.0.0", `{"description":"newer"}`},
	} {
		r.Do(t, c.method, c.path, ada, c.body).Want(t, 200)
		look(c.what, true)
		look("nothing", false)
	}
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "second")
	look("file", true)
	publish(t, r, ada, "2.0.0/virtualbox/amd64", "third")
	look("version", true)
	r.Do(t, "DELETE", box+"/version/2.0.0", ada, nil).Want(t, 200)
	look("version deleted", true)
	r.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	for _, path := range paths {
		r.Ask(t, "GET", path, "", nil, "If-None-Match", etags[path]).Want(t, 404)
	}
	r.Box(t, ada, "acme", "debian", true)
	look("box made anew", true)
}

// The cache does not mix up hosts, spellings and callers.
func TestMetadataIsRenderedForWhoAsks(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	publish(t, r, ada, "1.0.0/virtualbox/amd64", "x")
	for range 2 {
		seen := map[string]string{}
		for name, header := range map[string][2]string{
			"http": {"X-Other", "x"}, "https": {"X-Forwarded-Proto", "https"},
		} {
			for _, path := range []string{"/acme/debian", "/ACME/debian"} {
				body := string(r.Ask(t, "GET", path, "", nil, header[0], header[1]).Want(t, 200).Body)
				if other, known := seen[body]; known {
					t.Errorf("%s over %s is answered as %s: %s", path, name, other, body)
				}
				seen[body] = path + " over " + name
			}
		}
	}
	r.Do(t, "PUT", box, ada, `{"isPublic":false}`).Want(t, 200)
	r.Ask(t, "GET", "/acme/debian", "", nil).Want(t, 404)
	r.Ask(t, "GET", "/acme/debian", ada, nil).Want(t, 200)
}
