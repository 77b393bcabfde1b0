package embedded

import (
	"net/http"
	"net/url"
	"strings"

	blobs "github.com/boxvault/boxvault/shared/blobstore/local"
)

// direct answers a box's stable download URL with the file itself, where the API would lead to a
// signed link of this very process, which is at base: the documented `curl -O URL` follows no redirects,
// and Vagrant is spared one.
func direct(base string, api, files http.Handler) http.Handler {
	_, address, _ := strings.Cut(base, "://") // the scheme is the client's
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/vagrant.box") {
			api.ServeHTTP(w, r)
			return
		}
		led := &led{ResponseWriter: w, ours: address + blobs.Prefix}
		api.ServeHTTP(led, r)
		if led.key == "" {
			return
		}
		link, err := url.Parse(blobs.Prefix + led.key)
		if err != nil {
			http.Error(w, "the link to the file is no URL", http.StatusInternalServerError)
			return
		}
		there := r.Clone(r.Context())
		there.URL = link
		files.ServeHTTP(w, there)
	})
}

// led keeps a redirect to one of our links from going out, and remembers where it leads.
type led struct {
	http.ResponseWriter
	ours string // what our links have behind their scheme
	key  string
}

func (l *led) WriteHeader(status int) {
	_, to, _ := strings.Cut(l.Header().Get("Location"), "://")
	key, ours := strings.CutPrefix(to, l.ours)
	if status != http.StatusFound || !ours {
		l.ResponseWriter.WriteHeader(status)
		return
	}
	l.key = key
	l.Header().Del("Location")
}

// Unwrap is for http.ResponseController.
func (l *led) Unwrap() http.ResponseWriter { return l.ResponseWriter }
