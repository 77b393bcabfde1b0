package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
)

type pushOptions struct {
	app                *App
	ref                reference
	files              []string
	provider           string
	architecture       string
	public, private    bool
	description        string
	versionDescription string
	noRelease          bool
	parallel           int
}

func newPushCmd(a *App) *cobra.Command {
	o := pushOptions{app: a}
	cmd := &cobra.Command{
		Use:     "push ORG/BOX VERSION FILE…",
		GroupID: groupBoxes,
		Short:   "Publish box files as a version",
		Long: `Publish box files as a version of a box. What is missing is made: the box (private, unless you say
--public), the version, its providers and architectures.

Provider and architecture are read from the metadata.json in each file. Boxes made before Vagrant
2.4 name no architecture: they are published as "unknown", which Vagrant takes on any host; say
--architecture to do better.

The version is released, for Vagrant to see, when all files are stored and their checksums are
right, and not before. Files of a released version stay as they are: to change one, publish a new
version. Pushing the very same file again does nothing and succeeds.

A push that broke off, or was stopped with Ctrl-C, is taken up by running the same command again
within 7 days: what has arrived is not sent again.`,
		Example: `  boxvault push acme/debian12 1.2.0 debian12.box
  boxvault push acme/debian12 1.2.0 virtualbox.box libvirt.box --public
  boxvault push acme/debian12 "$TAG" out/*.box --architecture amd64 --json`,
		Args: cobra.MinimumNArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.parse(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.provider, "provider", "", "provider of the files; left out: what they say")
	flags.StringVar(&o.architecture, "architecture", "", "architecture of the files; left out: what they say")
	flags.BoolVar(&o.private, "private", false, "if the box is made: only members see it (the default)")
	flags.BoolVar(&o.public, "public", false, "if the box is made: anyone may download it")
	flags.StringVar(&o.description, "description", "", "description of the box, if it is made")
	flags.StringVar(&o.versionDescription, "version-description", "", "description of the version, if it is made")
	flags.BoolVar(&o.noRelease, "no-release", false, "leave a version that is not released unreleased")
	flags.IntVar(&o.parallel, "parallel", client.DefaultParallel, "how many parts to send at once")
	a.jsonFlag(cmd)
	return cmd
}

func (o *pushOptions) parse(args []string) (err error) {
	if o.ref, err = parseBox(args[0]); err != nil {
		return err
	}
	if o.ref.version, err = parseVersion(args[1]); err != nil {
		return err
	}
	o.files = args[2:]
	switch {
	case o.public && o.private:
		return usageError{errors.New("--public and --private contradict each other")}
	case o.parallel < 1 || o.parallel > 64:
		return usageError{errors.New("--parallel must be between 1 and 64")}
	}
	return nil
}
