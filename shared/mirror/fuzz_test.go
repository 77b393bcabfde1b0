package mirror

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// Whatever an upstream lists, what becomes of it keeps to our rules, and listing it again changes nothing.
func FuzzListing(f *testing.F) {
	for _, seed := range []string{
		`{"name":"a/b","versions":[{"version":"1.0","providers":[{"name":"x","url":"d.box","checksum":"00","checksum_type":"md5"}]}]}`,
		`{"name":"a/b","versions":[{"version":"1.0","providers":[{"name":"x","url":"d"},{"name":"X","url":"e","default_architecture":true}]},{"version":"1","providers":[]}]}`,
		`{"name":"a/b","versions":[{"version":"v2","status":"revoked"},{"version":"\u0000","providers":[{"url":"http://[::1"}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	at, now := &url.URL{Scheme: "https", Host: "example.com", Path: "/a/b"}, time.Unix(0, 0)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d document
		if json.Unmarshal(raw, &d) != nil {
			return
		}
		d.at = at
		first := listingOf(d, registry.Box{ID: 1}, now)
		for _, v := range first.versions {
			check(t, v)
		}
		second := listingOf(d, registry.Box{ID: 1}, now)
		if added, changed := second.compare(first.versions); len(added)+len(changed) > 0 {
			t.Errorf("listed again, %v are new and %v have changed", added, changed)
		}
	})
}

func check(t *testing.T, v registry.Version) {
	t.Helper()
	if n, err := registry.ParseNumber(string(v.Number)); err != nil || n != v.Number || v.Status != registry.Active {
		t.Errorf("version %q is %s: %v", v.Number, v.Status, err)
	}
	for _, p := range v.Providers {
		defaults := 0
		for _, a := range p.Architectures {
			if err := registry.CheckArchitectureName(a.Name); err != nil || registry.CheckName(p.Name) != nil {
				t.Errorf("%q/%q", p.Name, a.Name)
			}
			if err := registry.CheckLink(a.File.URL); err != nil || !a.File.Wanted() {
				t.Errorf("%s: %v", a.File.URL, err)
			}
			if a.Default {
				defaults++
			}
		}
		if defaults != 1 {
			t.Errorf("%s has %d default architectures", p.Name, defaults)
		}
	}
}
