// Package cli is the command line of BoxVault, one file a command: an options struct, the cobra
// command that fills it, and a method that does the work.
package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
)

// App is the command line with everything that it touches of the world. A test runs one in
// process.
type App struct {
	Streams
	// Getenv reads the environment.
	Getenv func(string) string
	// ConfigDir returns the user's folder for configuration, as os.UserConfigDir does.
	ConfigDir func() (string, error)
	// Version is this program's.
	Version string
	// Client are options for the clients that commands make.
	Client []client.Option
	// More are commands that come from elsewhere.
	More []*cobra.Command

	url  string // --url
	json bool   // --json
}

const long = `Publish and fetch Vagrant boxes with a BoxVault registry.

To publish a box:

  boxvault login https://boxes.example.com
  boxvault push acme/debian12 1.2.0 debian12-virtualbox.box debian12-libvirt.box

Environment:
  BOXVAULT_URL    the registry to talk to, instead of the one that was logged in to last
  BOXVAULT_TOKEN  the token to use, of a session or of a service account: for CI
`

// The groups of commands in the help.
const (
	groupBoxes    = "boxes"
	groupAccount  = "account"
	GroupRegistry = "registry" // for App.More
)

// The help lists commands in the order in which they are added: that of use.
func init() { cobra.EnableCommandSorting = false }

func (a *App) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "boxvault",
		Short:         "Publish and fetch Vagrant boxes",
		Long:          long + "\nExit codes:\n" + exitCodes(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          onlyCommands,
		RunE:          showHelp,
	}
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.PersistentFlags().StringVar(&a.url, "url", "", "URL of the registry")
	root.AddGroup(
		&cobra.Group{ID: groupBoxes, Title: "Boxes:"},
		&cobra.Group{ID: groupAccount, Title: "You and your organization:"},
		&cobra.Group{ID: GroupRegistry, Title: "The registry:"})
	root.AddCommand(a.commands()...)
	root.AddCommand(a.More...)
	markUsageErrors(root)
	return root
}

func (a *App) commands() []*cobra.Command {
	return []*cobra.Command{
		newPushCmd(a), newPullCmd(a), newImportCmd(a), newSearchCmd(a), newListCmd(a), newShowCmd(a),
		newReleaseCmd(a), newRevokeCmd(a), newDeprecateCmd(a), newDeleteCmd(a),
		newSignupCmd(a), newLoginCmd(a), newLogoutCmd(a), newWhoamiCmd(a), newAccountCmd(a), newTokenCmd(a), newOrgCmd(a), newWebhookCmd(a), newAuditCmd(a),
		newVersionCmd(a),
	}
}

// jsonFlag gives a command --json.
func (a *App) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.json, "json", false, "print the result, or the error, as JSON")
}

// Run runs the command line and returns its exit code.
func (a *App) Run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		err = interrupted{err}
	}
	if err != nil {
		a.report(err)
	}
	return exitCode(err)
}

// interrupted stands for an error that came of the user's wish to stop: what it is does not matter,
// what to do about it does.
type interrupted struct{ error }

func (i interrupted) Error() string { return "interrupted" }
func (i interrupted) Unwrap() error { return i.error }

// usageError is an error in how the command was written.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// markUsageErrors has cobra's complaints about arguments and flags come as usage errors, with a
// hint where to read on.
func markUsageErrors(cmd *cobra.Command) {
	mark := func(cmd *cobra.Command, err error) error {
		if err == nil {
			return nil
		}
		return hint(usageError{err}, "see `%s --help`", cmd.CommandPath())
	}
	cmd.SetFlagErrorFunc(mark)
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error { return mark(cmd, check(cmd, args)) }
	}
	for _, sub := range cmd.Commands() {
		markUsageErrors(sub)
	}
}

// group is a command that only has subcommands.
func group(use, short string, subs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, GroupID: groupAccount, Args: onlyCommands, RunE: showHelp}
	cmd.AddCommand(subs...)
	return cmd
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// onlyCommands refuses what is no command, and guesses which one was meant.
func onlyCommands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("there is no command %q", args[0])
	cmd.SuggestionsMinimumDistance = 2
	if similar := cmd.SuggestionsFor(args[0]); len(similar) > 0 {
		return hint(err, "did you mean `%s %s`?", cmd.CommandPath(), similar[0])
	}
	return err
}
