package blobstore

import (
	"cmp"
	"mime"
)

// Disposition is the Content-Disposition of the answer (RFC 6266), which has a browser save it
// under FileName. Whatever a name holds (quotes, other alphabets, line ends) comes out encoded,
// so it cannot end the header. Empty without a name.
func (o LinkOptions) Disposition() string {
	if o.FileName == "" {
		return ""
	}
	return mime.FormatMediaType("attachment", map[string]string{"filename": o.FileName})
}

// MediaType is the Content-Type of the answer.
func (o LinkOptions) MediaType() string {
	return cmp.Or(o.ContentType, "application/octet-stream")
}
