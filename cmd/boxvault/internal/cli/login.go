package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

type loginOptions struct {
	app           *App
	url           string
	username      string
	passwordStdin bool
	token         string
}

func newLoginCmd(a *App) *cobra.Command {
	o := loginOptions{app: a}
	cmd := &cobra.Command{
		Use:     "login URL",
		GroupID: groupAccount,
		Short:   "Sign in to a registry",
		Long: `Sign in to a registry, which becomes the one that other commands talk to.

The user name and the password are asked for on the terminal. What is kept, in a file that only you
can read, is not the password but a session; it renews itself while it is used, and ends after a
week without.

With --token there is no password: the token of a service account, or of a session, is checked and
kept. In CI there is no need to log in: set BOXVAULT_URL and BOXVAULT_TOKEN.`,
		Example: `  boxvault login https://boxes.example.com
  boxvault login https://boxes.example.com --username alice --password-stdin <password.txt
  boxvault login https://boxes.example.com --token - <token.txt`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.url = args[0]
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringVarP(&o.username, "username", "u", "", "user name; asked for when left out")
	cmd.Flags().BoolVar(&o.passwordStdin, "password-stdin", false, "read the password from standard input")
	cmd.Flags().StringVar(&o.token, "token", "", "sign in with a token; - reads it from standard input")
	a.jsonFlag(cmd)
	return cmd
}

func (o *loginOptions) run(ctx context.Context) error {
	url, err := client.ParseURL(o.url)
	if err != nil {
		return usageError{err}
	}
	switch {
	case o.token == "":
		return o.keep(o.byPassword(ctx, url))
	case o.username != "" || o.passwordStdin:
		return usageError{errors.New("--token goes without --username and --password-stdin")}
	}
	return o.keep(o.byToken(ctx, url))
}

// signedIn is what comes of signing in.
type signedIn struct {
	url  string
	me   login
	user api.User
}

// keep writes a login down, and says so.
func (o *loginOptions) keep(in signedIn, err error) error {
	if err != nil {
		return err
	}
	err = o.app.changeCredentials(func(c *credentials) {
		c.Default, c.Registries[in.url] = in.url, in.me
	})
	if err != nil {
		return err
	}
	o.app.say("signed in to %s as %s", in.url, in.me.Username)
	if o.app.Getenv("BOXVAULT_TOKEN") != "" {
		o.app.say("note: BOXVAULT_TOKEN is set, and is used in place of this login")
	}
	return o.app.result(in.user, nil)
}

func (o *loginOptions) byToken(ctx context.Context, url string) (in signedIn, err error) {
	if o.token == "-" {
		if o.token, err = o.app.readLine(); err != nil {
			return in, usageError{errors.New("no token on standard input")}
		}
	}
	c, err := o.app.newClient(url, o.token)
	if err != nil {
		return in, err
	}
	user, err := c.User(ctx)
	if err != nil {
		return in, hint(err, "make a token with `boxvault token create`, or sign in with a password")
	}
	return signedIn{url: url, user: user, me: login{Username: user.Username, Token: o.token}}, nil
}

func (o *loginOptions) byPassword(ctx context.Context, url string) (in signedIn, err error) {
	username, err := o.name()
	if err != nil {
		return in, err
	}
	password, err := o.app.password(o.passwordStdin)
	if err != nil {
		return in, err
	}
	c, err := o.app.newClient(url, "")
	if err != nil {
		return in, err
	}
	return o.signIn(ctx, c, username, password)
}

func (o *loginOptions) signIn(ctx context.Context, c *client.Client, username, password string) (in signedIn, err error) {
	session, err := c.SignIn(ctx, api.SignIn{Username: username, Password: password, StayLoggedIn: true})
	if registry.KindOf(err) == registry.Unauthenticated {
		err = hint(err, "`boxvault signup %s` makes an account", c.URL())
	}
	if err != nil {
		return in, err
	}
	return signedIn{url: c.URL(), user: session.User, me: fromSession(session, time.Now())}, nil
}

func (o *loginOptions) name() (string, error) {
	if o.username != "" {
		return o.username, nil
	}
	name, err := o.app.ask("user name:")
	if err != nil {
		return "", hint(err, "say --username")
	}
	return name, nil
}

// password asks for the password, or reads it from standard input if that was said.
func (a *App) password(fromStdin bool) (string, error) {
	if !fromStdin {
		password, err := a.askSecret("password:")
		if err != nil {
			return "", hint(err, "say --password-stdin")
		}
		return password, nil
	}
	password, err := a.readLine()
	if err != nil {
		return "", usageError{errors.New("no password on standard input")}
	}
	return password, nil
}
