package client

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/boxvault/boxvault/shared/api"
)

// SignUp makes an account, which can then sign in. The first account of a registry becomes its
// platform admin.
func (c *Client) SignUp(ctx context.Context, in api.SignUp) (api.User, error) {
	done, err := do[struct{ Data api.User }](ctx, c, post("/api/auth/signup", in))
	return done.Data, err
}

// SignIn starts a session; from then on the client uses it.
func (c *Client) SignIn(ctx context.Context, in api.SignIn) (api.Session, error) {
	return c.begin(do[api.Session](ctx, c, post("/api/auth/signin", in).asking()))
}

// SignInService starts a session of a service account; from then on the client uses it.
func (c *Client) SignInService(ctx context.Context, in api.ServiceSignIn) (api.Session, error) {
	return c.begin(do[api.Session](ctx, c, post("/api/auth/service-account", in)))
}

func (c *Client) begin(s api.Session, err error) (api.Session, error) {
	if err == nil {
		c.session.replace(s.AccessToken)
	}
	return s, err
}

// refresh exchanges a token for a new one. It must not go through send, which waits for it.
func (c *Client) refresh(ctx context.Context, token string) (s api.Session, err error) {
	err = c.persist(ctx, callAttempts, func(ctx context.Context) error {
		a, err := c.try(ctx, post("/api/auth/refresh-token", nil).patient(), token)
		if err != nil {
			return err
		}
		return json.Unmarshal(a.body, &s)
	})
	if err != nil {
		return s, fmt.Errorf("renew the session: %w", err)
	}
	return s, nil
}

// SignOut ends the session.
func (c *Client) SignOut(ctx context.Context) error {
	return c.run(ctx, post("/api/auth/signout", nil))
}

// User tells who the client's token belongs to.
func (c *Client) User(ctx context.Context) (api.User, error) {
	return do[api.User](ctx, c, get("/api/user"))
}

// CreateServiceAccount makes a service account. Its token is in the result, and nowhere again.
func (c *Client) CreateServiceAccount(ctx context.Context, in api.ServiceAccountInput) (api.ServiceAccount, error) {
	return do[api.ServiceAccount](ctx, c, post("/api/service-accounts", in))
}

// ServiceAccounts lists the caller's service accounts.
func (c *Client) ServiceAccounts(ctx context.Context) ([]api.ServiceAccount, error) {
	return do[[]api.ServiceAccount](ctx, c, get("/api/service-accounts"))
}

// DeleteServiceAccount takes a service account's rights away, at once.
func (c *Client) DeleteServiceAccount(ctx context.Context, id int64) error {
	return c.run(ctx, remove(route("api", "service-accounts", fmt.Sprint(id))))
}
