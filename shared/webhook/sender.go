package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/outbound"
	"github.com/boxvault/boxvault/shared/registry"
)

// Limits of what a receiver may answer. What is behind maxRead is left where it is, what is behind
// maxExcerpt is not kept; reading it lets a receiver finish in peace.
const (
	maxHeader  = 16 << 10
	maxRead    = 64 << 10
	maxExcerpt = 4 << 10
)

// userAgent is how deliveries introduce themselves.
const userAgent = "BoxVault-Webhook"

// Sender sends deliveries. It can be used by several goroutines at once.
type Sender struct {
	transport *http.Transport
	dialer    *net.Dialer
	timeout   time.Duration
	now       func() time.Time
}

// Options are how a Sender behaves.
type Options struct {
	// AllowPrivate allows loopback and private addresses; link-local ones never are.
	AllowPrivate bool
	// Timeout is how long a delivery may take in all; 0 is 10 seconds.
	Timeout time.Duration
	Now     func() time.Time
}

// NewSender makes a Sender. It goes straight to the receiver: neither a proxy of the environment
// nor a redirect leads elsewhere, every delivery looks up the host anew, and the address that it
// connects to is checked then.
func NewSender(o Options) *Sender {
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	dialer := &net.Dialer{Control: outbound.Guard(o.AllowPrivate)}
	return &Sender{dialer: dialer, timeout: o.Timeout, now: o.Now, transport: &http.Transport{
		DialContext:            dialer.DialContext,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}}
}

// Send makes one attempt at a delivery and says how it ended. The error is the context's, when it
// is over, or a fault of ours: the attempt does not count then.
func (s *Sender) Send(ctx context.Context, w registry.Webhook, d registry.Delivery) (registry.Attempt, error) {
	body, err := Body(d.Event)
	if err != nil {
		return registry.Attempt{}, err
	}
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	attempt := registry.Attempt{At: s.now()}
	attempt.Status, attempt.Excerpt, err = s.post(limited, w, d, body)
	if ctx.Err() != nil && !attempt.Delivered() {
		return registry.Attempt{}, ctx.Err()
	}
	attempt.Took = s.now().Sub(attempt.At)
	switch {
	case err != nil:
		attempt.Failure = explain(err, s.timeout)
	case !attempt.Delivered():
		attempt.Failure = refusal(attempt.Status)
	}
	return attempt, nil
}

// post sends the request and reads the answer. The status decides: a body that does not come to an
// end changes nothing.
func (s *Sender) post(ctx context.Context, w registry.Webhook, d registry.Delivery, body []byte) (status int, excerpt string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": userAgent,
		EventHeader: string(d.Event.Type), DeliveryHeader: d.ID, SignatureHeader: Sign(w.Secret, body),
	} {
		req.Header.Set(name, value)
	}
	// The transport, not a client: it follows no redirect, and its errors do not hold the URL.
	res, err := s.transport.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return res.StatusCode, "", nil // the body is the connection, which no deadline ends
	}
	answer, _ := io.ReadAll(io.LimitReader(res.Body, maxRead))
	return res.StatusCode, readable(answer), nil
}

// readable is the beginning of an answer as text that every store and reader takes.
func readable(answer []byte) string {
	text := strings.ToValidUTF8(string(answer), "\uFFFD")
	text = strings.ReplaceAll(text, "\x00", "\uFFFD")
	if len(text) > maxExcerpt {
		text = strings.ToValidUTF8(text[:maxExcerpt], "")
	}
	return text
}

func refusal(status int) string {
	text := strings.TrimSpace(fmt.Sprintf("the receiver answered %d %s", status, http.StatusText(status)))
	if status/100 == 3 {
		text += "; redirects are not followed: give the URL that it leads to"
	}
	return text
}
