package embedded

import (
	"net/http"
	"net/url"
	"strings"

	blobs "github.com/boxvault/boxvault/shared/blobstore/local"
)

// direct answers a box's stable download URL with the file itself, where the API would lead to a
// signed link of this very process: the documented `curl -O URL` follows no redirects, and Vagrant
// is spared one.
func direct(api, files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/vagrant.box") {
			api.ServeHTTP(w, r)
			return
		}
		led := &led{ResponseWriter: w}
		api.ServeHTTP(led, r)
		if led.to == "" {
			return
		}
		_, key, _ := strings.Cut(led.to, blobs.Prefix)
		link, err := url.Parse(blobs.Prefix + key)
		if err != nil {
			http.Error(w, "the link to the file is no URL", http.StatusInternalServerError)
			return
		}
		there := r.Clone(r.Context())
		there.URL = link
		files.ServeHTTP(w, there)
	})
}

// led keeps a redirect from going out, and remembers where it leads.
type led struct {
	http.ResponseWriter
	to string
}

func (l *led) WriteHeader(status int) {
	if status != http.StatusFound {
		l.ResponseWriter.WriteHeader(status)
		return
	}
	l.to = l.Header().Get("Location")
	l.Header().Del("Location")
}

// Unwrap is for http.ResponseController.
func (l *led) Unwrap() http.ResponseWriter { return l.ResponseWriter }
