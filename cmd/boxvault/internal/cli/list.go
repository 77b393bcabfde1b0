package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newListCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list [ORG]",
		Aliases: []string{"ls"},
		GroupID: groupBoxes,
		Short:   "List boxes",
		Long:    `List the boxes of an organization that you may see; without one, those of all organizations that you are in.`,
		Example: `  boxvault list acme
  boxvault list --json | jq -r '.[].tag'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.list(cmd.Context(), args) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) list(ctx context.Context, organizations []string) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	if len(organizations) == 0 {
		if organizations, err = mine(ctx, c); err != nil {
			return err
		}
	}
	boxes := []api.Box{}
	for _, organization := range organizations {
		for box, err := range c.Boxes(ctx, organization) {
			if err != nil {
				return err
			}
			boxes = append(boxes, box)
		}
	}
	return a.result(boxes, func(w io.Writer) { boxTable(w, boxes) })
}

// mine are the organizations that the caller is in.
func mine(ctx context.Context, c *client.Client) (names []string, err error) {
	organizations, err := c.UserOrganizations(ctx)
	for _, o := range organizations {
		names = append(names, o.Name)
	}
	return names, err
}

func boxTable(w io.Writer, boxes []api.Box) {
	tableOf(w, boxes, []string{"BOX", "VISIBILITY", "UPDATED", "DESCRIPTION"}, func(b api.Box) []string {
		return []string{b.Tag, visibility(b), date(b.UpdatedAt), short(b)}
	})
}
