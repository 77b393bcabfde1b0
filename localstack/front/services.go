package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
)

// newServices leads every request to the emulator as it is: its signature covers the host. That it came
// over TLS is what the policies of buckets ask for (aws:SecureTransport).
func newServices(emulator *url.URL) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(emulator)
		r.Out.Host = r.In.Host
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}}
}
