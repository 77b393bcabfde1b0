package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func newOrgMembersCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "members ORG",
		Short: "List the members of an organization",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.listMembers(cmd.Context(), args[0]) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) listMembers(ctx context.Context, organization string) error {
	read := func(c *client.Client) ([]api.Member, error) { return c.Members(ctx, organization) }
	return printList(a, read, []string{"USER", "ROLE", "SINCE"}, func(m api.Member) []string {
		return []string{m.Username, m.Role, date(m.JoinedAt)}
	})
}

type orgAddOptions struct {
	app  *App
	role string
}

func newOrgAddCmd(a *App) *cobra.Command {
	o := orgAddOptions{app: a}
	cmd := &cobra.Command{
		Use:   "add ORG USER",
		Short: "Make a user a member of an organization",
		Long: `Make a user a member of an organization.

A member creates boxes and changes own ones; an admin changes any box and manages members; an owner
manages admins and owners, and deletes the organization.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0], args[1]) },
	}
	cmd.Flags().StringVar(&o.role, "role", registry.RoleMember.String(), "member, admin or owner")
	return cmd
}

func (o *orgAddOptions) run(ctx context.Context, organization, user string) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	m, err := c.AddMember(ctx, organization, api.MemberInput{Username: user, Role: o.role})
	if err != nil {
		return err
	}
	o.app.say("%s is now %s of %s", m.Username, m.Role, organization)
	return nil
}

func newOrgRemoveCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "remove ORG USER",
		Short: "End a user's membership of an organization",
		Args:  cobra.ExactArgs(2),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.removeMember(cmd.Context(), args[0], args[1]) },
	}
}

func (a *App) removeMember(ctx context.Context, organization, user string) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	members, err := c.Members(ctx, organization)
	if err != nil {
		return err
	}
	for _, m := range members {
		if registry.SameName(m.Username, user) {
			if err := c.RemoveMember(ctx, organization, m.ID); err != nil {
				return err
			}
			a.say("%s is no longer a member of %s", m.Username, organization)
			return nil
		}
	}
	return hint(registry.Missing(fmt.Sprintf("member %s", user)), "`boxvault org members %s` lists them", organization)
}
