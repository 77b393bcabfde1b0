package discover_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// found asks for one page and returns it, with the path of the next one.
func found(t *testing.T, r *coretest.Registry, path, token string) (list []api.FoundBox, next string) {
	t.Helper()
	a := r.Do(t, "GET", path, token, nil).Want(t, 200)
	if link := a.Header.Get("Link"); link != "" {
		next = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	}
	return embeddedtest.JSON[[]api.FoundBox](t, a), next
}

// all follows the pages to the last one and returns the boxes' tags.
func all(t *testing.T, r *coretest.Registry, path, token string) (tags []string) {
	t.Helper()
	for pages := 0; path != ""; pages++ {
		var list []api.FoundBox
		list, path = found(t, r, path, token)
		for _, b := range list {
			tags = append(tags, b.Tag)
		}
		if pages > 200 {
			t.Fatal("the pages do not come to an end")
		}
	}
	return tags
}

func wantTags(t *testing.T, r *coretest.Registry, path, token string, want ...string) {
	t.Helper()
	got := all(t, r, path, token)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s finds %q, want %q", path, got, want)
	}
}

func change(t *testing.T, r *coretest.Registry, path, token string, body map[string]any) {
	t.Helper()
	r.Do(t, "PUT", path, token, body).Want(t, 200)
}

func publish(t *testing.T, r *coretest.Registry, token, box, version, provider, architecture string) {
	t.Helper()
	path := box + "/version/" + version + "/provider/" + provider + "/architecture/" + architecture
	r.Upload(t, token, path, coretest.BoxFile(t, provider, version)).Want(t, 200)
}

func TestABoxIsFoundByItsTextsItsOrganizationAndWhatItIsBuiltFor(t *testing.T) {
	r, ada := coretest.Acme(t)
	debian := r.Box(t, ada, "acme", "Debian12-Server", true)
	change(t, r, debian, ada, map[string]any{"shortDescription": "Minimal image", "description": "For Übungen, w/ systemd"})
	publish(t, r, ada, debian, "1.0.0", "virtualbox", "amd64")
	publish(t, r, ada, debian, "1.1.0", "libvirt", "arm64")
	r.Box(t, ada, "acme", "alpine", true)
	r.Sweep(t)
	for query, want := range map[string]bool{
		"q=debian12": true, "q=deb": true, "q=DEBIAN12-server": true, "q=acme/debian12-server": true, "q=serv": true,
		"q=minimal": true, "q=image+acme": true, "q=übungen": true, "q=%C3%9CBUNGEN": true, "q=systemd+deb": true,
		"q=w": true, "q=ebian": false, "q=d": false, "q=minim": false, "q=debian12+alpine": false, "q=!%3F": false,
		"provider=virtualbox": true, "provider=VirtualBox": true, "provider=vmware": false,
		"architecture=arm64": true, "architecture=riscv": false,
		"provider=virtualbox&architecture=amd64": true, "provider=virtualbox&architecture=arm64": false,
		"organization=ACME&provider=libvirt": true, "organization=none&provider=libvirt": false,
		"q=debian12&organization=acme&provider=libvirt&architecture=arm64": true,
	} {
		path := "/api/search?" + query
		if want {
			wantTags(t, r, path, "", "acme/Debian12-Server")
		} else {
			wantTags(t, r, path, "")
		}
	}
	wantTags(t, r, "/api/discover", "", "acme/Debian12-Server", "acme/alpine")
	wantTags(t, r, "/api/discover/alp", "", "acme/alpine")
	list, _ := found(t, r, "/api/search?q=deb", "")
	if b := list[0]; b.Version != "1.1.0" || strings.Join(b.Providers, " ") != "libvirt virtualbox" || strings.Join(b.Architectures, " ") != "arm64 amd64" {
		t.Errorf("found %+v", b)
	}
}

func TestWhatIsNoSearchIsRefusedWithEveryField(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "a", true)
	r.Box(t, ada, "acme", "b", true)
	r.Sweep(t)
	_, next := found(t, r, "/api/search?limit=1", "")
	for query, fields := range map[string]string{
		"q=" + strings.Repeat("x", 256): "q", "q=a%00b": "q", "q=%FF": "q", "sort=name": "sort", "order=up": "order",
		"limit=-1": "limit", "limit=51": "limit", "limit=many": "limit", "provider=a%00": "provider", "organization=%2F..": "organization",
		"architecture=" + strings.Repeat("a", 101): "architecture", "after=nonsense": "after", "after=%00": "after",
		"sort=created&" + next[strings.Index(next, "after="):]: "after",
		"q=%FF&sort=x&order=y&limit=99&provider=-&after=~":     "after limit order provider q sort",
	} {
		a := r.Do(t, "GET", "/api/search?"+query, "", nil).WantError(t, 400, "VALIDATION_ERROR")
		details := embeddedtest.JSON[api.Error](t, a).Details
		for _, field := range strings.Fields(fields) {
			if details[field] == nil {
				t.Errorf("%.60s: %v, want something about %s", query, details, field)
			}
		}
	}
	words := strings.Repeat("a+b+", 25)
	for _, query := range []string{"q=", "q=+", "q=" + words, "q=a+" + strings.Repeat("x", 250), "q=" + url.QueryEscape("𝕒 日本 ﬀ\u0301"), "limit=0"} {
		r.Do(t, "GET", "/api/search?"+query, "", nil).Want(t, 200)
	}
	r.Do(t, "GET", "/api/discover/"+strings.Repeat("x", 256), "", nil).WantError(t, 400, "VALIDATION_ERROR")
}
