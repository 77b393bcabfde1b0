package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/boxvault/boxvault/shared/outbound"
)

// explain says to people why no answer came. It names neither addresses nor name servers: who set
// up the webhook may not know the network that the registry is in.
func explain(err error, timeout time.Duration) string {
	var unresolved *net.DNSError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(err, outbound.ErrAddress):
		return outbound.ErrAddress.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", timeout)
	case errors.As(err, &unresolved):
		return "the host name cannot be resolved"
	case errors.As(err, &untrusted):
		return "the certificate is not accepted: " + bounded(untrusted.Err)
	}
	return "no answer: " + bounded(innermost(err))
}

// innermost is the cause at the end of a chain; what wraps it names addresses.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// bounded is the text of an error that may quote the receiver.
func bounded(err error) string {
	const limit = 300
	text := readable([]byte(err.Error()))
	if len(text) > limit {
		text = readable([]byte(text[:limit])) + "…"
	}
	return text
}
