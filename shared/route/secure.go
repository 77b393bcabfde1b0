package route

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// harmless is what every answer tells a browser, whatever it is: its bytes are what its type says,
// nothing in it runs or is loaded, no page frames it or takes it in (a page that is allowed to asks
// by CORS, which this does not touch), and its URL, which may hold a token, is told to nobody.
// frame-ancestors says what X-Frame-Options said to browsers before 2018. The keys are as net/http
// writes them; the values are shared by all answers.
var harmless = map[string][]string{
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Referrer-Policy":              {"no-referrer"},
	"X-Content-Type-Options":       {"nosniff"},
}

// strict has browsers come by TLS only, for a year. Other names below the registry's are not ours to
// decide about.
var strict = []string{"max-age=31536000"}

// Secure goes in front of all routes and gives every answer the headers that make it harmless. A
// Document may say something else.
func Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range harmless {
			h[name] = value
		}
		if encrypted(r) {
			h["Strict-Transport-Security"] = strict
		}
		next.ServeHTTP(w, r)
	})
}

// encrypted believes X-Forwarded-Proto, which at worst lets a client lie to itself about the scheme.
func encrypted(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// PagePolicy is the Content-Security-Policy of a page that is made of this source: its own style
// elements apply, each named by its hash, and nothing else does, however it came into the page.
func PagePolicy(source string) string {
	styles := ""
	for {
		_, rest, found := strings.Cut(source, "<style>")
		style, after, _ := strings.Cut(rest, "</style>")
		if !found {
			break
		}
		sum := sha256.Sum256([]byte(style))
		styles += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		source = after
	}
	return "default-src 'none'; style-src" + styles + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
