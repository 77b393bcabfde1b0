package upload

import (
	"strings"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// check normalizes and checks what a client declared.
func (d *Declared) check() error {
	if d.Size == 0 {
		return errEmpty
	}
	var wrong registry.Fields
	sum := registry.ParseChecksum(d.Checksum, d.ChecksumType, &wrong)
	d.Checksum, d.ChecksumType = sum.Sum, sum.Type
	if d.Size > blobstore.MaxSize {
		return registry.Errorf(registry.TooLarge, "the file is larger than 48.8 TiB").
			With("maxSize", int64(blobstore.MaxSize)).With("receivedSize", d.Size)
	}
	if len(d.FileName) > 255 || strings.ContainsAny(d.FileName, "/\\\x00\r\n") {
		wrong.Add("fileName", "must be a file name of at most 255 bytes, without a path")
	}
	return wrong.Err()
}

// errEmpty refuses a file without bytes: nobody could add it, and no client downloads it.
var errEmpty = registry.Errorf(registry.BadUpload, "the file is empty")

// Declare notes a checksum that its client knew only once it had sent the file. An upload that began
// with another one, or is over, stays as it is.
func Declare(u registry.Upload, checksum, algorithm string) (registry.Upload, error) {
	d := Declared{Size: u.Size, Checksum: checksum, ChecksumType: algorithm}
	if err := d.check(); err != nil || checksum == "" || u.State != registry.UploadOpen {
		return u, err
	}
	if u.Checksum != "" && (u.Checksum != d.Checksum || u.ChecksumType != d.ChecksumType) {
		return u, registry.Wrong("checksum", "is not the one that the upload began with")
	}
	u.Checksum, u.ChecksumType = d.Checksum, d.ChecksumType
	return u, nil
}
