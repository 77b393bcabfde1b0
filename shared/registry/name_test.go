package registry_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{"debian12", true}, {"a", true}, {"7", true}, {"a.b-c_d", true}, {"Debian-12.5", true},
		{strings.Repeat("a", 100), true}, {strings.Repeat("a", 101), false}, {strings.Repeat("a", 200), false},
		{"", false}, {".", false}, {"..", false}, {"-", false}, {"_", false},
		{".hidden", false}, {"end.", false}, {"-a", false}, {"a-", false}, {"a..b", false},
		{"a b", false}, {"a/b", false}, {`a\b`, false}, {"a%2fb", false}, {"a#b", false}, {"a\x00b", false}, {"a\nb", false},
		{"bäcker", false}, {"日本", false}, {"а", false /* Cyrillic */}, {"a\u200bb", false}, {"\xff", false},
	} {
		if err := registry.CheckName(c.name); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.name, err)
		}
	}
}

func TestOrganizationsCannotHaveThePathsOfTheRegistry(t *testing.T) {
	for _, name := range []string{"api", "API", "ui", "health", "metrics", "boxes", "assets", "api-docs", "organization"} {
		if registry.CheckOrganizationName(name) == nil {
			t.Errorf("an organization may be called %s", name)
		}
		if err := registry.CheckName(name); err != nil {
			t.Errorf("nothing may be called %s: %v", name, err)
		}
	}
	if err := registry.CheckOrganizationName("apis"); err != nil {
		t.Error(err)
	}
	if registry.CheckOrganizationName("..") == nil {
		t.Error("an organization may be called ..")
	}
}

func TestNoArchitectureIsCalledUpload(t *testing.T) {
	for name, ok := range map[string]bool{"amd64": true, "unknown": true, "upload": false, "Upload": false, "": false, "x/y": false} {
		if err := registry.CheckArchitectureName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestNamesAreTheSameWhateverTheirCase(t *testing.T) {
	if !registry.SameName("Acme", "aCME") || registry.SameName("acme", "acme2") {
		t.Error("names are not compared by letters alone")
	}
}

func TestEmailAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"ada@example.com": true, "a.b+c@example.co.uk": true,
		"": false, "ada": false, "ada@": false, "@example.com": false, "Ada <ada@example.com>": false,
		"ada@example.com ": false, "ada@example.com\r\nBcc: x": false, "a@b, c@d": false,
		strings.Repeat("a", 243) + "@example.com": false,
	} {
		if err := registry.CheckEmail(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		text string
		ok   bool
	}{{"", true}, {"äöü日本", true}, {"12345", true}, {"123456", false}, {"a\x00", false}} {
		if err := registry.CheckText(c.text, 5); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

func TestPasswords(t *testing.T) {
	for length, ok := range map[int]bool{0: false, 7: false, 8: true, 1024: true, 1025: false} {
		if err := registry.CheckPassword(strings.Repeat("x", length)); (err == nil) != ok {
			t.Errorf("%d characters: %v", length, err)
		}
	}
}
