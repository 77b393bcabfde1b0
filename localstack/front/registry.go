package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// largest is how much of a request or an answer goes through a function, in bytes: 6 MB, less what the
// event has beside the body (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
// Emulators let more through; API Gateway itself takes 10 MB.
const largest = 6<<20 - 16<<10

// hidden are the paths that MiniStack answers itself, whatever the host.
var hidden = map[string]bool{"/health": true, "/oauth2/token": true}

// newRegistry leads every request to the HTTP API of that name.
func newRegistry(emulator *url.URL, name string) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(emulator)
			r.SetXForwarded()
			r.Out.Host = name
			if hidden[r.In.URL.Path] { // API Gateway makes one slash of two
				r.Out.URL.Path = "/" + r.In.URL.Path
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if r.ContentLength > largest {
				return fmt.Errorf("the answer has %d bytes, and a function's at most %d", r.ContentLength, largest)
			}
			return nil
		},
		ErrorHandler: explain,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > room(r) {
			explain(w, r, &http.MaxBytesError{Limit: room(r)})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, room(r))
		proxy.ServeHTTP(w, r)
	})
}

// room is how long the body of a request may be: what is no text is in an event as base64.
func room(r *http.Request) int64 {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case strings.HasPrefix(kind, "text/"), kind == "application/json", kind == "application/xml", kind == "application/javascript":
		return largest
	default:
		return int64(base64.StdEncoding.DecodedLen(largest))
	}
}

// explain answers in API Gateway's words. X-Front-Error tells who looks why.
func explain(w http.ResponseWriter, _ *http.Request, err error) {
	status, words := http.StatusBadGateway, "Internal Server Error"
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		status, words = http.StatusRequestEntityTooLarge, "Request Entity Too Large"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Front-Error", strings.ReplaceAll(err.Error(), "\n", " "))
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"message":%q}`, words)
}
