package cli

import (
	"context"

	"github.com/spf13/cobra"
)

type deleteOptions struct {
	app *App
	ref string
	yes bool
}

func newDeleteCmd(a *App) *cobra.Command {
	o := deleteOptions{app: a}
	cmd := &cobra.Command{
		Use:     "delete ORG/BOX[@VERSION]",
		GroupID: groupBoxes,
		Short:   "Delete a version, or a box with all its versions",
		Long: `Delete a version with its files; without a version, the box with all of them. There is no way back.

It is asked for confirmation, on a terminal; without one, --yes is needed.`,
		Example: `  boxvault delete acme/debian12@1.2.0-rc1
  boxvault delete acme/debian12 --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (o *deleteOptions) run(ctx context.Context) error {
	ref, err := parseReference(o.ref)
	if err != nil {
		return err
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	what := "version " + string(ref.version) + " of " + ref.tag()
	remove := func() error { return c.DeleteVersion(ctx, ref.organization, ref.box, string(ref.version)) }
	if ref.version == "" {
		what = ref.tag() + " with all its versions"
		remove = func() error { return c.DeleteBox(ctx, ref.organization, ref.box) }
	}
	if err := o.app.confirm(o.yes, "delete %s at %s?", what, c.URL()); err != nil {
		return err
	}
	if err := remove(); err != nil {
		return err
	}
	o.app.say("deleted %s", what)
	return nil
}
