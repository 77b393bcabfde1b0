package cli

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

type signupOptions struct {
	login      loginOptions
	email      string
	invitation string
}

func newSignupCmd(a *App) *cobra.Command {
	o := signupOptions{login: loginOptions{app: a}}
	cmd := &cobra.Command{
		Use:     "signup URL",
		GroupID: groupAccount,
		Short:   "Make an account at a registry, and sign in",
		Long: `Make an account at a registry, and sign in. The first account of a registry becomes its platform
admin. What is not given by flags is asked for on the terminal.

With the token of an invitation, which is in its link, you join the organization as well; the e-mail
address is the one that was invited.`,
		Example: `  boxvault signup http://127.0.0.1:3000
  boxvault signup https://boxes.example.com --invitation 761ae0028a11ee75a02f16f702b9aa63312acfe0`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.login.url = args[0]
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringVarP(&o.login.username, "username", "u", "", "user name; asked for when left out")
	cmd.Flags().StringVar(&o.email, "email", "", "e-mail address; asked for when left out")
	cmd.Flags().StringVar(&o.invitation, "invitation", "", "`token` of an invitation to an organization")
	cmd.Flags().BoolVar(&o.login.passwordStdin, "password-stdin", false, "read the password from standard input")
	a.jsonFlag(cmd)
	return cmd
}

func (o *signupOptions) run(ctx context.Context) error {
	url, err := client.ParseURL(o.login.url)
	if err != nil {
		return usageError{err}
	}
	c, err := o.login.app.newClient(url, "")
	if err != nil {
		return err
	}
	if err := o.invited(ctx, c); err != nil {
		return err
	}
	in, err := o.answers()
	if err != nil {
		return err
	}
	if _, err := c.SignUp(ctx, in); err != nil {
		return err
	}
	signed, err := o.login.signIn(ctx, c, in.Username, in.Password)
	if registry.KindOf(err) == registry.Forbidden {
		err = hint(err, "the account is made: open the link in the letter, then `boxvault login %s`", url)
	}
	return o.login.keep(signed, err)
}

// invited tells what the invitation is to, and takes the address from it.
func (o *signupOptions) invited(ctx context.Context, c *client.Client) error {
	if o.invitation == "" {
		return nil
	}
	i, err := c.OpenInvitation(ctx, o.invitation)
	if err != nil {
		return hint(err, "it was used or withdrawn, or has expired: ask for another one")
	}
	o.login.app.say("%s is invited to %s as %s", i.Email, i.OrganizationName, i.InvitedRole)
	o.email = cmp.Or(o.email, i.Email)
	return nil
}

// answers asks for what the flags do not say.
func (o *signupOptions) answers() (in api.SignUp, err error) {
	in.InvitationToken = o.invitation
	if in.Username, err = o.login.name(); err != nil {
		return in, err
	}
	if in.Email = o.email; in.Email == "" {
		if in.Email, err = o.login.app.ask("e-mail address:"); err != nil {
			return in, hint(err, "say --email")
		}
	}
	if in.Password, err = o.login.app.password(o.login.passwordStdin); err != nil || o.login.passwordStdin {
		return in, err
	}
	again, err := o.login.app.askSecret("password again:")
	if err == nil && again != in.Password {
		err = usageError{errors.New("the passwords are not the same")}
	}
	return in, err
}
