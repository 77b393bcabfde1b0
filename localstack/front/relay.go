package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
)

// withRelay leads uploads to the relay, with what CloudFront tells it of the client, and all else to the API.
func withRelay(relay *url.URL, api http.Handler) http.Handler {
	led := behaviours(deployment.RelayOf(functions.Groups()).Paths)
	proxy := &httputil.ReverseProxy{ErrorHandler: explain, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(relay)
		r.Out.Host = r.In.Host
		r.Out.Header.Set("CloudFront-Forwarded-Proto", "http")
		r.Out.Header.Set("CloudFront-Viewer-Address", r.In.RemoteAddr)
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if led.MatchString(r.URL.EscapedPath()) {
			proxy.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

// behaviours match what CloudFront's patterns do: "*" is any text, slashes as well.
func behaviours(patterns []string) *regexp.Regexp {
	all := regexp.QuoteMeta(strings.Join(patterns, "|"))
	return regexp.MustCompile("^(" + strings.NewReplacer(`\*`, ".*", `\|`, "|").Replace(all) + ")$")
}
