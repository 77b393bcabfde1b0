package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newOrgCmd(a *App) *cobra.Command {
	return group("org", "Make, list and delete organizations, and manage their members",
		newOrgCreateCmd(a), newOrgListCmd(a), newOrgDeleteCmd(a), newOrgMembersCmd(a), newOrgAddCmd(a), newOrgRemoveCmd(a),
		newOrgInviteCmd(a), newOrgInvitationsCmd(a), newOrgUninviteCmd(a), newOrgAcceptCmd(a), newOrgMirrorCmd(a))
}

type orgCreateOptions struct {
	app         *App
	name        string
	description string
	email       string
}

func newOrgCreateCmd(a *App) *cobra.Command {
	o := orgCreateOptions{app: a}
	cmd := &cobra.Command{
		Use:     "create NAME",
		Short:   "Make an organization, which you own",
		Example: `  boxvault org create acme --description "Boxes of Acme Inc."`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&o.description, "description", "", "what it is")
	cmd.Flags().StringVar(&o.email, "email", "", "where it can be reached")
	a.jsonFlag(cmd)
	return cmd
}

func (o *orgCreateOptions) run(ctx context.Context) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	made, err := c.CreateOrganization(ctx, api.OrganizationInput{
		Name: &o.name, Description: set(o.description), Email: set(o.email),
	})
	if err != nil {
		return err
	}
	o.app.say("made organization %s", made.Name)
	return o.app.result(made, nil)
}

// set is nil for a text that was not given.
func set(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func newOrgListCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the organizations that you are in",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.listOrgs(cmd.Context()) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) listOrgs(ctx context.Context) error {
	read := func(c *client.Client) ([]api.UserOrganization, error) { return c.UserOrganizations(ctx) }
	return printList(a, read, []string{"ORGANIZATION", "ROLE", "SINCE"}, func(o api.UserOrganization) []string {
		return []string{o.Name, o.Role, date(o.JoinedAt)}
	})
}

type orgDeleteOptions struct {
	app *App
	yes bool
}

func newOrgDeleteCmd(a *App) *cobra.Command {
	o := orgDeleteOptions{app: a}
	cmd := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete an organization with its boxes",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0]) },
	}
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (o *orgDeleteOptions) run(ctx context.Context, name string) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	if err := o.app.confirm(o.yes, "delete organization %s with all its boxes at %s?", name, c.URL()); err != nil {
		return err
	}
	if err := c.DeleteOrganization(ctx, name); err != nil {
		return err
	}
	o.app.say("deleted organization %s", name)
	return nil
}
