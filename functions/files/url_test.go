package files_test

import (
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// urlOf is where the metadata of a box says that the first file of its first version is.
func urlOf(t *testing.T, r *coretest.Registry, token, box string) string {
	t.Helper()
	m := embeddedtest.JSON[api.Metadata](t, r.Do(t, "GET", box+"/metadata", token, nil).Want(t, 200))
	return strings.TrimPrefix(m.Versions[0].Providers[0].URL, r.URL)
}

// Vagrant goes on with what it has of a URL, whatever is there now: two files never have the same one,
// whatever became of the first, and the one that is first has the one that is documented.
func TestTwoFilesNeverHaveTheSameURL(t *testing.T) {
	for name, remove := range map[string][][3]string{
		"file deleted":          {{"DELETE", file + "/delete"}},
		"architecture deleted":  {{"DELETE", target}},
		"architectures deleted": {{"DELETE", version + "/provider/virtualbox/architecture"}},
		"architecture renamed":  {{"PUT", target, `{"name":"other"}`}},
		"provider deleted":      {{"DELETE", version + "/provider/virtualbox"}},
		"provider renamed":      {{"PUT", version + "/provider/virtualbox", `{"name":"other"}`}},
		"version deleted":       {{"DELETE", version}},
		"versions deleted":      {{"DELETE", box + "/version"}},
		"version renumbered":    {{"PUT", version, `{"version":"9.0.0"}`}},
		"box deleted":           {{"DELETE", box}},
		"box renamed":           {{"PUT", box, `{"name":"other"}`}},
		"boxes deleted":         {{"DELETE", "/api/organization/acme/box"}},
		"replaced":              {{"PUT", "/api/organization/acme", `{"mutableReleases":true}`}},
	} {
		t.Run(name, func(t *testing.T) {
			r, ada := start(t)
			r.Upload(t, ada, target, virtualbox(t, "1")).Want(t, 200)
			first := urlOf(t, r, ada, box)
			if first != pretty {
				t.Errorf("the first file is at %s, want %s", first, pretty)
			}
			for _, step := range remove {
				r.Do(t, step[0], step[1], ada, step[2]).Want(t, 200)
			}
			if strings.HasPrefix(name, "box") {
				r.Box(t, ada, "acme", "debian", false)
			}
			r.Upload(t, ada, target, virtualbox(t, "2")).Want(t, 200)
			m := embeddedtest.JSON[api.Metadata](t, r.Do(t, "GET", box+"/metadata", ada, nil).Want(t, 200))
			for _, p := range m.Versions[0].Providers {
				second := strings.TrimPrefix(p.URL, r.URL)
				if p.Checksum != sum(virtualbox(t, "2")) {
					continue
				}
				if second == first {
					t.Errorf("both are at %s", first)
				}
				link := r.Do(t, "GET", second, ada, nil).Want(t, 302).Header.Get("Location")
				if string(r.Fetch(t, link)) != string(virtualbox(t, "2")) {
					t.Errorf("%s is another file", second)
				}
				r.Clock.Advance(72 * time.Hour)
				if again := r.Do(t, "GET", box+"/metadata", ada, nil); !strings.Contains(string(again.Body), second+`"`) {
					t.Errorf("the URL has changed by itself: %s", again.Body)
				}
				return
			}
			t.Errorf("the second file is not listed: %+v", m)
		})
	}
}
