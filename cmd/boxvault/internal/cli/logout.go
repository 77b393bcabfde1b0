package cli

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
)

func newLogoutCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:     "logout [URL]",
		GroupID: groupAccount,
		Short:   "End the session at a registry and forget it",
		Long: `End the session at a registry, the one of the last login unless another is named, and forget it.

The token of a service account is forgotten too, but stays valid: delete it with
` + "`boxvault token delete`.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				a.url = args[0]
			}
			return a.logout(cmd.Context())
		},
	}
}

func (a *App) logout(ctx context.Context) error {
	saved, err := a.readCredentials()
	if err != nil {
		return err
	}
	url := cmp.Or(a.url, saved.Default)
	if url != "" {
		if url, err = client.ParseURL(url); err != nil {
			return usageError{err}
		}
	}
	me, ok := saved.Registries[url]
	if !ok {
		return hint(usageError{errors.New("not signed in there")}, "`boxvault whoami` tells where you are signed in")
	}
	if !me.RenewAt.IsZero() {
		a.endSession(ctx, url, me.Token)
	}
	if err = a.forget(url); err == nil {
		a.say("signed out of %s", url)
	}
	return err
}

// endSession ends a session at the registry, too. That it cannot be reached, or has ended the
// session already, is no reason to keep the token.
func (a *App) endSession(ctx context.Context, url, token string) {
	c, err := a.newClient(url, token)
	if err == nil {
		err = c.SignOut(ctx)
	}
	if err != nil {
		a.say("the registry could not be told: %v", err)
	}
}
