package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

type tokenDeleteOptions struct {
	app  *App
	name string
	yes  bool
}

func newTokenDeleteCmd(a *App) *cobra.Command {
	o := tokenDeleteOptions{app: a}
	cmd := &cobra.Command{
		Use:   "delete NAME|ID",
		Short: "Delete a service account: its token is void from then on",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (o *tokenDeleteOptions) run(ctx context.Context) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	id, err := o.find(ctx, c)
	if err != nil {
		return err
	}
	if err := o.app.confirm(o.yes, "delete service account %s at %s?", o.name, c.URL()); err != nil {
		return err
	}
	if err := c.DeleteServiceAccount(ctx, id); err != nil {
		return err
	}
	o.app.say("deleted service account %s", o.name)
	return nil
}

// find finds the id of one of the caller's service accounts by its name. An id need not be found:
// admins delete those of others by it.
func (o *tokenDeleteOptions) find(ctx context.Context, c *client.Client) (int64, error) {
	if id, err := strconv.ParseInt(o.name, 10, 64); err == nil {
		return id, nil
	}
	accounts, err := c.ServiceAccounts(ctx)
	if err != nil {
		return 0, err
	}
	for _, s := range accounts {
		if registry.SameName(s.Username, o.name) {
			return s.ID, nil
		}
	}
	return 0, hint(registry.Missing(fmt.Sprintf("service account %s", o.name)), "`boxvault token list` lists yours")
}
