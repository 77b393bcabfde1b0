package registry_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestAFileThatIsElsewhereHasTheNameInItsURL(t *testing.T) {
	for link, want := range map[string]string{
		"https://example.com/boxes/debian.box": "debian.box", "https://example.com/debian.box?v=1": "debian.box",
		"https://example.com": "example.com", "https://example.com/": "example.com", "http://127.0.0.1:80/": "127.0.0.1",
	} {
		f := registry.NewExternalFile(link, registry.Checksum{Type: "md5", Sum: "x"}, "ada", time.Time{})
		if f.Name != want || !f.Elsewhere() || f.Checksum().Type != "md5" {
			t.Errorf("%s is %+v", link, f)
		}
	}
}

// Clients before Vagrant 2.4 name no architecture.
func TestTheArchitectureThatIsMeant(t *testing.T) {
	var v registry.Version
	p, _ := v.AddProvider("virtualbox", "", time.Time{})
	if a := p.Choose(""); a != nil {
		t.Errorf("of none it is %+v", a)
	}
	for _, c := range []struct{ add, unnamed string }{{"arm64", "arm64"}, {"amd64", "arm64"}, {"unknown", "unknown"}} {
		if _, err := v.AddArchitecture(p, c.add, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := p.Choose(""); got == nil || got.Name != c.unnamed {
			t.Errorf("after %s it is %+v", c.add, got)
		}
	}
	if a := p.Choose("AMD64"); a == nil || a.Name != "amd64" {
		t.Errorf("by its name it is %+v", a)
	}
	if a := p.Choose("none"); a != nil {
		t.Errorf("one that is not there is %+v", a)
	}
}

// Clients send back what they were told.
func TestAChecksumThatIsSentBackIsNotExpectedOfTheNextFile(t *testing.T) {
	var v registry.Version
	is := registry.Checksum{Type: registry.SHA256, Sum: "aa"}
	if _, err := v.Place("qemu", "amd64", registry.File{SHA256: is.Sum}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	a := v.Provider("qemu").Architecture("amd64")
	for _, sum := range []registry.Checksum{is, {}, {Type: "md5"}} {
		if a.Expect(sum); a.Expected != nil {
			t.Errorf("%v is expected", sum)
		}
	}
	a.Expect(registry.Checksum{Type: "md5", Sum: "bb"})
	if a.Expected == nil {
		t.Fatal("nothing is expected")
	}
	if _, err := v.Place("qemu", "amd64", registry.File{}, time.Time{}); err != nil || v.Provider("qemu").Architecture("amd64").Expected != nil {
		t.Error("it is expected of the file after the next")
	}
}
