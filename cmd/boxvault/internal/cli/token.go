package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newTokenCmd(a *App) *cobra.Command {
	return group("token", "Make, list and delete tokens for programs (service accounts)",
		newTokenCreateCmd(a), newTokenListCmd(a), newTokenDeleteCmd(a))
}

type tokenCreateOptions struct {
	app          *App
	organization string
	description  string
	expires      string
}

func newTokenCreateCmd(a *App) *cobra.Command {
	o := tokenCreateOptions{app: a}
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a service account and print its token",
		Long: `Make a service account, which acts for you in one organization only, and print its token. The token
is shown this once. It stops when it expires, is deleted, or you leave the organization.`,
		Example: `  boxvault token create --organization acme --description "GitHub Actions" --expires 90d`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	cmd.Flags().StringVar(&o.organization, "organization", "", "where it acts; left out: your primary organization")
	cmd.Flags().StringVar(&o.description, "description", "", "what it is for")
	cmd.Flags().StringVar(&o.expires, "expires", "", "after how long it expires, as 90d, 12w or 1y; left out: never")
	a.jsonFlag(cmd)
	return cmd
}

func (o *tokenCreateOptions) run(ctx context.Context) error {
	in := api.ServiceAccountInput{Organization: o.organization, Description: o.description}
	if o.expires != "" {
		days, err := parseDays(o.expires)
		if err != nil {
			return usageError{fmt.Errorf("--expires %q: %w", o.expires, err)}
		}
		in.ExpirationDays = &days
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	made, err := c.CreateServiceAccount(ctx, in)
	if err != nil {
		return err
	}
	o.app.say("made service account %s for %s, expires: %s", made.Username, made.Organization, expiry(made))
	o.app.say("keep the token now, it is not shown again; in CI set it as BOXVAULT_TOKEN, and BOXVAULT_URL=%s", c.URL())
	o.app.say("clients that sign in take the client id %s, and the token is the secret", made.Username)
	return o.app.result(made, func(w io.Writer) { fmt.Fprintln(w, made.Token) })
}

var daysIn = map[string]int{"d": 1, "w": 7, "y": 365}

// parseDays reads a time of days, weeks or years: 90d, 12w, 1y.
func parseDays(s string) (int, error) {
	unit := strings.TrimLeft(s, "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(s, unit))
	if err != nil || daysIn[unit] == 0 || n < 1 || n > 3650 {
		return 0, errors.New("must be a number of days, weeks or years, as 90d, 12w or 1y")
	}
	return n * daysIn[unit], nil
}

func expiry(s api.ServiceAccount) string {
	if s.ExpiresAt == nil {
		return date(time.Time{})
	}
	return date(*s.ExpiresAt)
}

func newTokenListCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List your service accounts",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.listTokens(cmd.Context()) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) listTokens(ctx context.Context) error {
	read := func(c *client.Client) ([]api.ServiceAccount, error) { return c.ServiceAccounts(ctx) }
	return printList(a, read, []string{"ID", "NAME", "ORGANIZATION", "EXPIRES", "DESCRIPTION"}, func(s api.ServiceAccount) []string {
		return []string{strconv.FormatInt(s.ID, 10), s.Username, s.Organization, expiry(s), s.Description}
	})
}
