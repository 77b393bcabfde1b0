package registry_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestChecksumsAreReadInTheFormsThatClientsSend(t *testing.T) {
	for name, want := range map[string]string{
		"": "sha256", "sha256": "sha256", "SHA256": "sha256", "SHA-256": "sha256", "md5": "md5", "MD5": "md5",
		"sha1": "sha1", "SHA-1": "sha1", "sha-384": "sha384", "Sha512": "sha512",
	} {
		var wrong registry.Fields
		if got := registry.ParseChecksum("", name, &wrong); wrong.Err() != nil || got.Type != want {
			t.Errorf("%q is %q, %v", name, got, wrong)
		}
	}
	for _, name := range []string{"crc32", "sha", "sha224", "sha 256", "none", " "} {
		var wrong registry.Fields
		if got := registry.ParseChecksum("", name, &wrong); wrong["checksumType"] == "" {
			t.Errorf("%q is %q", name, got)
		}
	}
}

func TestAChecksumHasTheLengthOfItsAlgorithm(t *testing.T) {
	var wrong registry.Fields
	if got := registry.ParseChecksum(strings.Repeat("AB", 16), "md5", &wrong); wrong.Err() != nil || got.Sum != strings.Repeat("ab", 16) {
		t.Errorf("%v, %v", got, wrong)
	}
	for _, sum := range []string{"ab", strings.Repeat("ab", 20), strings.Repeat("xy", 16), strings.Repeat("ab", 16) + "  box.box"} {
		var wrong registry.Fields
		if got := registry.ParseChecksum(sum, "md5", &wrong); wrong["checksum"] == "" {
			t.Errorf("%q is taken: %v", sum, got)
		}
	}
}
