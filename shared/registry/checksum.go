package registry

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
)

// SHA256 is the checksum that the registry computes of every file.
const SHA256 = "sha256"

// algorithms are those that Vagrant knows (vagrant-protocol §3.3).
var algorithms = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, SHA256: sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// Checksum is what somebody says that a file has.
type Checksum struct {
	Type string `json:"type,omitempty"` // md5, sha1, sha256, sha384 or sha512
	Sum  string `json:"sum,omitempty"`  // lower-case hex; empty when nothing is said
}

// ParseChecksum reads a checksum of a whole file and the name of its algorithm. What is wrong is noted for
// the fields checksum and checksumType.
func ParseChecksum(sum, algorithm string, wrong *Fields) Checksum {
	name, err := ParseChecksumType(algorithm)
	if err != nil {
		wrong.Check("checksumType", err)
		return Checksum{}
	}
	wrong.Check("checksum", CheckChecksum(sum, name))
	return Checksum{name, strings.ToLower(sum)}
}

// ParseChecksumType reads the name of an algorithm in the forms that clients send: SHA256, sha-256. An
// empty name is sha256.
func ParseChecksumType(name string) (string, error) {
	if name == "" {
		return SHA256, nil
	}
	plain := strings.ToLower(strings.ReplaceAll(name, "-", ""))
	if algorithms[plain] == nil {
		return "", errors.New("must be md5, sha1, sha256, sha384 or sha512")
	}
	return plain, nil
}

// NewHash computes checksums of a type that ParseChecksumType returned.
func NewHash(checksumType string) hash.Hash { return algorithms[checksumType]() }

// CheckChecksum says what is wrong with a checksum of a type that ParseChecksumType returned; empty is
// none.
func CheckChecksum(sum, checksumType string) error {
	raw, err := hex.DecodeString(sum)
	if sum != "" && (err != nil || len(raw) != NewHash(checksumType).Size()) {
		return errors.New("must be the checksum of the whole file in hex")
	}
	return nil
}
