package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

type orgInviteOptions struct {
	app  *App
	role string
}

func newOrgInviteCmd(a *App) *cobra.Command {
	o := orgInviteOptions{app: a}
	cmd := &cobra.Command{
		Use:   "invite ORG EMAIL",
		Short: "Invite somebody to an organization by e-mail",
		Long: `Invite somebody to an organization by e-mail, who needs no account yet.

The link of the invitation is printed: it works once, for that address alone. An invitation of the
same address that was not accepted yet is void from then on.`,
		Example: `  boxvault org invite acme bob@example.com --role admin`,
		Args:    cobra.ExactArgs(2),
		RunE:    func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0], args[1]) },
	}
	cmd.Flags().StringVar(&o.role, "role", registry.RoleMember.String(), "member or admin")
	a.jsonFlag(cmd)
	return cmd
}

func (o *orgInviteOptions) run(ctx context.Context, organization, email string) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	made, err := c.Invite(ctx, api.InviteInput{Email: email, OrganizationName: organization, InviteRole: o.role})
	if err != nil {
		return err
	}
	o.app.say("invited %s to %s as %s; the registry says: %s", email, organization, o.role, made.Message)
	return o.app.result(made, func(w io.Writer) { fmt.Fprintln(w, made.Link) })
}

func newOrgInvitationsCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "invitations ORG",
		Short: "List who is invited to an organization and has not joined yet",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.listInvitations(cmd.Context(), args[0]) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) listInvitations(ctx context.Context, organization string) error {
	read := func(c *client.Client) ([]api.Invitation, error) { return c.Invitations(ctx, organization) }
	return printList(a, read, []string{"ADDRESS", "ROLE", "BY", "UNTIL"}, func(i api.Invitation) []string {
		return []string{i.Email, i.InvitedRole, i.InvitedBy, date(i.Expires)}
	})
}

func newOrgUninviteCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "uninvite ORG EMAIL",
		Short: "Withdraw an invitation to an organization",
		Args:  cobra.ExactArgs(2),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.uninvite(cmd.Context(), args[0], args[1]) },
	}
}

func (a *App) uninvite(ctx context.Context, organization, email string) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	list, err := c.Invitations(ctx, organization)
	if err != nil {
		return err
	}
	for _, i := range list {
		if registry.SameName(i.Email, email) {
			if err := c.WithdrawInvitation(ctx, i.ID); err != nil {
				return err
			}
			a.say("%s is no longer invited to %s", i.Email, organization)
			return nil
		}
	}
	return hint(registry.Missing(fmt.Sprintf("invitation of %s", email)), "`boxvault org invitations %s` lists them", organization)
}

func newOrgAcceptCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "accept TOKEN",
		Short: "Join an organization by invitation",
		Long: `Join an organization by invitation, with the account that you are signed in with. The token is in the
link of the invitation. Without an account, see ` + "`boxvault signup --invitation`.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.accept(cmd.Context(), args[0]) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) accept(ctx context.Context, token string) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	joined, err := c.AcceptInvitation(ctx, token)
	if err != nil {
		return err
	}
	a.say("you are now %s of %s", joined.Role, joined.Organization)
	return a.result(joined, nil)
}
