package cli

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

type searchOptions struct {
	app   *App
	query client.Search
	limit int
}

func newSearchCmd(a *App) *cobra.Command {
	o := searchOptions{app: a}
	cmd := &cobra.Command{
		Use:     "search [WORD…]",
		GroupID: groupBoxes,
		Short:   "Find boxes of any organization",
		Long: `Find boxes that you may see, in all organizations. Every word must be in the box's name, its
organization's name or its descriptions; a name is found by how its words begin.`,
		Example: `  boxvault search debian
  boxvault search minimal image --provider libvirt --architecture arm64
  boxvault search --sort created --limit 5 --json | jq -r '.[].tag'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query.Text = strings.Join(args, " ")
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.query.Organization, "organization", "", "only boxes of this organization")
	flags.StringVar(&o.query.Provider, "provider", "", "only boxes with a file for this provider")
	flags.StringVar(&o.query.Architecture, "architecture", "", "only boxes with a file for this architecture")
	flags.StringVar(&o.query.Sort, "sort", "downloads", "what to sort by: downloads, created or updated")
	flags.StringVar(&o.query.Order, "order", "desc", "desc for the most or the latest first, or asc")
	flags.IntVar(&o.limit, "limit", 25, "how many to show at the most; 0 for all")
	a.jsonFlag(cmd)
	return cmd
}

func (o *searchOptions) run(ctx context.Context) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	boxes := []api.FoundBox{}
	for box, err := range c.Search(ctx, o.query) {
		if err != nil {
			return err
		}
		if boxes = append(boxes, box); len(boxes) == o.limit {
			break
		}
	}
	return o.app.result(boxes, func(w io.Writer) { foundTable(w, boxes) })
}

func foundTable(w io.Writer, boxes []api.FoundBox) {
	rows := [][]string{{"BOX", "VERSION", "PROVIDERS", "DOWNLOADS", "UPDATED", "DESCRIPTION"}}
	for _, b := range boxes {
		version, providers := b.Version, strings.Join(b.Providers, ", ")
		if version == "" {
			version, providers = "-", "-"
		}
		rows = append(rows, []string{
			b.Tag, version, providers, strconv.FormatInt(b.Downloads, 10), date(b.UpdatedAt), short(b.Box),
		})
	}
	table(w, rows)
}
