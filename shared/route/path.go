package route

import (
	"net/http"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// NoRow is the answer to a request that no row takes.
func NoRow(method, path string) *registry.Error {
	return registry.Errorf(registry.NotFound, "there is no %s %s", method, path)
}

// Refuse answers every request so.
func Refuse() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeError(w, Row{}, NoRow(r.Method, r.URL.Path))
	})
}

// Clean goes in front of a ServeMux, which would answer paths it does not find clean with a
// redirect: a POST turns into a GET by that, and Vagrant's API client follows none. Slashes in a
// row count as one (VAGRANT_SERVER_URL with a trailing slash makes them), and a path with a dot
// segment goes to `refuse`: no name has only dots.
func Clean(next, refuse http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "//") {
			r = r.Clone(r.Context())
			r.URL.Path = collapse(r.URL.Path)
			r.URL.RawPath = collapse(r.URL.RawPath)
		}
		if hasDotSegment(r.URL.Path) {
			refuse.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func collapse(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

func hasDotSegment(path string) bool {
	return strings.Contains(path, "/.") && slices.ContainsFunc(strings.Split(path, "/"), func(s string) bool {
		return s == "." || s == ".."
	})
}
