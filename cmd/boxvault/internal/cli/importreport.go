package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/cmd/boxvault/internal/importer"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// missing makes an organization that is not there, if that is wanted.
func (o *importOptions) missing(ctx context.Context, to *client.Client, name string) error {
	switch {
	case o.dryRun:
		o.app.say("there is no organization %s here that you can see: --create-organization makes it", name)
		return nil
	case !o.createOrganization:
		return hint(registry.Missing("organization"),
			"say --create-organization to make it, or --to NAME to import into another one; `boxvault whoami` tells who you are")
	}
	_, err := to.CreateOrganization(ctx, api.OrganizationInput{Name: &name})
	if err == nil {
		o.app.say("made organization %s", name)
	}
	return err
}

// plan prints what would be done.
func (o *importOptions) plan(done imported, items []importer.Item) error {
	done.Summary, done.Items = importer.Summarize(items), items
	o.app.say("%s", planned(done.Summary))
	return o.app.result(done, func(w io.Writer) { itemTable(w, items) })
}

// planned is a plan in a line.
func planned(s importer.Summary) string {
	text := fmt.Sprintf("%s to import, %s; %d already there", several(s.ToImport, "file"), amount(s), s.AlreadyThere)
	if s.Failed > 0 {
		text += fmt.Sprintf("; %d cannot be imported", s.Failed)
	}
	boxes := several(s.Boxes, "box")
	if s.Boxes != 1 {
		boxes = fmt.Sprintf("%d boxes", s.Boxes)
	}
	return fmt.Sprintf("%s, %s: %s", boxes, several(s.Versions, "version"), text)
}

func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// amount is how many bytes there are, as far as it is known.
func amount(s importer.Summary) string {
	switch {
	case s.Unknown == 0:
		return size(s.Bytes)
	case s.Bytes == 0:
		return "of unknown size"
	}
	return fmt.Sprintf("%s and %s of unknown size", size(s.Bytes), several(s.Unknown, "file"))
}

// report prints what was done, and is an error unless all of it was.
func (o *importOptions) report(done imported, items []importer.Item, stopped error) error {
	done.Summary, done.Items = importer.Summarize(items), items
	err := o.app.result(done, func(w io.Writer) { itemTable(w, wrong(items)) })
	s := done.Summary
	o.app.say("%s", achieved(s))
	switch {
	case err != nil:
		return err
	case stopped != nil:
		return hint(stopped, "run the same command again: what is there is not fetched again")
	case s.Failed > 0 || s.ToImport > 0:
		return hint(fmt.Errorf("%d of the import failed", s.Failed), "run the same command again to retry them: what is there is not fetched again")
	}
	return nil
}

// achieved is what was done, in a line.
func achieved(s importer.Summary) string {
	text := fmt.Sprintf("imported %s, %s; %d already there; %d failed", several(s.Imported, "file"), size(s.ImportedBytes), s.AlreadyThere, s.Failed)
	if s.ToImport > 0 {
		text += fmt.Sprintf("; %d not tried", s.ToImport)
	}
	return text
}

// wrong are the items that did not come to what they were to, or that there is a warning about.
func wrong(items []importer.Item) (some []importer.Item) {
	for _, i := range items {
		if i.State == importer.Failed || i.Note != "" {
			some = append(some, i)
		}
	}
	return some
}

func itemTable(w io.Writer, items []importer.Item) {
	if len(items) == 0 {
		return
	}
	rows := [][]string{{"BOX", "VERSION", "FILE", "SIZE", "STATE"}}
	for _, i := range items {
		bytes := ""
		switch {
		case i.Size != nil:
			bytes = size(*i.Size)
		case i.IsFile():
			bytes = "unknown"
		}
		state := strings.Join(append([]string{string(i.State)}, nonEmpty(i.Error, i.Note)...), ": ")
		rows = append(rows, []string{i.Box, i.Version, fileOf(i), bytes, state})
	}
	table(w, rows)
}

// fileOf tells which file an item is: what it is for, and of one that failed, by its name at the source.
func fileOf(i importer.Item) string {
	place, named := "", ""
	if i.IsFile() {
		place = i.Provider + "/" + i.Architecture
	}
	if i.State == importer.Failed {
		named = i.File
	}
	return strings.Join(nonEmpty(place, named), " ")
}

func nonEmpty(texts ...string) (some []string) {
	for _, t := range texts {
		if t != "" {
			some = append(some, t)
		}
	}
	return some
}
