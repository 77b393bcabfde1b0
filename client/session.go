package client

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

// session is the token in use, and when to ask for the next one.
type session struct {
	mu      sync.Mutex
	token   string
	renewAt time.Time // zero: never
	renew   func(ctx context.Context, token string) (next string, renewAt time.Time, err error)
}

// WithRenewal keeps a session that may be refreshed alive: the first call after the time `at`
// (see RenewAt) fetches a new one and hands it to renewed, for keeping. Uploads can take longer
// than a session.
func WithRenewal(at time.Time, renewed func(api.Session)) Option {
	return func(c *Client) {
		c.session.renewAt = at
		c.session.renew = func(ctx context.Context, token string) (string, time.Time, error) {
			next, err := c.refresh(ctx, token)
			if err == nil {
				renewed(next)
			}
			return next.AccessToken, RenewAt(time.Now(), next), err
		}
	}
}

// WithTokens uses a token, and has another one fetched by the first call after the time `at`, zero for
// never: fetch returns it, and when to fetch the next one. It is for registries whose tokens are not
// sessions of ours.
func WithTokens(token string, at time.Time, fetch func(context.Context) (token string, next time.Time, err error)) Option {
	return func(c *Client) {
		c.session.token, c.session.renewAt = token, at
		c.session.renew = func(ctx context.Context, _ string) (string, time.Time, error) { return fetch(ctx) }
	}
}

// RenewAt is when to renew a session that has begun now: after half its life. It is zero when the
// session cannot be renewed.
func RenewAt(now time.Time, s api.Session) time.Time {
	if !s.StayLoggedIn {
		return time.Time{}
	}
	return now.Add(s.ExpiresAt.Sub(now) / 2)
}

// current returns the token to send. When renewing fails the old one is used to its end: what is
// wrong with it the registry can say best.
func (s *session) current(ctx context.Context) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.renewAt.IsZero() || time.Now().Before(s.renewAt) {
		return s.token
	}
	s.renewAt = time.Time{}
	if next, at, err := s.renew(ctx, s.token); err == nil {
		s.token, s.renewAt = next, at
	}
	return s.token
}

// replace has another token used from now on. When to renew it is as it was for the one before.
func (s *session) replace(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// authorize puts the token into a request to the registry itself, and into no other.
func (c *Client) authorize(ctx context.Context, req *http.Request) {
	own, err := url.Parse(c.base)
	if err != nil || !sameOrigin(own, req.URL) {
		return
	}
	if token := c.session.current(ctx); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
}
