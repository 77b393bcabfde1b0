package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newAccountCmd(a *App) *cobra.Command {
	return group("account", "Change or delete your account",
		newAccountPasswordCmd(a), newAccountEmailCmd(a), newAccountForgotCmd(a), newAccountResetCmd(a),
		newAccountSignoutCmd(a), newAccountDeleteCmd(a))
}

func newAccountPasswordCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "password",
		Short: "Change your password: every other session ends",
		Long: `Change your password. Every session ends but the one here, which goes on; the tokens of service
accounts stay good. The passwords are asked for on the terminal.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.changePassword(cmd.Context()) },
	}
}

func (a *App) changePassword(ctx context.Context) error {
	c, me, err := a.connectAsMe(ctx)
	if err != nil {
		return err
	}
	before, err := a.askSecret("current password:")
	if err != nil {
		return err
	}
	after, err := a.askNewPassword()
	if err != nil {
		return err
	}
	changed, err := c.ChangePassword(ctx, me.ID, api.ChangePassword{CurrentPassword: before, NewPassword: after})
	if err != nil {
		return err
	}
	a.say("the password of %s is changed, and every other session was ended", me.Username)
	if a.Getenv("BOXVAULT_TOKEN") != "" || changed.NewToken == nil {
		return nil
	}
	return a.changeCredentials(func(saved *credentials) {
		saved.Registries[c.URL()] = fromSession(api.Session{
			User: me, AccessToken: changed.AccessToken, ExpiresAt: changed.ExpiresAt, StayLoggedIn: changed.StayLoggedIn,
		}, time.Now())
	})
}

// connectAsMe is connect, and who the user is there.
func (a *App) connectAsMe(ctx context.Context) (*client.Client, api.User, error) {
	c, err := a.connect()
	if err != nil {
		return nil, api.User{}, err
	}
	me, err := c.User(ctx)
	if err == nil && me.IsServiceAccount {
		err = hint(errors.New("a service account has no password and no address"), "log in as yourself with `boxvault login %s`", c.URL())
	}
	return c, me, err
}

// askNewPassword asks for a password twice.
func (a *App) askNewPassword() (string, error) {
	password, err := a.askSecret("new password:")
	if err != nil {
		return "", err
	}
	again, err := a.askSecret("new password again:")
	if err == nil && again != password {
		err = usageError{errors.New("the passwords are not the same")}
	}
	return password, err
}

func newAccountEmailCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "email ADDRESS",
		Short: "Change your e-mail address: a letter goes there first",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.changeEmail(cmd.Context(), args[0]) },
	}
}

func (a *App) changeEmail(ctx context.Context, address string) error {
	c, me, err := a.connectAsMe(ctx)
	if err != nil {
		return err
	}
	password, err := a.askSecret("password:")
	if err != nil {
		return err
	}
	if _, err := c.ChangeEmail(ctx, me.ID, api.ChangeEmail{NewEmail: address, Password: password}); err != nil {
		return err
	}
	if me, err = c.User(ctx); err != nil {
		return err
	}
	if me.Email == address {
		a.say("your address is %s now", address)
	} else {
		a.say("a letter is on its way to %s: the address changes when the link in it is opened", address)
	}
	return nil
}
