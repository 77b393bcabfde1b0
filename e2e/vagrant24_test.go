package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// What Vagrant 2.4 sends was captured from the real program; here it is sent again, as distributions
// still ship 2.3.
var vagrant24 = []string{
	"User-Agent", "Vagrant/2.4.9 (+https://www.vagrantup.com; ruby3.1.2)", "Accept", "application/json",
}

// TestVagrant24 adds a box with several architectures the way Vagrant 2.4 does: it asks for the
// metadata at two paths, always, and takes the first that has some.
func TestVagrant24(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	o.box(t, "debian12", false)
	boxes := map[string]BoxFile{}
	for i, architecture := range []string{"amd64", "arm64", ""} {
		boxes[architecture] = o.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Architecture: architecture, Disk: 1 << 20, Seed: uint64(i)})
	}
	public := true
	must[api.Box](t)(o.UpdateBox(t.Context(), o.org, "debian12", api.BoxInput{IsPublic: &public}))
	preferred := o.target("debian12", "1.0.0", Box{Provider: "virtualbox", Architecture: "arm64"})
	must[api.Architecture](t)(o.UpdateArchitecture(t.Context(), preferred, api.ArchitectureInput{DefaultBox: &public}))
	shorthand := o.org + "/debian12"

	for _, path := range []string{"/api/v2/vagrant/", "/"} {
		for _, token := range []string{o.token, "wrong", ""} {
			headers := append([]string{"Authorization", "Bearer " + token}, vagrant24...)
			looked := ask(t, "HEAD", target.URL+path+shorthand, nil, headers...).want(t, 200)
			if kind := looked.header.Get("Content-Type"); !strings.Contains(kind, "application/json") || len(looked.body) > 0 {
				t.Errorf("HEAD %s: Content-Type %q, %d bytes", path, kind, len(looked.body))
			}
			metadata := read[api.Metadata](t, ask(t, "GET", target.URL+path+shorthand, nil, headers...).want(t, 200))
			if metadata.Name != shorthand || len(metadata.Versions) != 1 {
				t.Fatalf("GET %s: %+v", path, metadata)
			}
			wantArchitectures(t, metadata.Versions[0].Providers, boxes)
		}
	}
	t.Run("the file", func(t *testing.T) { fetchAs24(t, o, boxes["arm64"]) })
	t.Run("nothing left of the file", func(t *testing.T) {
		needs(t, PlainRange)
		// curl 7.88 fails, and Vagrant with it, when this answer has a Content-Range.
		over := follow(t, stable24(o), "bytes="+decimal(boxes["arm64"].Size)+"-").want(t, 416)
		if over.header.Get("Content-Range") != "" {
			t.Errorf("416 came with Content-Range %q", over.header.Get("Content-Range"))
		}
	})
	t.Run("other spellings", func(t *testing.T) { spell24(t, shorthand) })
}

// wantArchitectures fails the test unless the entries are the boxes, of which arm64 alone is the
// default, and the last one: older versions of Vagrant take that.
func wantArchitectures(t *testing.T, entries []api.MetadataProvider, boxes map[string]BoxFile) {
	t.Helper()
	for i, e := range entries {
		name := strings.TrimPrefix(e.Architecture, "unknown")
		last := i == len(entries)-1
		if e.Name != "virtualbox" || e.Checksum != boxes[name].SHA256 || e.ChecksumType != "sha256" {
			t.Errorf("%+v, want SHA-256 %s", e, boxes[name].SHA256)
		}
		if e.DefaultArchitecture != last || last != (e.Architecture == "arm64") {
			t.Errorf("entry %d is %s, default: %v", i, e.Architecture, e.DefaultArchitecture)
		}
	}
	if len(entries) != len(boxes) {
		t.Errorf("%d entries, want %d", len(entries), len(boxes))
	}
}

func stable24(o owner) string {
	return target.URL + "/" + o.org + "/boxes/debian12/versions/1.0.0/providers/virtualbox/arm64/vagrant.box"
}

// fetchAs24 downloads as curl does for Vagrant: redirects followed, and resumed at a byte.
func fetchAs24(t *testing.T, o owner, box BoxFile) {
	stable := stable24(o)
	if kind := ask(t, "HEAD", stable, nil, vagrant24...).want(t, 200).header.Get("Content-Type"); strings.Contains(kind, "json") {
		t.Errorf("HEAD of the file: Content-Type %q, which Vagrant takes for metadata", kind)
	}
	whole := string(follow(t, stable, "").want(t, 200).body)
	if sha256Of(whole) != box.SHA256 {
		t.Errorf("downloaded %d bytes that are not the box", len(whole))
	}
	half := box.Size / 2
	rest := follow(t, stable, "bytes="+decimal(half)+"-").want(t, 206)
	if got := string(rest.body); got != whole[half:] {
		t.Errorf("the rest has %d bytes, want %d", len(got), box.Size-half)
	}
	target := o.target("debian12", "1.0.0", Box{Provider: "virtualbox", Architecture: "arm64"})
	if told := must[api.File](t)(o.File(t.Context(), target)); told.DownloadCount == nil || *told.DownloadCount != 1 {
		t.Errorf("counted %v downloads; a HEAD, and what was resumed, are none", told.DownloadCount)
	}
}

// follow downloads as curl --location does.
func follow(t *testing.T, url, byteRange string) answer {
	t.Helper()
	for range 10 {
		req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", url, nil))
		req.Header.Set("Accept", "*/*")
		if byteRange != "" {
			req.Header.Set("Range", byteRange)
		}
		a := send(t, req)
		if a.status != http.StatusFound {
			return a
		}
		url = a.header.Get("Location")
	}
	t.Fatal("more than 10 redirects")
	return answer{}
}

// spell24 asks at URLs that come of how users write VAGRANT_SERVER_URL, and as a browser.
func spell24(t *testing.T, shorthand string) {
	ask(t, "GET", target.URL+"//"+shorthand, nil, vagrant24...).want(t, 200)
	ask(t, "HEAD", target.URL+"//api/v2/vagrant/"+shorthand, nil, vagrant24...).want(t, 200)
	warned := ask(t, "GET", target.URL+"/"+shorthand+"?access_token=wrong", nil, vagrant24...).want(t, 200)
	if warned.header.Get("Warning") == "" {
		t.Error("a wrong token was passed over without a warning")
	}
	page := ask(t, "GET", target.URL+"/"+shorthand, nil, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8").want(t, 200)
	if !strings.Contains(page.header.Get("Content-Type"), "text/html") || !strings.Contains(string(page.body), "vagrant box add") {
		t.Errorf("a browser got %s", page.body)
	}
	refused := read[struct{ Errors []string }](t, ask(t, "GET", target.URL+"/"+shorthand+"-x", nil, vagrant24...).want(t, 404))
	if len(refused.Errors) != 1 {
		t.Errorf("the error is not in Vagrant's shape: %+v", refused)
	}
}
