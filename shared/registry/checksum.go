package registry

import (
	"encoding/hex"
	"errors"
	"strings"
)

// SHA256 is the checksum that the registry computes of every file.
const SHA256 = "sha256"

// checksumBytes are the algorithms that Vagrant knows (vagrant-protocol §3.3), and how many bytes a
// checksum of each has.
var checksumBytes = map[string]int{"md5": 16, "sha1": 20, SHA256: 32, "sha384": 48, "sha512": 64}

// Checksum is what somebody says that a file has.
type Checksum struct {
	Type string `json:"type,omitempty"` // md5, sha1, sha256, sha384 or sha512
	Sum  string `json:"sum,omitempty"`  // lower-case hex; empty when nothing is said
}

// ParseChecksum reads a checksum of a whole file and the name of its algorithm in the forms that
// clients send: SHA256, sha-256. An empty name is sha256. What is wrong is noted for the fields
// checksum and checksumType.
func ParseChecksum(sum, algorithm string, wrong *Fields) Checksum {
	c := Checksum{Type: strings.ToLower(strings.ReplaceAll(algorithm, "-", "")), Sum: strings.ToLower(sum)}
	if algorithm == "" {
		c.Type = SHA256
	}
	want, known := checksumBytes[c.Type]
	if !known {
		wrong.Add("checksumType", "must be md5, sha1, sha256, sha384 or sha512")
		return Checksum{}
	}
	if raw, err := hex.DecodeString(c.Sum); sum != "" && (err != nil || len(raw) != want) {
		wrong.Check("checksum", errors.New("must be the checksum of the whole file in hex"))
	}
	return c
}
