package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/client/source"
	"github.com/boxvault/boxvault/cmd/boxvault/internal/importer"
	"github.com/boxvault/boxvault/shared/registry"
)

type importOptions struct {
	app                *App
	moves              []importer.Move
	from, fromType     string
	to                 string
	version            string
	dryRun             bool
	createOrganization bool
	public, private    bool
	parallel           int
}

func newImportCmd(a *App) *cobra.Command {
	o := importOptions{app: a}
	cmd := &cobra.Command{
		Use:     "import ORG[/BOX]…",
		GroupID: groupBoxes,
		Short:   "Copy boxes from Vagrant Cloud or elsewhere",
		Long: `Copy boxes with all their versions, files and descriptions from where they are now into the
registry that you are logged in to. What is there already stays as it is and is not fetched again, so
the same command is also how to go on after an interruption, and how to retry what failed.

Where from:
  https://vagrantcloud.com            Vagrant Cloud, or what speaks its API (v1 or v2)
  https://api.cloud.hashicorp.com     the HCP Vagrant Registry; ORG is the registry there
  https://boxes.example.com           another BoxVault
  https://example.com/metadata.json   a catalogue of one box, also as a local file
  ./boxes                             a folder: BOX/VERSION/PROVIDER[/ARCHITECTURE]/*.box,
                                      or *.box files side by side, with --version
What it is, is found out; --from-type says it.

Each file is held against the checksum that the source declares while it goes through; with a wrong one
nothing is stored. Nothing is written to this machine's disk, and of each file at most two parts of
16 MiB are in its memory (parts grow from 160 GB on). A version is seen when all its files are there;
unreleased versions stay unreleased, revoked ones are revoked. A box that is made is public if it is so
at the source; from a folder, a local catalogue, or one that takes a token, it is private.

Environment, for what the source shows to members only:
  VAGRANT_CLOUD_TOKEN                 a token of Vagrant Cloud
  HCP_CLIENT_ID, HCP_CLIENT_SECRET    a service principal of HCP; HCP_AUTH_URL, where it signs in
  BOXVAULT_FROM_TOKEN                 a token of any other source`,
		Example: `  boxvault import acme --from https://vagrantcloud.com --dry-run
  boxvault import acme --from https://vagrantcloud.com
  boxvault import bento/debian-12 --from https://api.cloud.hashicorp.com --to acme
  boxvault import acme/debian12 --from ./out --version 1.2.0`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.parse(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "where the boxes are: a URL, a file or a folder")
	flags.StringVar(&o.fromType, "from-type", "", "what --from is: "+strings.Join(typeNames(), ", "))
	flags.StringVar(&o.to, "to", "", "ORG or ORG/BOX that they are to be here; left out: as at the source")
	flags.StringVar(&o.version, "version", "", "version of .box files that lie in a folder side by side")
	flags.BoolVar(&o.private, "private", false, "boxes that are made: only members see them, whatever the source says")
	flags.BoolVar(&o.public, "public", false, "boxes that are made: anyone may download them, whatever the source says")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only tell what would be done")
	flags.BoolVar(&o.createOrganization, "create-organization", false, "make the organization if there is none")
	flags.IntVar(&o.parallel, "parallel", client.DefaultParallel, "how many files to copy at once")
	a.jsonFlag(cmd)
	return cmd
}

func typeNames() (names []string) {
	for _, t := range source.Types {
		names = append(names, string(t))
	}
	return names
}

func (o *importOptions) parse(args []string) error {
	switch {
	case o.from == "":
		return usageError{errors.New("--from is missing: where are the boxes now?")}
	case o.fromType != "" && !slices.Contains(typeNames(), o.fromType):
		return usageError{fmt.Errorf("--from-type must be one of %s", strings.Join(typeNames(), ", "))}
	case o.public && o.private:
		return usageError{errors.New("--public and --private contradict each other")}
	case o.parallel < 1 || o.parallel > 64:
		return usageError{errors.New("--parallel must be between 1 and 64")}
	}
	for _, arg := range args {
		move, err := o.move(arg)
		if err != nil {
			return err
		}
		o.moves = append(o.moves, move)
	}
	if o.named() && (len(args) > 1 || o.moves[0].Box == "") {
		return usageError{errors.New("--to ORG/BOX is for one box: name it as ORG/BOX")}
	}
	return nil
}

// named reports whether --to names a box.
func (o *importOptions) named() bool { return strings.Contains(o.to, "/") }

// move reads an argument and what --to makes of it.
func (o *importOptions) move(arg string) (m importer.Move, err error) {
	if m.Organization, m.Box, err = halves(arg); err != nil {
		return m, err
	}
	m.ToOrganization = m.Organization
	if o.to != "" {
		if m.ToOrganization, m.ToBox, err = halves(o.to); err != nil {
			return m, err
		}
	}
	if err := registry.CheckOrganizationName(m.ToOrganization); err != nil {
		return m, hint(usageError{fmt.Errorf("organization %q %w", m.ToOrganization, err)}, "say --to NAME to call it otherwise here")
	}
	return m, nil
}

func halves(arg string) (organization, box string, err error) {
	organization, box, both := strings.Cut(arg, "/")
	if organization == "" || both && box == "" || strings.Contains(box, "/") {
		return "", "", usageError{fmt.Errorf("%q must look like acme or acme/debian12", arg)}
	}
	return organization, box, nil
}

// imported is what `import --json` prints.
type imported struct {
	From     string           `json:"from"`
	FromType source.Type      `json:"fromType"`
	To       string           `json:"to"` // URL of the registry
	DryRun   bool             `json:"dryRun"`
	Summary  importer.Summary `json:"summary"`
	Items    []importer.Item  `json:"items"`
}

// longestWait is how long either side may ask an import to wait: Vagrant Cloud counts requests by the hour.
const longestWait = time.Hour

func (o *importOptions) run(ctx context.Context) error {
	show := o.app.display(ctx)
	defer show.close()
	patient := []client.Option{client.WithPatience(longestWait), client.WithWaits(show.waits)}
	to, err := o.app.connect(patient...)
	if err != nil {
		return err
	}
	from, kind, err := source.Open(ctx, source.Options{
		From: o.from, Type: source.Type(o.fromType), Version: o.version, Getenv: o.app.Getenv,
		Client: append(o.app.options(), patient...),
	})
	if err != nil {
		return hint(fmt.Errorf("open %s: %w", o.from, err), "check --from; --from-type says what it is")
	}
	if o.version != "" && kind != source.Folder {
		return usageError{fmt.Errorf("--version is for a folder of box files, and %s is none", o.from)}
	}
	if err := o.prepare(ctx, to); err != nil {
		return err
	}
	m := &importer.Importer{From: from, To: to, Parallel: o.parallel, Display: show, Public: o.public, Private: o.private}
	plan, err := m.Plan(ctx, o.moves)
	if errors.As(err, new(importer.SourceError)) {
		if kind := registry.KindOf(err); kind == registry.Unauthenticated || kind == registry.TokenExpired {
			err = hint(err, "`boxvault import --help` tells where the token of the source is read from")
		}
		return hint(err, "check the name; what a source shows to members only needs a token: see `boxvault import --help`")
	}
	if err != nil {
		return err
	}
	done := imported{From: o.from, FromType: kind, To: to.URL(), DryRun: o.dryRun}
	if o.dryRun {
		m.Measure(ctx, plan)
		return o.plan(done, plan.Items())
	}
	show.begin(importer.Summarize(plan.Items()))
	stopped := m.Run(ctx, plan)
	show.close()
	return o.report(done, plan.Items(), stopped)
}

// prepare makes sure that the organizations are there.
func (o *importOptions) prepare(ctx context.Context, to *client.Client) error {
	seen := map[string]bool{}
	for _, move := range o.moves {
		name := move.ToOrganization
		if seen[name] {
			continue
		}
		seen[name] = true
		_, err := to.Organization(ctx, name)
		if registry.KindOf(err) == registry.NotFound {
			err = o.missing(ctx, to, name)
		}
		if err != nil {
			return fmt.Errorf("organization %s: %w", name, err)
		}
	}
	return nil
}
