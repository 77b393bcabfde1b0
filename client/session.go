package client

import (
	"context"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

// session is the token in use, and when to ask for the next one.
type session struct {
	mu      sync.Mutex
	token   string
	renewAt time.Time // zero: never
	renewed func(api.Session)
}

// WithRenewal keeps a session that may be refreshed alive: the first call after the time `at`
// (see RenewAt) fetches a new one and hands it to renewed, for keeping. Uploads can take longer
// than a session.
func WithRenewal(at time.Time, renewed func(api.Session)) Option {
	return func(c *Client) { c.session.renewAt, c.session.renewed = at, renewed }
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
func (s *session) current(ctx context.Context, c *Client) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.renewAt.IsZero() || time.Now().Before(s.renewAt) {
		return s.token
	}
	s.renewAt = time.Time{}
	next, err := c.refresh(ctx, s.token)
	if err == nil {
		s.token, s.renewAt = next.AccessToken, RenewAt(time.Now(), next)
		s.renewed(next)
	}
	return s.token
}

// replace has another token used from now on. When to renew it is as it was for the one before.
func (s *session) replace(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}
