package route

import "strings"

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
