package cli

import (
	"context"
	"errors"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newAccountForgotCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:     "forgot ADDRESS",
		Short:   "Have a letter sent to you by which you can set another password",
		Example: `  boxvault account forgot alice@example.com --url https://boxes.example.com`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect()
			if err != nil {
				return err
			}
			if err := c.ForgotPassword(cmd.Context(), args[0]); err != nil {
				return err
			}
			a.say("if that is the address of an account at %s, a letter is on its way", c.URL())
			return nil
		},
	}
}

func newAccountResetCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "reset LINK",
		Short: "Set another password, with the link in that letter",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.resetPassword(cmd.Context(), args[0]) },
	}
}

func (a *App) resetPassword(ctx context.Context, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Query().Get("token") == "" {
		return usageError{errors.New("the link is not the one of a letter")}
	}
	at, err := client.ParseURL(u.Scheme + "://" + u.Host)
	if err != nil {
		return usageError{err}
	}
	c, err := a.newClient(at, "")
	if err != nil {
		return err
	}
	password, err := a.askNewPassword()
	if err != nil {
		return err
	}
	if err := c.ResetPassword(ctx, api.ResetPassword{Token: u.Query().Get("token"), Password: password}); err != nil {
		return err
	}
	a.say("the password is set; sign in with `boxvault login %s`", at)
	return nil
}

func newAccountSignoutCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "signout",
		Short: "End every session you have, everywhere",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.signOutEverywhere(cmd.Context()) },
	}
}

func (a *App) signOutEverywhere(ctx context.Context) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	if err := c.SignOutEverywhere(ctx); err != nil {
		return err
	}
	a.say("signed out of %s everywhere", c.URL())
	return a.forget(c.URL())
}

// forget takes the login at a registry out of the credentials.
func (a *App) forget(url string) error {
	return a.changeCredentials(func(c *credentials) {
		delete(c.Registries, url)
		if c.Default == url {
			c.Default = ""
		}
	})
}

type accountDeleteOptions struct {
	app           *App
	yes           bool
	passwordStdin bool
}

func newAccountDeleteCmd(a *App) *cobra.Command {
	o := accountDeleteOptions{app: a}
	cmd := &cobra.Command{
		Use:   "delete",
		Short: "Delete your account; your boxes stay with their organizations",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&o.passwordStdin, "password-stdin", false, "read the password from standard input")
	return cmd
}

func (o *accountDeleteOptions) run(ctx context.Context) error {
	c, me, err := o.app.connectAsMe(ctx)
	if err != nil {
		return err
	}
	if err := o.app.confirm(o.yes, "delete the account %s at %s?", me.Username, c.URL()); err != nil {
		return err
	}
	password, err := o.app.password(o.passwordStdin)
	if err != nil {
		return err
	}
	if err := c.DeleteAccount(ctx, me.ID, api.DeleteAccount{Password: password}); err != nil {
		return err
	}
	o.app.say("deleted the account %s", me.Username)
	return o.app.forget(c.URL())
}
