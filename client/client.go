// Package client talks to a BoxVault registry: it signs in, manages organizations, boxes and
// service accounts, and sends and fetches box files.
//
// Push and Pull are what most programs need. Push sends a file straight to where the registry
// keeps its bytes, several parts at a time, and takes up an upload that broke off; Pull fetches a
// file, takes up a download that broke off, and checks its SHA-256. All other methods are one
// request each; their inputs and results are the types of package api.
//
// An answer that is no success is a *registry.Error, found with errors.As; its Kind is looked up in
// registry.Kinds. Requests that may safely be sent again are sent again, with growing pauses, when
// the connection fails or the registry is overloaded.
package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Client is a connection to one registry, with one identity. It is safe for concurrent use.
type Client struct {
	base      string // without a slash at the end
	http      *http.Client
	files     *http.Client // for GET of files, which may be elsewhere: it follows redirects
	userAgent string
	session   session
	backoff   func(attempt int) time.Duration
	pause     func(ctx context.Context, d time.Duration) error
	waits     func(d time.Duration, why error) // nil: nobody wants to know
	patience  time.Duration
	stall     time.Duration
	maxAnswer int64
	// reached is set by the first answer: until then a registry that does not listen is more
	// likely to be misspelled than to be starting up, and no one wants to wait for that.
	reached atomic.Bool
}

// Option changes how a Client works.
type Option func(*Client)

// WithUserAgent sets the User-Agent header; without it, it is "boxvault-client".
func WithUserAgent(name string) Option {
	return func(c *Client) { c.userAgent = name }
}

// WithBackoff sets how long to wait before the next attempt; attempt counts those that failed,
// from 1. Without it the pause is drawn from below a bound that doubles from half a second up to
// 30 seconds.
func WithBackoff(pause func(attempt int) time.Duration) Option {
	return func(c *Client) { c.backoff = pause }
}

// WithPause has pause called wherever the client would sleep; it returns the context's error when that
// ends first.
func WithPause(pause func(ctx context.Context, d time.Duration) error) Option {
	return func(c *Client) { c.pause = pause }
}

// WithWaits has waits called before each pause that a failure makes necessary, with its length. It may
// be called from several goroutines at once.
func WithWaits(waits func(d time.Duration, why error)) Option {
	return func(c *Client) { c.waits = waits }
}

// WithPatience sets the longest pause that the other side may ask for (Retry-After); when it asks for
// more, that is an error. Without it that is five minutes.
func WithPatience(longest time.Duration) Option {
	return func(c *Client) { c.patience = longest }
}

// WithMaxAnswer sets the most bytes of JSON that are read of an answer; more is an error. Without it that
// is 256 MiB: the largest answers are those about boxes with very many versions.
func WithMaxAnswer(bytes int64) Option {
	return func(c *Client) { c.maxAnswer = bytes }
}

// WithStallTimeout sets after what time without a byte moving a transfer is cut and taken up
// again. Without it that is two minutes: on a slow line what is in the system's buffers takes a
// while to leave.
func WithStallTimeout(d time.Duration) Option {
	return func(c *Client) { c.stall = d }
}

// New makes a client of the registry at baseURL (https://boxes.example.com). The token is that of a
// session or of a service account; empty, the client is a stranger and sees what is public.
func New(baseURL, token string, opts ...Option) (*Client, error) {
	base, err := ParseURL(baseURL)
	if err != nil {
		return nil, err
	}
	transport := newTransport()
	c := &Client{
		base: base, userAgent: "boxvault-client", backoff: jittered, pause: pause, patience: patience, stall: 2 * time.Minute, maxAnswer: maxAnswer,
		http:  &http.Client{Transport: transport, CheckRedirect: neverRedirect},
		files: &http.Client{Transport: transport, CheckRedirect: followFile},
	}
	c.session.token = token
	for _, opt := range opts {
		opt(c)
	}
	return c, nil
}

// ParseURL checks the URL of a registry and returns it in the form that two spellings of the same
// registry share. Without a scheme it is https, and http for this machine.
func ParseURL(s string) (string, error) {
	if !strings.Contains(s, "://") {
		s = defaultScheme(s) + "://" + s
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", fmt.Errorf("the registry's URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.User != nil, u.RawQuery != "":
		return "", fmt.Errorf("%q is no URL of a registry: it must look like https://boxes.example.com", s)
	}
	return strings.ToLower(u.Scheme+"://"+u.Host) + strings.TrimRight(u.EscapedPath(), "/"), nil
}

func defaultScheme(host string) string {
	for _, local := range []string{"localhost", "127.", "[::1]"} {
		if strings.HasPrefix(host, local) {
			return "http"
		}
	}
	return "https"
}

// URL returns the registry's URL, without a slash at the end.
func (c *Client) URL() string { return c.base }

// newTransport keeps to HTTP/1.1: every part of an upload then has a connection of its own, where
// HTTP/2 would send them all through one, and one flow-control window.
func newTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	// The clone of a transport offers HTTP/2 in its TLS handshake all the same.
	t.TLSClientConfig = nil
	t.MaxIdleConnsPerHost = 16
	t.WriteBufferSize, t.ReadBufferSize = 64<<10, 64<<10
	t.ResponseHeaderTimeout = 5 * time.Minute
	return t
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
