package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newReleaseCmd(a *App) *cobra.Command {
	return versionCmd(a, &cobra.Command{
		Use:   "release ORG/BOX@VERSION",
		Short: "Release a version that was held back or revoked",
		Long: `Release a version that was held back or revoked: whoever may see the box can add it then.

Versions that are pushed are released by themselves.`,
		Example: `  boxvault release acme/debian12@1.2.0`,
	}, func(ctx context.Context, c *client.Client, r reference) (api.Version, error) {
		return c.ReleaseVersion(ctx, r.organization, r.box, string(r.version))
	}, "released")
}

func newRevokeCmd(a *App) *cobra.Command {
	return versionCmd(a, &cobra.Command{
		Use:   "revoke ORG/BOX@VERSION",
		Short: "Take a released version back",
		Long: `Take a released version back. Vagrant no longer finds it; members of the organization can still fetch
its files, and "boxvault release" brings it back.`,
		Example: `  boxvault revoke acme/debian12@1.2.0`,
	}, func(ctx context.Context, c *client.Client, r reference) (api.Version, error) {
		return c.RevokeVersion(ctx, r.organization, r.box, string(r.version))
	}, "revoked")
}

func newDeprecateCmd(a *App) *cobra.Command {
	var reason string
	var undo bool
	cmd := versionCmd(a, &cobra.Command{
		Use:   "deprecate ORG/BOX@VERSION",
		Short: "Warn of a version, with a reason",
		Long: `Warn of a version. It can be added as before; its description and its badge carry the warning, and those
who watch the box get a letter.`,
		Example: `  boxvault deprecate acme/debian12@1.2.0 --reason "the kernel has a hole: use 1.2.1"
  boxvault deprecate acme/debian12@1.2.0 --undo`,
	}, func(ctx context.Context, c *client.Client, r reference) (api.Version, error) {
		on := !undo
		return c.UpdateVersion(ctx, r.organization, r.box, string(r.version), api.VersionInput{Deprecated: &on, DeprecationReason: set(reason)})
	}, "updated")
	cmd.Flags().StringVar(&reason, "reason", "", "why, and what to use instead; needed unless there is one from before")
	cmd.Flags().BoolVar(&undo, "undo", false, "no longer warn of it")
	return cmd
}

// versionCmd makes a command that does one thing to a version.
func versionCmd(a *App, cmd *cobra.Command, do func(context.Context, *client.Client, reference) (api.Version, error), done string) *cobra.Command {
	cmd.GroupID, cmd.Args = groupBoxes, cobra.ExactArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ref, err := parseReference(args[0])
		if err != nil {
			return err
		}
		if ref.version == "" {
			return usageError{fmt.Errorf("%q names no version: write %s@1.0.0", args[0], ref.tag())}
		}
		c, err := a.connect()
		if err != nil {
			return err
		}
		v, err := do(cmd.Context(), c, ref)
		if err != nil {
			return err
		}
		a.say("%s version %s of %s: it is %s", done, v.VersionNumber, ref.tag(), status(v))
		return a.result(v, nil)
	}
	a.jsonFlag(cmd)
	return cmd
}
