package mirror

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/boxvault/boxvault/shared/outbound"
	"github.com/boxvault/boxvault/shared/registry"
)

// userAgent is how mirrors introduce themselves.
const userAgent = "BoxVault-Mirror"

// Limits of what an upstream may do.
const (
	maxHeader    = 64 << 10
	maxRedirects = 5
	connectTime  = 10 * time.Second
	answerTime   = 30 * time.Second // to the first byte
	stallTime    = time.Minute      // without a byte
)

// upstream asks the servers that are mirrored.
type upstream struct {
	client *http.Client
	stall  time.Duration
}

// newUpstream goes straight to the server: no proxy of the environment leads elsewhere, and every address
// that it connects to is checked, those that redirects lead to as well. It has no credentials to send.
func newUpstream(allowPrivate bool) upstream {
	dialer := &net.Dialer{Timeout: connectTime, Control: outbound.Guard(allowPrivate)}
	return upstream{stall: stallTime, client: &http.Client{
		CheckRedirect: follow,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: answerTime,
			IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: maxHeader, ForceAttemptHTTP2: true,
			DisableCompression: true, // sizes and ranges are those of the file
		},
	}}
}

var (
	errRedirects = errors.New("the upstream redirects too often")
	errDowngrade = errors.New("the upstream redirects from https to another scheme")
)

func follow(r *http.Request, via []*http.Request) error {
	r.Header.Del("Referer") // where it comes from is nobody's business
	switch secure := via[len(via)-1].URL.Scheme == "https"; {
	case len(via) > maxRedirects:
		return errRedirects
	case r.URL.Scheme != "https" && (secure || r.URL.Scheme != "http"):
		return errDowngrade
	}
	return nil
}

// get asks for a URL. The error is for people, and holds neither the URL nor an address.
func (u upstream) get(ctx context.Context, link string, header ...string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, registry.Errorf(registry.Upstream, "the upstream has given no URL")
	}
	r.Header.Set("User-Agent", userAgent)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := u.client.Do(r)
	if err != nil {
		return nil, explain(ctx, err)
	}
	return res, nil
}

// explain says to people why no answer came. What will be so again tomorrow has no Retry.
func explain(ctx context.Context, err error) error {
	var unresolved *net.DNSError
	for _, final := range []error{outbound.ErrAddress, errRedirects, errDowngrade} {
		if errors.Is(err, final) {
			return registry.Errorf(registry.Upstream, "%s", final)
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &unresolved):
		return passing("the name of the upstream cannot be resolved")
	default:
		return passing("the upstream gave no answer")
	}
}

// passing is an error that may be gone the next time.
func passing(format string, args ...any) error {
	e := registry.Errorf(registry.Upstream, format, args...)
	e.Retry = true
	return e
}

// refusal is what a status means that is no success. Only who has no time now is asked again.
func refusal(status int) error {
	if status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout {
		return passing("the upstream answered %d", status)
	}
	return registry.Errorf(registry.Upstream, "the upstream answered %d", status)
}

// harmless is a URL for the log: its query may hold a signature.
func harmless(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	u.RawQuery = ""
	return u.Redacted()
}
