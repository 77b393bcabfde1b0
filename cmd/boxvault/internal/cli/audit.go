package cli

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/boxvault/boxvault/shared/api"
)

type auditOptions struct {
	app   *App
	limit int
	lines bool
}

func newAuditCmd(a *App) *cobra.Command {
	o := auditOptions{app: a}
	cmd := &cobra.Command{
		Use:     "audit [ORG]",
		GroupID: groupAccount,
		Short:   "Show who changed what",
		Long:    `Show the changes in an organization that you are an admin of, the newest first; without one, those on the whole platform, for its admins.`,
		Example: `  boxvault audit acme
  boxvault audit acme --limit 0 --json-lines > audit.jsonl`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args) },
	}
	cmd.Flags().IntVar(&o.limit, "limit", 50, "the most changes to show; 0 is all there are")
	cmd.Flags().BoolVar(&o.lines, "json-lines", false, "print one JSON document in each line")
	a.jsonFlag(cmd)
	return cmd
}

func (o *auditOptions) run(ctx context.Context, organization []string) error {
	c, err := o.app.connect()
	if err != nil {
		return err
	}
	entries := []api.AuditEntry{}
	for entry, err := range c.Audit(ctx, strings.Join(organization, "")) {
		if err != nil {
			return err
		}
		if entries = append(entries, entry); len(entries) == o.limit {
			break
		}
	}
	if o.lines {
		return auditLines(o.app.Out, entries)
	}
	return o.app.result(entries, func(w io.Writer) { auditTable(w, entries) })
}

func auditLines(w io.Writer, entries []api.AuditEntry) error {
	enc := json.NewEncoder(w)
	for _, e := range entries {
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

func auditTable(w io.Writer, entries []api.AuditEntry) {
	rows := [][]string{{"WHEN", "WHO", "FROM", "WHAT", "OF"}}
	for _, e := range entries {
		who := "the registry"
		if e.Actor != nil {
			who = e.Actor.Username
		}
		rows = append(rows, []string{e.Timestamp.Format(time.RFC3339), who, e.Address, e.Event, subject(e.Data)})
	}
	table(w, rows)
}

// subject is what an event is about, as far as people name it.
func subject(data map[string]any) string {
	text := func(key string) string {
		s, _ := data[key].(string)
		return s
	}
	out := text("organization")
	if box := text("box"); box != "" {
		out += "/" + box
	}
	if version := text("version"); version != "" {
		out += "@" + version
	}
	if user := text("username"); user != "" {
		out += " " + user
	}
	return out
}
