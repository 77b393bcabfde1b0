package mirror_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func from(c *cloud) string { return `{"from":"` + c.api.URL + `","organization":"hashi"}` }

const file = "/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"

func TestABoxIsFetchedOnDemandAndServedWhenItsUpstreamIsGone(t *testing.T) {
	up := newCloud(t)
	first, second := box(t, "1"), box(t, "2")
	up.publish("hashi/debian", "1.0.0", first)
	up.publish("hashi/debian", "1.1.0", second)
	w := mirroring(t, from(up))
	before := w.metadata(t, "acme/debian")
	wantNumbers(t, before, "1.0.0", "1.1.0")
	listed := before.Versions[0].Providers[0]
	if before.Name != "acme/debian" || listed.ChecksumType != "md5" || listed.Checksum != sum(first) {
		t.Errorf("the metadata is %+v", before)
	}
	if up.requests("vagrant.box") != 0 {
		t.Error("a file was fetched before anybody asked for it")
	}
	wantFile(t, follow(t, w.Registry, listed.URL, ""), first)
	up.gone()
	wantFile(t, follow(t, w.Registry, listed.URL, ""), first)
	if a := follow(t, w.Registry, "/acme/debian", ""); a.Header.Get("Warning") != "" {
		t.Errorf("what is fresh comes with %v", a.Header)
	}
	w.Clock.Advance(registry.DefaultFresh + time.Second)
	a := follow(t, w.Registry, "/acme/debian", "").Want(t, 200)
	after := embeddedtest.JSON[api.Metadata](t, a)
	if a.Header.Get("Warning") == "" || after.Versions[0].Providers[0].URL != listed.URL {
		t.Errorf("%v, and the file is at %s, before at %s", a.Header, after.Versions[0].Providers[0].URL, listed.URL)
	}
	if kept := after.Versions[0].Providers[0]; kept.ChecksumType != "sha256" || kept.FileSize != fmt.Sprint(len(first)) {
		t.Errorf("the kept file is told as %+v", kept)
	}
	wantFile(t, follow(t, w.Registry, listed.URL, ""), first)
	// The second one was never asked for, and is told by its upstream's name no more.
	follow(t, w.Registry, after.Versions[1].Providers[0].URL, "").WantError(t, 502, "UPSTREAM_ERROR")
	follow(t, w.Registry, "/acme/unknown", "").Want(t, 502)
}

func TestAnUpstreamMayBeAnotherBoxVault(t *testing.T) {
	up := embeddedtest.Start(t)
	bob := up.SignUp(t, "bob")
	up.Organization(t, bob, "acme")
	path := up.Box(t, bob, "acme", "debian", true)
	want := map[string][]byte{"amd64": box(t, "amd"), "arm64": box(t, "arm")}
	for arch, body := range want {
		at := path + "/version/1.0.0/provider/virtualbox/architecture/" + arch
		req, err := http.NewRequest("POST", up.URL+at+"/file/upload", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Access-Token", bob)
		req.Body, req.ContentLength = readCloser(body), int64(len(body))
		up.Send(t, req).Want(t, 200)
	}
	up.Do(t, "PUT", path+"/version/1.0.0/provider/virtualbox/architecture/arm64", bob, `{"defaultBox":true}`).Want(t, 200)
	w := mirroring(t, `{"from":"`+up.URL+`"}`)
	m := w.metadata(t, "acme/debian")
	wantNumbers(t, m, "1.0.0")
	for _, p := range m.Versions[0].Providers {
		wantFile(t, follow(t, w.Registry, p.URL, ""), want[p.Architecture])
		if p.DefaultArchitecture != (p.Architecture == "arm64") {
			t.Errorf("%+v", p)
		}
	}
}

func TestAnUpstreamMayBeAStaticFolder(t *testing.T) {
	dir, body := t.TempDir(), box(t, "static")
	for name, text := range map[string]string{
		"debian/metadata.json": `{"name":"somebody/debian","versions":[{"version":"1.0.0","providers":[{"name":"virtualbox","url":"files/d.box"}]},
			{"version":"no number","providers":[]},{"version":"2.0.0","providers":[{"name":"../x","url":"files/d.box"},{"name":"libvirt","url":"file:///etc/passwd"}]}]}`,
		"debian/files/d.box": string(body),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	up := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(up.Close)
	w := mirroring(t, `{"from":"`+up.URL+`/{box}/metadata.json"}`)
	m := w.metadata(t, "acme/debian")
	wantNumbers(t, m, "1.0.0") // the others are skipped
	wantFile(t, follow(t, w.Registry, m.Versions[0].Providers[0].URL, ""), body)
	follow(t, w.Registry, "/acme/none", "").Want(t, 404)
}

func TestManyClientsAtOnceMakeOneFetch(t *testing.T) {
	up := newCloud(t)
	body := box(t, "popular")
	up.publish("hashi/debian", "1.0.0", body)
	w := mirroring(t, from(up))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if a := follow(t, w.Registry, "/acme/debian", ""); a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
			wantFile(t, follow(t, w.Registry, file, ""), body)
		})
	}
	all.Wait()
	if n, m := up.requests("hashi/debian"), up.requests("vagrant.box"); n != 1 || m != 2 { // with its redirect
		t.Errorf("the upstream was asked %d times for metadata, %d times for the file: %q", n, m, up.asked)
	}
}

func TestWhatIsNewUpstreamIsAddedAndNothingIsLost(t *testing.T) {
	up := newCloud(t)
	kept, never, later := box(t, "kept"), box(t, "never"), box(t, "later")
	up.publish("hashi/debian", "1.0.0", kept)
	up.publish("hashi/debian", "1.1.0", never)
	w := mirroring(t, from(up))
	before := w.metadata(t, "acme/debian")
	wantFile(t, follow(t, w.Registry, before.Versions[0].Providers[0].URL, ""), kept)
	up.edit("hashi/debian", func(m *api.Metadata) {
		m.Versions = m.Versions[:2:2]
		first := m.Versions[0].Providers[0]
		first.Checksum = sum(later) // it is here already, and released files do not change
		m.Versions[0].Providers = []api.MetadataProvider{first}
		m.Versions[1].Providers[0].Checksum = sum(later) // nobody has it yet
	})
	up.mu.Lock()
	up.files["/hashi/boxes/debian/versions/1.1.0/providers/virtualbox/amd64/vagrant.box"] = later
	up.mu.Unlock()
	up.publish("hashi/debian", "2.0.0", later)
	wantNumbers(t, w.metadata(t, "acme/debian"), "1.0.0", "1.1.0") // it is fresh still
	w.Clock.Advance(registry.DefaultFresh + time.Second)
	after := w.metadata(t, "acme/debian")
	wantNumbers(t, after, "1.0.0", "1.1.0", "2.0.0")
	wantFile(t, follow(t, w.Registry, before.Versions[0].Providers[0].URL, ""), kept)
	if at := after.Versions[1].Providers[0].URL; at == before.Versions[1].Providers[0].URL {
		t.Errorf("another file is at the URL of before, %s", at)
	}
	wantFile(t, follow(t, w.Registry, after.Versions[1].Providers[0].URL, ""), later)
	up.edit("hashi/debian", func(m *api.Metadata) { m.Versions = m.Versions[2:] })
	w.Clock.Advance(registry.DefaultFresh + time.Second)
	wantNumbers(t, w.metadata(t, "acme/debian"), "1.0.0", "1.1.0", "2.0.0")
}

// URLs upstream may be signed, and other ones each time.
func TestAFileThatMovesUpstreamStaysWhereItIsHere(t *testing.T) {
	up := newCloud(t)
	body := box(t, "moving")
	up.publish("hashi/debian", "1.0.0", body)
	w := mirroring(t, from(up))
	before := w.metadata(t, "acme/debian").Versions[0].Providers[0]
	up.edit("hashi/debian", func(m *api.Metadata) {
		m.Versions = []api.MetadataVersion{m.Versions[0]}
		moved := m.Versions[0].Providers[0]
		moved.URL = up.storage.URL + "/elsewhere?Signature=x"
		m.Versions[0].Providers = []api.MetadataProvider{moved}
		up.files = map[string][]byte{"/elsewhere": body}
	})
	w.Clock.Advance(registry.DefaultFresh + time.Second)
	if after := w.metadata(t, "acme/debian").Versions[0].Providers[0]; after.URL != before.URL {
		t.Errorf("it was at %s and is at %s", before.URL, after.URL)
	}
	wantFile(t, follow(t, w.Registry, before.URL, ""), body)
}

func TestABoxThatPeopleMadeIsNoneOfTheUpstreams(t *testing.T) {
	up := newCloud(t)
	up.publish("hashi/own", "1.0.0", box(t, "theirs"))
	w := mirroring(t, from(up))
	w.Box(t, w.token, "acme", "own", true)
	wantNumbers(t, w.metadata(t, "acme/own"))
	if up.requests("") != 0 {
		t.Errorf("the upstream was asked %q", up.asked)
	}
}

// Neither what the upstream has nor that it fails tells a stranger of a private box.
func TestAPrivateBoxIsAsIfItWasNotThere(t *testing.T) {
	up := newCloud(t)
	w := mirroring(t, from(up))
	w.Box(t, w.token, "acme", "secret", false)
	same := func() {
		t.Helper()
		hidden, none := follow(t, w.Registry, "/acme/secret", ""), follow(t, w.Registry, "/acme/nothing", "")
		if hidden.Status != none.Status || string(hidden.Body) != string(none.Body) || hidden.Status < 400 {
			t.Errorf("%d %s, and of nothing %d %s", hidden.Status, hidden.Body, none.Status, none.Body)
		}
	}
	same()
	up.gone()
	w.Clock.Advance(time.Hour)
	same()
	follow(t, w.Registry, "/acme/secret", w.token).Want(t, 200)
}

func TestADeletedBoxIsFetchedAnew(t *testing.T) {
	up := newCloud(t)
	old, renewed := box(t, "old"), box(t, "new")
	up.publish("hashi/debian", "1.0.0", old)
	w := mirroring(t, from(up))
	at := w.metadata(t, "acme/debian").Versions[0].Providers[0].URL
	wantFile(t, follow(t, w.Registry, at, ""), old)
	up.edit("hashi/debian", func(m *api.Metadata) { m.Versions = nil })
	up.publish("hashi/debian", "1.0.0", renewed)
	w.Do(t, "DELETE", "/api/organization/acme/box/debian", w.token, nil).Want(t, 200)
	again := w.metadata(t, "acme/debian").Versions[0].Providers[0].URL
	if again == at {
		t.Error("another file is at the same URL")
	}
	wantFile(t, follow(t, w.Registry, again, ""), renewed)
}

func TestMirrorsAreOffUnlessTheyAreSwitchedOn(t *testing.T) {
	up := newCloud(t)
	up.publish("hashi/debian", "1.0.0", box(t, ""))
	off := embeddedtest.Start(t)
	ada := off.SignUp(t, "ada")
	off.Organization(t, ada, "acme")
	off.Do(t, "PUT", "/api/organization/acme/mirror", ada, `{"from":"https://example.com"}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	public := embeddedtest.Start(t, func(o *embedded.Options) { o.Mirrors = true })
	ada = public.SignUp(t, "ada")
	public.Organization(t, ada, "acme")
	for _, wrong := range []string{
		from(up), `{"from":"http://169.254.169.254/"}`, `{"from":"https://u:p@example.com"}`, `{"from":"ftp://example.com"}`, `{}`,
		`{"from":"https://example.com/?q=1"}`, `{"from":"https://example.com","allow":["[a"]}`, `{"from":"https://example.com","freshSeconds":-1}`,
		`{"from":"https://example.com","organization":"a/b"}`, `{"from":"https://example.com","maxFileSize":-1}`,
	} {
		public.Do(t, "PUT", "/api/organization/acme/mirror", ada, wrong).WantError(t, 400, "VALIDATION_ERROR")
	}
	public.Do(t, "GET", "/api/organization/acme/mirror", ada, nil).WantError(t, 404, "NOT_FOUND")

	w := mirroring(t, from(up))
	follow(t, w.Registry, "/acme/debian", "").Want(t, 200)
	w.Do(t, "DELETE", "/api/organization/acme/mirror", w.token, nil).Want(t, 200)
	follow(t, w.Registry, "/acme/debian", "").Want(t, 200)
	follow(t, w.Registry, "/acme/other", "").Want(t, 404)
}

func TestOnlyWhatIsAllowedIsAskedFor(t *testing.T) {
	up := newCloud(t)
	up.publish("hashi/debian12", "1.0.0", box(t, ""))
	up.publish("hashi/windows", "1.0.0", box(t, ""))
	w := mirroring(t, `{"from":"`+up.api.URL+`/","organization":"hashi","allow":["Debian*"]}`)
	follow(t, w.Registry, "/acme/debian12", "").Want(t, 200)
	follow(t, w.Registry, "/acme/windows", "").Want(t, 404)
	if up.requests("windows") != 0 {
		t.Error("the upstream was asked for what is not allowed")
	}
	w.set(t, `{"from":"`+up.api.URL+`","organization":"hashi","private":true}`)
	follow(t, w.Registry, "/acme/windows", "").Want(t, 404)
	if up.requests("windows") != 0 {
		t.Error("a stranger had a box of a private mirror fetched")
	}
	m := embeddedtest.JSON[api.Metadata](t, follow(t, w.Registry, "/acme/windows", w.token).Want(t, 200))
	follow(t, w.Registry, m.Versions[0].Providers[0].URL, "").Want(t, 404)
	wantFile(t, follow(t, w.Registry, m.Versions[0].Providers[0].URL, w.token), box(t, ""))
	follow(t, w.Registry, "/acme/windows?access_token="+w.token, "").Want(t, 200)
	w.Clock.Advance(registry.DefaultFresh + time.Second)
	follow(t, w.Registry, "/acme/windows?access_token="+w.token, "").Want(t, 200) // led on, with its token
}
