package vagrantcloud_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

func (w wanted) of(t *testing.T, r *coretest.Registry, token string) (list []string) {
	t.Helper()
	for _, p := range do[wire.Version](t, r, "GET", string(w), token, "").Providers {
		name := p.Name + "/" + p.Architecture
		if p.DefaultArchitecture {
			name += "*"
		}
		list = append(list, name)
	}
	return list
}

// wanted is the path of a version whose providers are wanted.
type wanted string

func wantProviders(t *testing.T, r *coretest.Registry, token, want string) {
	t.Helper()
	if got := strings.Join(wanted(version).of(t, r, token), " "); got != want {
		t.Fatalf("providers are %s, want %s", got, want)
	}
}

// There is one default architecture of a provider, and it is listed last.
func TestArchitecturesOfAProvider(t *testing.T) {
	r, ada := start(t)
	create := func(body string) {
		t.Helper()
		do[wire.Provider](t, r, "POST", version+"/providers", ada, body)
	}
	create(`{"provider":{"name":"virtualbox","architecture":"amd64","default_architecture":false}}`)
	wantProviders(t, r, ada, "virtualbox/amd64*")
	create(`{"provider":{"name":"virtualbox","architecture":"arm64","default_architecture":true}}`)
	create(`{"provider":{"name":"virtualbox","architecture":"i386"}}`)
	wantProviders(t, r, ada, "virtualbox/amd64 virtualbox/i386 virtualbox/arm64*")
	refused(t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox","architecture":"i386"}}`, 409, "already exists")
	do[wire.Provider](t, r, "PUT", version+"/provider/virtualbox/amd64", ada, `{"provider":{"architecture":"x86","default_architecture":true}}`)
	wantProviders(t, r, ada, "virtualbox/arm64 virtualbox/i386 virtualbox/x86*")
	refused(t, r, "PUT", version+"/provider/virtualbox/x86", ada, `{"provider":{"architecture":"i386"}}`, 409, "already exists")
	refused(t, r, "PUT", version+"/provider/virtualbox/none", ada, `{}`, 404, "architecture not found")
	refused(t, r, "PUT", version+"/provider/none", ada, `{}`, 404, "provider not found")
	refused(t, r, "POST", version+"/providers", ada, `{"provider":{"name":"-","architecture":"upload","url":"ftp://x","checksum":"zz","checksum_type":"md5"}}`, 400,
		"architecture is a reserved name, checksum must be the checksum of the whole file in hex, name must begin and end with a letter or digit, url must be a URL")
	for _, gone := range []string{"x86", "arm64", "i386"} {
		do[wire.Provider](t, r, "DELETE", version+"/provider/virtualbox/"+gone, ada, "")
	}
	wantProviders(t, r, ada, "")
}

// Packer names no architecture when it clears away the provider whose upload failed: nobody else's may go.
func TestClearingAwayDoesNotTakeTheFilesOfOthers(t *testing.T) {
	r, ada := start(t)
	for _, arch := range []string{"amd64", "arm64", "i386"} {
		do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox","architecture":"`+arch+`"}}`)
		if arch != "arm64" {
			upload(t, r, ada, version+"/provider/virtualbox/"+arch, coretest.BoxFile(t, "virtualbox", arch))
		}
	}
	do[wire.Provider](t, r, "DELETE", "/api/v1/box/acme/debian/version/1.0.0/provider/virtualbox", ada, "")
	wantProviders(t, r, ada, "virtualbox/i386 virtualbox/amd64*")
	refused(t, r, "DELETE", version+"/provider/virtualbox", ada, "", 409, "several architectures")
	do[wire.Provider](t, r, "DELETE", version+"/provider/virtualbox/i386", ada, "")
	do[wire.Provider](t, r, "DELETE", version+"/provider/virtualbox", ada, "")
	wantProviders(t, r, ada, "")
}

// One that was made by the other API may have no architecture yet.
func TestAProviderWithoutArchitectures(t *testing.T) {
	r, ada := start(t)
	r.Do(t, "POST", "/api/organization/acme/box/debian/version/1.0.0/provider", ada, `{"name":"qemu"}`).Want(t, 201)
	wantProviders(t, r, ada, "qemu/unknown*")
	do[wire.Provider](t, r, "GET", version+"/provider/qemu", ada, "")
	do[wire.Provider](t, r, "PUT", version+"/provider/qemu", ada, `{"provider":{"name":"libvirt"}}`)
	do[wire.Provider](t, r, "PUT", version+"/provider/libvirt/unknown", ada, `{"provider":{"name":"qemu"}}`)
	upload(t, r, ada, version+"/provider/qemu", coretest.BoxFile(t, "qemu", "x"))
	wantProviders(t, r, ada, "qemu/unknown*")
	r.Do(t, "POST", "/api/organization/acme/box/debian/version/1.0.0/provider", ada, `{"name":"vmware"}`).Want(t, 201)
	upload(t, r, ada, version+"/provider/vmware", coretest.BoxFile(t, "vmware", "x"))
	r.Do(t, "POST", "/api/organization/acme/box/debian/version/1.0.0/provider", ada, `{"name":"hyperv"}`).Want(t, 201)
	do[wire.Provider](t, r, "DELETE", version+"/provider/hyperv", ada, "")
	do[wire.Provider](t, r, "DELETE", version+"/provider/vmware", ada, "")
	wantProviders(t, r, ada, "qemu/unknown*")
}

// A file may be elsewhere; then its publisher's word is what is told of it.
func TestAProviderThatIsElsewhere(t *testing.T) {
	r, ada := start(t)
	sum := strings.Repeat("0a", 16)
	p := do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox","url":"https://example.com/a.box","checksum":"`+strings.ToUpper(sum)+`","checksum_type":"md5"}}`)
	if p.Hosted || *p.OriginalURL != "https://example.com/a.box" || *p.Checksum != sum || *p.ChecksumType != "md5" {
		t.Errorf("it is %+v", p)
	}
	do[wire.Version](t, r, "PUT", version+"/release", ada, "")
	lookup := func() api.MetadataProvider {
		t.Helper()
		m := embeddedtest.JSON[api.Metadata](t, r.Ask(t, "GET", "/acme/debian", "", nil, "Accept", "application/json").Want(t, 200))
		return m.Versions[0].Providers[0]
	}
	first := lookup()
	for _, method := range []string{"GET", "HEAD"} {
		if a := r.Ask(t, method, path(first.URL)+"?"+query(first.URL), "", nil).Want(t, 302); a.Header.Get("Location") != "https://example.com/a.box" {
			t.Errorf("%s leads to %s", method, a.Header.Get("Location"))
		}
	}
	if first.Checksum != sum || first.ChecksumType != "md5" {
		t.Errorf("Vagrant is told %+v", first)
	}
	// A released file stays as it is, wherever it is.
	refused(t, r, "PUT", version+"/provider/virtualbox", ada, `{"provider":{"url":"https://example.com/b.box"}}`, 409, "publish a new version")
	do[wire.Provider](t, r, "PUT", version+"/provider/virtualbox", ada, `{"provider":{"url":"https://example.com/a.box"}}`)
	r.Do(t, "PUT", "/api/organization/acme", ada, `{"mutableReleases":true}`).Want(t, 200)
	do[wire.Provider](t, r, "PUT", version+"/provider/virtualbox", ada, `{"provider":{"url":"https://example.com/b.box"}}`)
	if second := lookup(); second.URL == first.URL || second.Checksum != "" {
		t.Errorf("another file is told of as %+v", second)
	}
	upload(t, r, ada, version+"/provider/virtualbox", coretest.BoxFile(t, "virtualbox", "x"))
	if p := do[wire.Provider](t, r, "GET", version+"/provider/virtualbox", "", ""); !p.Hosted || p.OriginalURL != nil || *p.ChecksumType != "sha256" {
		t.Errorf("one that was uploaded in its place is %+v", p)
	}
	r.Do(t, "DELETE", version, ada, nil).Want(t, 200)
	r.Sweep(t)
}

// A URL of before Vagrant 2.4 has no architecture.
func TestTheOldURLOfAFile(t *testing.T) {
	r, ada := start(t)
	do[wire.Provider](t, r, "POST", version+"/providers", ada, `{"provider":{"name":"virtualbox","architecture":"amd64"}}`)
	content := coretest.BoxFile(t, "virtualbox", "x")
	upload(t, r, ada, version+"/provider/virtualbox", content)
	do[wire.Version](t, r, "PUT", version+"/release", ada, "")
	a := r.Do(t, "GET", "/acme/boxes/debian/versions/1.0.0/providers/virtualbox.box", "", nil).Want(t, 302)
	if got := r.Fetch(t, a.Header.Get("Location")); string(got) != string(content) {
		t.Errorf("%d bytes", len(got))
	}
	r.Do(t, "GET", "/acme/boxes/debian/versions/1.0.0/providers/none.box", "", nil).Want(t, 404)
}

func query(url string) string {
	_, rest, _ := strings.Cut(url, "?")
	return rest
}
