package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// How long to hold out. With the standard pauses a call gives up after some 6 seconds, a transfer
// when nothing has come through for two minutes.
const (
	callAttempts     = 5
	transferAttempts = 10
	firstPause       = 500 * time.Millisecond
	longestPause     = 30 * time.Second
	// patience is the longest pause that the other side may ask for.
	patience = 5 * time.Minute
)

// transient wraps a failure that trying again may mend.
type transient struct {
	err error
	// after is the pause that the other side asked for; 0 when it did not.
	after time.Duration
	// progress starts the count of attempts anew: something has been gained.
	progress bool
}

func (t *transient) Error() string { return t.err.Error() }
func (t *transient) Unwrap() error { return t.err }

// persist calls try until it succeeds, fails in a way that is not transient, or has failed so many
// times in a row.
func (c *Client) persist(ctx context.Context, attempts int, try func(context.Context) error) error {
	for attempt := 1; ; attempt++ {
		err := try(ctx)
		var t *transient
		if !errors.As(err, &t) {
			return err
		}
		if t.progress {
			attempt = 1
		}
		if attempt == attempts {
			return fmt.Errorf("gave up after %d attempts: %w", attempt, t.err)
		}
		if t.after > c.patience {
			return fmt.Errorf("asked to wait for %s: %w", t.after.Round(time.Second), t.err)
		}
		if err := c.wait(ctx, max(c.backoff(attempt), t.after), t.err); err != nil {
			return err
		}
	}
}

// wait pauses, because of a failure, and says so.
func (c *Client) wait(ctx context.Context, d time.Duration, why error) error {
	if c.waits != nil {
		c.waits(d, why)
	}
	return c.pause(ctx, d)
}

// jittered is the pause after a number of failed attempts: between half and the whole of a bound
// that doubles, so that clients that failed together do not come back together.
func jittered(attempt int) time.Duration {
	bound := longestPause
	if attempt < 7 {
		bound = min(longestPause, firstPause<<(attempt-1))
	}
	return bound/2 + rand.N(bound/2)
}

// unreachable words a failure of the connection, and says whether to try again.
func (c *Client) unreachable(ctx context.Context, err error, again bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	worded := &Unreachable{URL: c.base, Err: withoutURL(err)}
	var dial *net.OpError
	notSent := errors.As(err, &dial) && dial.Op == "dial"
	distrusted := errors.As(err, new(*tls.CertificateVerificationError))
	if distrusted || notSent && !c.reached.Load() || !notSent && !again {
		return worded
	}
	return &transient{err: worded}
}

// withoutURL takes the URL off an error of net/http: the signature in a presigned one is a secret.
func withoutURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// worthRepeating says whether a refused request is worth sending again. 429 and 503 mean that it
// was not carried out; other failures of a server leave that open.
func worthRepeating(resp *http.Response, err error, again bool) error {
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		if !again {
			return err
		}
	default:
		return err
	}
	return &transient{err: err, after: retryAfter(resp.Header, time.Now())}
}

// retryAfter reads Retry-After, which is a number of seconds or a date (RFC 9110, 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return at.Sub(now)
	}
	return 0
}
