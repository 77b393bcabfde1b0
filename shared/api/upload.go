package api

import "time"

// BeginUpload opens a presigned multipart upload.
type BeginUpload struct {
	Size int64 `json:"size" schema:"minimum=1"` // bytes
	// Checksum of the whole file, hex; may be left out.
	Checksum string `json:"checksum,omitempty"`
	// ChecksumType is md5, sha1, sha256 (when left out), sha384 or sha512.
	ChecksumType string `json:"checksumType,omitempty"`
	FileName     string `json:"fileName,omitempty" schema:"maxLength=255"`
}

// CompleteUpload may declare the checksum that was not known when the upload began.
type CompleteUpload struct {
	// Checksum of the whole file, hex; may be left out.
	Checksum string `json:"checksum,omitempty"`
	// ChecksumType is md5, sha1, sha256 (when left out), sha384 or sha512.
	ChecksumType string `json:"checksumType,omitempty"`
}

// SignParts asks for the URLs of parts, at most MaxSignedParts a call.
type SignParts struct {
	PartNumbers []int `json:"partNumbers" schema:"minItems=1,maxItems=500"`
}

// MaxSignedParts is how many part URLs one answer has at the most: a presigned URL with a role's
// session token has about 2 kB, and a function's answer must stay below 6 MB.
const MaxSignedParts = 500

// Upload tells about an upload. State is open, completing, verifying, stored or failed.
type Upload struct {
	ID           string `json:"id"`
	State        string `json:"state" schema:"enum=open|completing|verifying|stored|failed"`
	Organization string `json:"organization"`
	Box          string `json:"box"`
	Version      string `json:"version"`
	Provider     string `json:"provider"`
	Architecture string `json:"architecture"`
	FileName     string `json:"fileName"`
	Size         int64  `json:"size"` // bytes declared
	Checksum     string `json:"checksum,omitempty"`
	ChecksumType string `json:"checksumType,omitempty"`
	PartSize     int64  `json:"partSize"` // bytes of every part but the last
	PartCount    int    `json:"partCount"`
	UploadedBy   string `json:"uploadedBy"`

	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"` // until when it can be resumed

	// Parts are those that have arrived; there when one upload was asked for.
	Parts []UploadedPart `json:"parts,omitempty"`
	// URLs are where to PUT parts; there when asked for.
	URLs []PartURL `json:"urls,omitempty"`

	Failure string `json:"failure,omitempty"` // why it failed
	Warning string `json:"warning,omitempty"`
	File    *File  `json:"file,omitempty"` // what was stored

	// Status is the HTTP status when it is not the usual one; not on the wire.
	Status int `json:"-"`
}

// HTTPStatus returns 202 while an upload is still being verified.
func (u Upload) HTTPStatus() int { return u.Status }

// UploadedPart is a part that has arrived.
type UploadedPart struct {
	PartNumber int    `json:"partNumber"`
	Size       int64  `json:"size"`
	ETag       string `json:"etag"`
}

// PartURL is a presigned request for one part.
type PartURL struct {
	PartNumber int       `json:"partNumber"`
	Method     string    `json:"method"` // PUT
	URL        string    `json:"url"`
	ExpiresAt  time.Time `json:"expiresAt"`
}

// UploadResult is the answer to an upload in a single request, in the existing server's shape.
type UploadResult struct {
	Success bool          `json:"success" schema:"const=true"`
	Message string        `json:"message"`
	Details UploadDetails `json:"details"`
	File    *File         `json:"file,omitempty"`
	Warning string        `json:"warning,omitempty"`
}

// UploadDetails says how far an upload is.
type UploadDetails struct {
	IsComplete     bool   `json:"isComplete"`
	Status         string `json:"status" schema:"enum=uploading|complete"` // uploading or complete
	FileSize       int64  `json:"fileSize,omitempty"`
	ChunksReceived int    `json:"chunksReceived,omitempty"`
	TotalChunks    int    `json:"totalChunks,omitempty"`
	CurrentChunk   int    `json:"currentChunk,omitempty"`
}
