package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/shared/api"
)

type orgMirrorOptions struct {
	app   *App
	in    api.MirrorInput
	off   bool
	max   int64
	fresh time.Duration
}

func newOrgMirrorCmd(a *App) *cobra.Command {
	o := orgMirrorOptions{app: a}
	cmd := &cobra.Command{
		Use:   "mirror ORG",
		Short: "Have an organization fetch boxes from another catalogue on demand",
		Long: `Have an organization fetch boxes from another catalogue when somebody asks for one that is not there,
keep them, and serve them when that catalogue is gone. Without flags it tells what is mirrored.

The catalogue is that of a registry (Vagrant Cloud, another BoxVault) or, with {box} in its URL, the
metadata.json of each box on any web server. All settings are set at once: what is left out is as it
was in the beginning. Boxes and files that were fetched stay, whatever is mirrored later.`,
		Example: `  boxvault org mirror debian --from https://vagrantcloud.com
  boxvault org mirror acme --from https://vagrantcloud.com --upstream hashicorp --allow 'bionic*'
  boxvault org mirror acme --from 'https://boxes.example.com/{box}/metadata.json' --private
  boxvault org mirror acme --off`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.in.From, "from", "", "`URL` of the catalogue")
	flags.StringVar(&o.in.Organization, "upstream", "", "`organization` there; left out: the same name")
	flags.StringSliceVar(&o.in.Allow, "allow", nil, "`pattern` for names of boxes, such as debian-*; may be given more than once; left out: all")
	flags.BoolVar(&o.in.Private, "private", false, "make the boxes private; only members have some fetched")
	flags.Int64Var(&o.max, "max-gib", 0, "how large a file may be, in `GiB`; left out: 64")
	flags.DurationVar(&o.fresh, "fresh", 0, "how long the catalogue is not asked again about a box; left out: 10m")
	flags.BoolVar(&o.off, "off", false, "mirror nothing any more")
	a.jsonFlag(cmd)
	return cmd
}

func (o *orgMirrorOptions) run(ctx context.Context, organization string) error {
	if o.off && o.in.From != "" {
		return usageError{errors.New("--from and --off exclude each other")}
	}
	set := o.in.Organization != "" || o.in.Allow != nil || o.in.Private || o.max != 0 || o.fresh != 0
	if set && o.in.From == "" {
		return usageError{errors.New("say with --from what to mirror: all settings are set at once")}
	}
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	if o.off {
		if err := c.DeleteMirror(ctx, organization); err != nil {
			return err
		}
		o.app.say("%s mirrors nothing any more", organization)
		return nil
	}
	if o.in.From == "" {
		m, err := c.Mirror(ctx, organization)
		if err != nil {
			return err
		}
		return o.app.result(m, func(w io.Writer) { tellMirror(w, m) })
	}
	o.in.MaxFileSize, o.in.FreshSeconds = o.max<<30, int(o.fresh.Seconds())
	m, err := c.SetMirror(ctx, organization, o.in)
	if err != nil {
		return err
	}
	o.app.say("%s mirrors %s", organization, m.From)
	return o.app.result(m, nil)
}

func tellMirror(w io.Writer, m api.Mirror) {
	boxes := "all"
	if len(m.Allow) > 0 {
		boxes = strings.Join(m.Allow, ", ")
	}
	table(w, [][]string{
		{"from", m.From}, {"organization", m.Organization}, {"boxes", boxes}, {"private", yesNo(m.Private)},
		{"largest file", size(m.MaxFileSize)}, {"asked again after", fmt.Sprint(time.Duration(m.FreshSeconds) * time.Second)},
	})
}
