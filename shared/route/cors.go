package route

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CrossOrigin is what pages of other origins may do with the API once their origin is allowed. The
// handler of one process answers by it, and the HTTP API on AWS is configured by it.
var CrossOrigin = struct {
	// Methods are those of the rows.
	Methods []string
	// Headers may be sent, beside those that are always allowed.
	Headers []string
	// Exposed are the headers of answers that a page may read, beside those that it always may.
	Exposed []string
	// MaxAge is how long a browser remembers the answer to a preflight.
	MaxAge time.Duration
}{
	Methods: []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
	Headers: []string{
		"Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Range",
		"X-Access-Token", "X-Checksum", "X-Checksum-Type", "X-Chunk-Index", "X-File-Name", "X-Request-Id", "X-Total-Chunks",
	},
	Exposed: []string{
		"Accept-Ranges", "Content-Disposition", "Content-Length", "Content-Range", "ETag", "Idempotency-Replayed", "Link", "Location",
		"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
		"Warning", "WWW-Authenticate", "X-Request-Id",
	},
	MaxAge: time.Hour,
}

// Origins are the origins whose pages may use the API from a browser, beside the registry's own:
// scheme, host and port, or "*" for every one there is. Credentials of the browser (cookies,
// certificates) are never asked for: a token is in a header, where a page has to put it.
type Origins []string

// ParseOrigins reads origins, separated by commas.
func ParseOrigins(text string) (list Origins, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if part != "*" && !isOrigin(part) {
			return nil, fmt.Errorf("%s: write an origin as https://boxes.example.com, without a slash at the end, or * for all", part)
		}
		list = append(list, part)
	}
	return list, nil
}

// isOrigin reports whether the text is an origin as browsers write it (RFC 6454, 6.2).
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		text == u.Scheme+"://"+strings.ToLower(u.Host)
}

// allow returns what Access-Control-Allow-Origin says to an origin; empty is nothing.
func (o Origins) allow(origin string) string {
	switch {
	case slices.Contains(o, "*"):
		return "*"
	case slices.Contains(o, origin):
		return origin
	default:
		return ""
	}
}

// The values of headers, made once. They are written as net/http writes keys.
var (
	exposedHeaders = []string{strings.Join(CrossOrigin.Exposed, ", ")}
	allowedMethods = []string{strings.Join(CrossOrigin.Methods, ", ")}
	allowedHeaders = []string{strings.Join(CrossOrigin.Headers, ", ")}
	preflightAge   = []string{strconv.Itoa(int(CrossOrigin.MaxAge.Seconds()))}
)

// CORS goes in front of all routes: it answers preflights, which go to no route, and tells browsers
// which pages may read the other answers. Source: fetch.spec.whatwg.org, "CORS protocol".
func CORS(o Origins, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, origin := w.Header(), r.Header.Get("Origin")
		allowed := o.allow(origin)
		if len(o) > 0 && allowed != "*" {
			h.Add("Vary", "Origin")
		}
		if origin != "" && allowed != "" {
			h["Access-Control-Allow-Origin"] = []string{allowed}
			h["Access-Control-Expose-Headers"] = exposedHeaders
		}
		if r.Method != http.MethodOptions || origin == "" || r.Header.Get("Access-Control-Request-Method") == "" {
			next.ServeHTTP(w, r)
			return
		}
		if allowed != "" {
			h.Del("Access-Control-Expose-Headers")
			h["Access-Control-Allow-Methods"] = allowedMethods
			h["Access-Control-Allow-Headers"] = allowedHeaders
			h["Access-Control-Max-Age"] = preflightAge
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
