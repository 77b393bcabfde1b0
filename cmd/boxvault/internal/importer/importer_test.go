package importer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/cmd/boxvault/internal/importer"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestImportBringsEverythingAlong(t *testing.T) {
	c := newCloud(t)
	long := strings.Repeat("é", 5000)
	c.box("debian12", object{"description_markdown": long, "short_description": "Debian", "private": true},
		with(version("1.0.0", "active", c.provider("virtualbox", "", "one")), "description_markdown", "the first"),
		version("1.1.0", "active",
			c.provider("virtualbox", "amd64", "two"), with(c.provider("virtualbox", "arm64", "three"), "default_architecture", true),
			c.provider("libvirt", "amd64", "four")),
		version("0.9.0", "revoked", c.provider("virtualbox", "amd64", "five")),
		version("0.8.0", "revoked", c.provider("virtualbox", "amd64", "six"), c.provider("libvirt", "amd64", "seven")),
		version("2.0.0", "unreleased", c.provider("virtualbox", "amd64", "eight")),
		version("3.0.0", "unreleased"))
	c.box("empty", object{})
	m := moving(t, embeddedtest.Start(t), c.URL)
	if s := m.all(); s.Imported != 8 || s.ImportedBytes != int64(len("onetwothreefourfivesixseveneight")) {
		t.Errorf("%+v", s)
	}
	m.wantStates("debian12", "3.0.0 unreleased", "2.0.0 unreleased", "1.1.0 active", "1.0.0 active", "0.9.0 revoked", "0.8.0 revoked")
	m.wantStates("empty")
	b := m.box("debian12")
	if b.IsPublic || b.ShortDescription != "Debian" || b.Readme != long || !strings.HasSuffix(b.Description, "é…") {
		t.Errorf("the box is %+v", b)
	}
	first, second := b.Versions[3], b.Versions[2]
	if first.Description != "the first" || first.Providers[0].Architectures[0].Name != "unknown" {
		t.Errorf("1.0.0 is %+v", first)
	}
	for _, p := range second.Providers {
		for _, a := range p.Architectures {
			if want := p.Name == "libvirt" || a.Name == "arm64"; a.DefaultBox != want {
				t.Errorf("%s/%s is the default: %t", p.Name, a.Name, a.DefaultBox)
			}
		}
	}
	if !m.box("empty").IsPublic {
		t.Error("a public box became private")
	}
}

// The registry is what an import remembers.
func TestImportDoesNothingTwice(t *testing.T) {
	c := newCloud(t)
	c.box("debian12", nil,
		version("1.0.0", "active", c.provider("virtualbox", "amd64", "one"), with(c.provider("libvirt", "amd64", "two"), "checksum", nil)),
		version("1.1.0", "revoked", c.provider("virtualbox", "amd64", "three")),
		version("1.2.0", "unreleased", c.provider("virtualbox", "amd64", "four")))
	m := moving(t, embeddedtest.Start(t), c.URL)
	m.all()
	before := m.box("debian12")
	c.counted()
	if s := m.all(); s.Imported != 0 || s.AlreadyThere != 4 {
		t.Errorf("%+v", s)
	}
	if requests, files := c.counted(); requests != 2 || files != 0 {
		t.Errorf("the source was asked %d times, and for %d files", requests, files)
	}
	after := m.box("debian12")
	for i, v := range after.Versions {
		if v.UpdatedAt != before.Versions[i].UpdatedAt {
			t.Errorf("version %s was touched", v.VersionNumber)
		}
	}
}

func TestImportAddsToWhatIsThere(t *testing.T) {
	c := newCloud(t)
	c.box("debian12", object{"description_markdown": "theirs"},
		version("1.0.0", "active", c.provider("virtualbox", "amd64", "one")))
	m := moving(t, embeddedtest.Start(t), c.URL)
	ours, name := "ours", "debian12"
	if _, err := m.to.CreateBox(t.Context(), "acme", api.BoxInput{Name: &name, Description: &ours}); err != nil {
		t.Fatal(err)
	}
	m.all()
	c.boxes[0].versions[0]["providers"] = append(c.boxes[0].versions[0]["providers"].([]object), c.provider("libvirt", "arm64", "two"))
	c.boxes[0].versions = append(c.boxes[0].versions, version("1.1.0", "active", c.provider("virtualbox", "amd64", "three")))
	if s := m.all(); s.Imported != 2 || s.AlreadyThere != 1 {
		t.Errorf("%+v", s)
	}
	m.wantStates("debian12", "1.1.0 active", "1.0.0 active")
	if b := m.box("debian12"); b.Description != "ours" || b.IsPublic {
		t.Errorf("the box became %+v", b)
	}
}

// What is wrong with one thing is told of that, and does not stop the others.
func TestImportReportsWhatFails(t *testing.T) {
	c := newCloud(t)
	lost := c.provider("libvirt", "amd64", "lost")
	path := strings.TrimPrefix(lost["download_url"].(string), c.URL)
	c.box("debian12", nil,
		version("1.0.0", "active", c.provider("virtualbox", "amd64", "good")),
		version("latest", "active", c.provider("virtualbox", "amd64", "x")),
		version("1.0", "active", c.provider("virtualbox", "amd64", "x")),
		version("1.1.0", "active", c.provider("virtualbox", "amd64", "good"), lost),
		version("1.2.0", "active", with(c.provider("virtualbox", "amd64", "good"), "checksum", strings.Repeat("0", 64))),
		version("1.3.0", "active", with(c.provider("virtualbox", "amd64", "good"), "checksum", "abc")),
		version("1.4.0", "active", with(c.provider("virtual box", "amd64", "good"), "x", 1)),
		version("1.5.0", "active", with(c.provider("virtualbox", "amd64", "good"), "download_url", "file:///etc/passwd")),
		version("1.6.0", "active", c.provider("virtualbox", "amd64", "a"), c.provider("VirtualBox", "AMD64", "b")),
		version("1.7.0", "active", c.provider("virtualbox", "amd64", "")))
	c.box("de bian", nil)
	delete(c.files, path)
	m := moving(t, embeddedtest.Start(t), c.URL)
	items, err := m.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, items, "acme/de bian", "may have only letters")
	wantFailure(t, items, "acme/debian12 latest", "must be a version number")
	wantFailure(t, items, "acme/debian12 1.0", "the same version as 1.0.0")
	wantFailure(t, items, "acme/debian12 1.1.0 libvirt/amd64", "Resource not found!")
	wantFailure(t, items, "acme/debian12 1.2.0 virtualbox/amd64", "has SHA-256 770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c, not 00000")
	wantFailure(t, items, "acme/debian12 1.3.0 virtualbox/amd64", `the source declares the sha256 checksum "abc", which must be`)
	wantFailure(t, items, "acme/debian12 1.4.0 virtual box/amd64", "the provider's name may have only")
	wantFailure(t, items, "acme/debian12 1.5.0 virtualbox/amd64", "only http:// and https:// are followed")
	wantFailure(t, items, "acme/debian12 1.6.0 VirtualBox/AMD64", "has another file for virtualbox/amd64")
	wantFailure(t, items, "acme/debian12 1.7.0 virtualbox/amd64", "the file is empty")
	for _, v := range m.box("debian12").Versions {
		if (v.Status == string(registry.Active)) != (v.VersionNumber == "1.0.0") {
			t.Errorf("version %s is %s", v.VersionNumber, v.Status)
		}
	}
	held := slices.ContainsFunc(items, func(i importer.Item) bool { return i.Name() == "acme/debian12 1.1.0" && i.State == importer.Held })
	if !held {
		t.Errorf("nobody is told that 1.1.0 is held back: %+v", items)
	}

	c.files[path] = []byte("lost")
	if _, err := m.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := m.to.Version(t.Context(), "acme", "debian12", "1.1.0"); err != nil || v.Status != string(registry.Active) {
		t.Errorf("once its file is there, 1.1.0 is %s: %v", v.Status, err)
	}
}

func TestImportLeavesOtherFilesAlone(t *testing.T) {
	c := newCloud(t)
	c.box("debian12", nil, version("1.0.0", "active", c.provider("virtualbox", "amd64", "one")))
	m := moving(t, embeddedtest.Start(t), c.URL)
	m.all()
	c.boxes[0].versions = []object{version("1.0.0", "active", c.provider("virtualbox", "amd64", "other"))}
	items, err := m.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, items, "acme/debian12 1.0.0 virtualbox/amd64", "another file is there")
}
