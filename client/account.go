package client

import (
	"context"
	"fmt"
	"iter"

	"github.com/boxvault/boxvault/shared/api"
)

func accountPath(id int64, what ...string) string {
	return route(append([]string{"api", "users", fmt.Sprint(id)}, what...)...)
}

// ChangePassword sets another password for an account, whose sessions all end. Of the own account, the
// client goes on in a new session.
func (c *Client) ChangePassword(ctx context.Context, id int64, in api.ChangePassword) (api.PasswordChanged, error) {
	changed, err := do[api.PasswordChanged](ctx, c, put(accountPath(id, "change-password"), in).asking())
	if err == nil && changed.NewToken != nil {
		c.session.replace(changed.AccessToken)
	}
	return changed, err
}

// ChangeEmail has a letter sent to another address, which is the account's once its link was opened.
func (c *Client) ChangeEmail(ctx context.Context, id int64, in api.ChangeEmail) (api.Done, error) {
	return do[api.Done](ctx, c, put(accountPath(id, "change-email"), in).asking())
}

// ChangeName sets another display name.
func (c *Client) ChangeName(ctx context.Context, id int64, name string) error {
	return c.run(ctx, put(accountPath(id, "change-name"), api.ChangeName{Name: &name}))
}

// DeleteAccount deletes an account; the password is asked of its owner.
func (c *Client) DeleteAccount(ctx context.Context, id int64, in api.DeleteAccount) error {
	r := remove(accountPath(id)).asking()
	r.body = in
	return c.run(ctx, r)
}

// Accounts goes through all accounts, for platform admins, fetching page by page. After an error there
// are no more.
func (c *Client) Accounts(ctx context.Context) iter.Seq2[api.Account, error] {
	return pages[api.Account](ctx, c, get("/api/users"))
}

// SignOutEverywhere ends every session of the caller, the client's too.
func (c *Client) SignOutEverywhere(ctx context.Context) error {
	return c.run(ctx, post("/api/auth/signout-all", nil))
}

// ForgotPassword has a letter sent by which the password can be reset, if the address is an account's.
func (c *Client) ForgotPassword(ctx context.Context, email string) error {
	return c.run(ctx, post("/api/auth/forgot-password", api.Address{Email: email}))
}

// ResetPassword sets another password, with the token of that letter.
func (c *Client) ResetPassword(ctx context.Context, in api.ResetPassword) error {
	return c.run(ctx, post("/api/auth/reset-password", in))
}
