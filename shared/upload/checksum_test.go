package upload_test

import (
	"testing"

	"github.com/boxvault/boxvault/shared/upload"
)

func TestChecksumTypes(t *testing.T) {
	for name, want := range map[string]string{
		"": "sha256", "sha256": "sha256", "SHA256": "sha256", "SHA-256": "sha256", "md5": "md5", "MD5": "md5",
		"sha1": "sha1", "SHA-1": "sha1", "sha-384": "sha384", "Sha512": "sha512",
	} {
		if got, err := upload.ChecksumType(name); err != nil || got != want {
			t.Errorf("%q is %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"crc32", "sha", "sha224", "sha 256", "none", " "} {
		if got, err := upload.ChecksumType(name); err == nil {
			t.Errorf("%q is %q", name, got)
		}
	}
}
