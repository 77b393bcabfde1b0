package route

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Matches reports whether an If-None-Match header names the ETag (weak comparison, RFC 9110
// 13.1.2).
func Matches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(etag, "W/") {
			return candidate != ""
		}
	}
	return false
}

// Revised is a record, or an answer that shows one.
type Revised interface {
	// Stamp is registry.Revision.Stamp of the record; empty when it was not read from the store.
	Stamp() string
}

// etagOf is the ETag of an answer that shows a record; empty for every other one. It names first the
// revision, for If-Match, and then what is shown of it: that differs with the caller's role, and with
// what belongs to the record and is kept elsewhere.
func etagOf(response any, body []byte) string {
	revised, ok := response.(Revised)
	if !ok || revised.Stamp() == "" {
		return ""
	}
	sum := sha256.Sum256(body)
	return `"` + revised.Stamp() + "-" + base64.RawURLEncoding.EncodeToString(sum[:9]) + `"`
}
