package registry

import (
	"encoding/json"
	"time"
)

// Target is where an upload is to end.
type Target struct {
	Organization string `json:"organization"`
	Box          string `json:"box"`
	Version      Number `json:"version"`
	Provider     string `json:"provider"`
	Architecture string `json:"architecture"`
}

// UploadState is where an upload is in its life.
type UploadState string

// The states: open → completing → verifying → stored | failed.
const (
	UploadOpen       UploadState = "open"       // takes parts
	UploadCompleting UploadState = "completing" // the parts are being put together
	UploadVerifying  UploadState = "verifying"  // all bytes are there and are being read
	UploadStored     UploadState = "stored"     // the file is listed
	UploadFailed     UploadState = "failed"     // Failure says why; nothing was changed
)

// UploadLife is how long an upload can be resumed.
const UploadLife = 7 * 24 * time.Hour

// LinkLife is how long a signed link to a file, or to put a part, is valid. A file that was
// replaced or deleted is kept for as long.
const LinkLife = time.Hour

// SingleLinkLife is how long the link of an upload in one PUT is valid. On AWS a link ends with the
// credentials of the function that signed it, if they end first.
const SingleLinkLife = 6 * time.Hour

// Upload is the record of a box file on its way in.
type Upload struct {
	ID     string `json:"id"`
	Target Target `json:"target"`
	BoxID  ID     `json:"boxId"`
	// Home is where the box keeps its versions; see Box.Home.
	Home string `json:"home"`
	// VersionID is the version that was there when the upload began; 0: it makes the version.
	VersionID ID     `json:"versionId,omitempty"`
	Account   ID     `json:"account"`
	Username  string `json:"username"`
	FileName  string `json:"fileName"`
	// Size is the declared number of bytes; -1 when the client did not say.
	Size int64 `json:"size"`
	// Checksum is what the client declared, lower-case hex, empty when it did not; ChecksumType
	// is the algorithm: md5, sha1, sha256, sha384 or sha512.
	Checksum     string `json:"checksum,omitempty"`
	ChecksumType string `json:"checksumType,omitempty"`

	Blob     string `json:"blob"`     // key in the blob store
	BlobID   string `json:"blobId"`   // the blob store's name for the multipart upload
	PartSize int64  `json:"partSize"` // bytes; 0 until a chunked upload has shown it
	// Chunks is the number of chunks a chunked upload announced; 0 for every other upload.
	Chunks int `json:"chunks,omitempty"`
	// Keeps is the file kept elsewhere whose bytes these are, which the registry fetches by itself; 0 for
	// an upload by a client. Tag is what its source calls these very bytes (an ETag), Fails how often
	// fetching failed.
	Keeps ID     `json:"keeps,omitempty"`
	Tag   string `json:"tag,omitempty"`
	Fails int    `json:"fails,omitempty"`
	// Single uploads come in one PUT.
	Single bool `json:"single,omitempty"`

	State   UploadState `json:"state"`
	Failure string      `json:"failure,omitempty"`
	// FailureKind is the kind of error that Failure is told with.
	FailureKind Kind `json:"failureKind,omitempty"`
	// Warning is told with a stored file that is no box.
	Warning string `json:"warning,omitempty"`
	// File is what was stored.
	File *File `json:"file,omitempty"`
	// Study is how far its bytes were looked at; nil when they were not, or all of them were.
	Study *Study `json:"study,omitempty"`
	// Lease is until when the process that completes, verifies or fetches it is to be left alone; one
	// that could not be fetched is not tried again before.
	Lease     time.Time `json:"lease,omitzero"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`

	Revision
}

// Study is how far the verification of a large file is, for who goes on with it.
type Study struct {
	Offset int64 `json:"offset"` // bytes that were seen
	// Sums are the states of the hashes of these bytes, by algorithm, as their MarshalBinary writes them.
	Sums map[string][]byte `json:"sums"`
	// Inside is what the archive turned out to be.
	Inside json.RawMessage `json:"inside"`
}

// Done reports whether nothing more will happen to the upload.
func (u Upload) Done() bool { return u.State == UploadStored || u.State == UploadFailed }
