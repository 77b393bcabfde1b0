package route

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// renamed leads a read that was asked for under an earlier name of an organization to where it is
// now, and reports whether it did. It is not permanent: a name can be taken back.
func renamed(w http.ResponseWriter, r *http.Request, e *registry.Error) bool {
	to, _ := e.Details["renamedTo"].(string)
	if e.Kind != registry.Renamed || to == "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	_, pattern := Split(r.Pattern)
	at := slices.Index(strings.Split(pattern, "/"), "{organization}")
	segments := strings.Split(r.URL.EscapedPath(), "/")
	if at < 0 || at >= len(segments) {
		return false
	}
	segments[at] = url.PathEscape(to)
	location := strings.Join(segments, "/")
	if r.URL.RawQuery != "" {
		location += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", location)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusTemporaryRedirect)
	return true
}
