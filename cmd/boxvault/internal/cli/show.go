package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

func newShowCmd(a *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show ORG/BOX[@VERSION]",
		GroupID: groupBoxes,
		Short:   "Tell about a box and its versions, or about one version and its files",
		Example: `  boxvault show acme/debian12
  boxvault show acme/debian12@1.2.0 --json | jq -r '.providers[].name'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.show(cmd.Context(), args[0]) },
	}
	a.jsonFlag(cmd)
	return cmd
}

func (a *App) show(ctx context.Context, arg string) error {
	ref, err := parseReference(arg)
	if err != nil {
		return err
	}
	c, err := a.connect()
	if err != nil {
		return err
	}
	if ref.version != "" {
		return a.showVersion(ctx, c, ref)
	}
	box, err := c.Box(ctx, ref.organization, ref.box)
	if err != nil {
		return err
	}
	return a.result(box, func(w io.Writer) {
		fmt.Fprintf(w, "%s (%s)\n", box.Tag, visibility(box))
		if s := short(box); s != "" {
			fmt.Fprintln(w, s)
		}
		fmt.Fprintln(w)
		versionTable(w, box.Versions)
	})
}

func versionTable(w io.Writer, versions []api.Version) {
	tableOf(w, versions, []string{"VERSION", "STATUS", "UPDATED", "PROVIDERS"}, func(v api.Version) []string {
		return []string{v.VersionNumber, status(v), date(v.UpdatedAt), strings.Join(builds(v), ", ")}
	})
}

// builds are the files of a version as PROVIDER/ARCHITECTURE.
func builds(v api.Version) (names []string) {
	for _, p := range v.Providers {
		for _, arch := range p.Architectures {
			names = append(names, p.Name+"/"+arch.Name)
		}
	}
	return names
}

func (a *App) showVersion(ctx context.Context, c *client.Client, ref reference) error {
	v, err := c.Version(ctx, ref.organization, ref.box, string(ref.version))
	if err != nil {
		return err
	}
	return a.result(v, func(w io.Writer) {
		fmt.Fprintf(w, "%s %s (%s)\n", ref.tag(), v.VersionNumber, status(v))
		if v.Deprecated {
			fmt.Fprintln(w, "Deprecated: "+v.DeprecationReason)
		}
		if v.Description != "" {
			fmt.Fprintln(w, v.Description)
		}
		fmt.Fprintln(w)
		fileTable(w, v)
	})
}

func fileTable(w io.Writer, v api.Version) {
	rows := [][]string{{"PROVIDER", "ARCHITECTURE", "SIZE", "SHA-256"}}
	for _, p := range v.Providers {
		for _, arch := range p.Architectures {
			row := []string{p.Name, arch.Name, "-", "-"}
			if len(arch.Files) > 0 {
				row[2], row[3] = size(arch.Files[0].FileSize), arch.Files[0].Checksum
			}
			if arch.DefaultBox {
				row[1] += " (default)"
			}
			rows = append(rows, row)
		}
	}
	table(w, rows)
}
