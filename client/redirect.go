package client

import (
	"net/http"
	"net/url"

	"github.com/boxvault/boxvault/shared/registry"
)

// neverRedirect hands redirects to the caller: following one would turn a POST into a GET, and
// could take the token to another host.
func neverRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// maxRedirects is how often a file may be somewhere else; curl, as Vagrant calls it, has the same limit.
const maxRedirects = 10

// followFile follows a redirect to where a file is. The token stays with the host that it is for, and the
// link that led away is nobody else's business.
func followFile(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return registry.Errorf(registry.Invalid, "%s: more than %d redirects", via[0].URL.Host, maxRedirects)
	}
	if err := checkLink(req.URL); err != nil {
		return err
	}
	req.Header.Del("Referer")
	if !sameOrigin(req.URL, via[0].URL) {
		req.Header.Del("Authorization")
	}
	return nil
}

// checkLink refuses links that lead elsewhere than to the web, such as into this machine's files.
func checkLink(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return registry.Errorf(registry.Invalid, "the link to the file begins with %q: only http:// and https:// are followed", u.Scheme+":")
	}
	return nil
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }
