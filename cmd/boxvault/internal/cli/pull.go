package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

type pullOptions struct {
	app          *App
	ref          string
	provider     string
	architecture string
	output       string
	force        bool
}

func newPullCmd(a *App) *cobra.Command {
	o := pullOptions{app: a}
	cmd := &cobra.Command{
		Use:     "pull ORG/BOX[@VERSION]",
		GroupID: groupBoxes,
		Short:   "Fetch a box file",
		Long: `Fetch a box file: of the newest released version unless one is named, of its only provider, and
for the architecture of this machine, or else the default one.

The bytes go into a .part file first; a pull that broke off is taken up where it was. The file has
its name once it is whole and its SHA-256 is right. If it is there already, nothing is fetched.`,
		Example: `  boxvault pull acme/debian12
  boxvault pull acme/debian12@1.2.0 --provider libvirt -o debian12.box`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.provider, "provider", "", "which provider's file")
	flags.StringVar(&o.architecture, "architecture", "", "which architecture's file")
	flags.StringVarP(&o.output, "output", "o", "", "where to put it; left out: BOX_VERSION_PROVIDER_ARCHITECTURE.box")
	flags.BoolVarP(&o.force, "force", "f", false, "replace another file that is there")
	a.jsonFlag(cmd)
	return cmd
}

// pulled is what `pull --json` prints.
type pulled struct {
	Box          string `json:"box"` // ORG/BOX
	Version      string `json:"version"`
	Provider     string `json:"provider"`
	Architecture string `json:"architecture"`
	Path         string `json:"path"`
	FileSize     int64  `json:"fileSize"`
	Checksum     string `json:"checksum"`
	ChecksumType string `json:"checksumType"`
	// AlreadyThere is set when the very same file was there, and nothing was fetched.
	AlreadyThere bool `json:"alreadyThere"`
	// ResumedBytes were fetched by an earlier pull, and not again.
	ResumedBytes int64 `json:"resumedBytes"`
}

func (o *pullOptions) run(ctx context.Context) error {
	ref, err := parseReference(o.ref)
	if err != nil {
		return err
	}
	trouble := o.app.trouble()
	c, err := o.app.connect(client.WithWaits(trouble.waits))
	if err != nil {
		return err
	}
	progress := trouble.progress(ctx, ref.tag())
	done, err := c.Pull(ctx, client.PullOptions{
		Target: ref.target(o.provider, o.architecture), Path: o.output, Overwrite: o.force, Progress: progress,
	})
	progress.close()
	if err != nil {
		return pullHint(ctx, fmt.Errorf("pull %s: %w", o.ref, err))
	}
	o.tell(done)
	return o.app.result(fromPulled(ref, done), func(w io.Writer) { fmt.Fprintln(w, done.Path) })
}

func (o *pullOptions) tell(done client.Pulled) {
	t := done.Target
	what := "fetched"
	if done.AlreadyThere {
		what = "already there:"
	}
	o.app.say("%s %s/%s %s for %s/%s, %s", what, t.Organization, t.Box, t.Version, t.Provider, t.Architecture, size(done.File.FileSize))
}

func fromPulled(ref reference, done client.Pulled) pulled {
	return pulled{
		Box: ref.tag(), Version: string(done.Target.Version), Provider: done.Target.Provider, Architecture: done.Target.Architecture,
		Path: done.Path, FileSize: done.File.FileSize, Checksum: done.File.Checksum, ChecksumType: done.File.ChecksumType,
		AlreadyThere: done.AlreadyThere, ResumedBytes: done.Resumed,
	}
}

func pullHint(ctx context.Context, err error) error {
	var unreachable *client.Unreachable
	switch {
	case ctx.Err() != nil || errors.As(err, &unreachable):
		return hint(err, "run the same command again: it goes on where it was")
	case registry.KindOf(err) == registry.Conflict:
		return hint(err, "say --force to replace it, or -o for another place")
	case registry.KindOf(err) == registry.Invalid:
		return hint(err, "say --provider or --architecture")
	}
	return err
}
