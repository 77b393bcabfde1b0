package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func newWhoamiCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "whoami",
		GroupID: groupAccount,
		Short:   "Tell who you are at the registry",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.whoami(cmd.Context()) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) whoami(ctx context.Context) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	me, err := c.User(ctx)
	if err != nil {
		return err
	}
	return a.result(me, func(w io.Writer) {
		fmt.Fprintf(w, "%s at %s (%s)\n", me.Username, c.URL(), strings.Join(me.Roles, ", "))
		for _, o := range me.Organizations {
			fmt.Fprintf(w, "  %s in %s\n", o.Role, o.Name)
		}
	})
}
