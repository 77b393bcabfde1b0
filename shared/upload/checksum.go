package upload

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"strings"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// SHA256 is the checksum that the registry computes of every file.
const SHA256 = "sha256"

// algorithms are those that Vagrant knows (vagrant-protocol §3.3).
var algorithms = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, SHA256: sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// ChecksumType reads the name of an algorithm in the forms that clients send: SHA256, sha-256. An
// empty name is sha256.
func ChecksumType(name string) (string, error) {
	if name == "" {
		return SHA256, nil
	}
	plain := strings.ToLower(strings.ReplaceAll(name, "-", ""))
	if algorithms[plain] == nil {
		return "", errors.New("must be md5, sha1, sha256, sha384 or sha512")
	}
	return plain, nil
}

// check normalizes and checks what a client declared.
func (d *Declared) check() error {
	var wrong registry.Fields
	var err error
	if d.ChecksumType, err = ChecksumType(d.ChecksumType); err != nil {
		wrong.Check("checksumType", err)
	} else {
		wrong.Check("checksum", checkHex(d.Checksum, d.ChecksumType))
	}
	if d.Size > blobstore.MaxSize {
		return registry.Errorf(registry.TooLarge, "the file is larger than 48.8 TiB").
			With("maxSize", int64(blobstore.MaxSize)).With("receivedSize", d.Size)
	}
	if len(d.FileName) > 255 || strings.ContainsAny(d.FileName, "/\\\x00\r\n") {
		wrong.Add("fileName", "must be a file name of at most 255 bytes, without a path")
	}
	return wrong.Err()
}

func checkHex(sum, algorithm string) error {
	raw, err := hex.DecodeString(sum)
	if sum != "" && (err != nil || len(raw) != algorithms[algorithm]().Size()) {
		return errors.New("must be the checksum of the whole file in hex")
	}
	return nil
}

// Declare notes a checksum that its client knew only once it had sent the file. An upload that began
// with another one, or is over, stays as it is.
func Declare(u registry.Upload, checksum, algorithm string) (registry.Upload, error) {
	d := Declared{Size: u.Size, Checksum: checksum, ChecksumType: algorithm}
	if err := d.check(); err != nil || checksum == "" || u.State != registry.UploadOpen {
		return u, err
	}
	checksum = strings.ToLower(checksum)
	if u.Checksum != "" && (u.Checksum != checksum || u.ChecksumType != d.ChecksumType) {
		return u, registry.Wrong("checksum", "is not the one that the upload began with")
	}
	u.Checksum, u.ChecksumType = checksum, d.ChecksumType
	return u, nil
}
