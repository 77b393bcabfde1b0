package importer

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// copying is a version on its way.
type copying struct {
	*Importer
	box     *box
	version *version
	slots   chan struct{}           // one is taken by each file that is copied
	stop    context.CancelCauseFunc // ends the whole import
	held    bool                    // the version is not released by its first file
}

// run copies what is missing of the version. It is seen as a whole, or not at all: with several files it is
// held back until all are there. What an import that ends does not get to stays to be imported.
func (c *copying) run(ctx context.Context) {
	v := c.version
	if ctx.Err() != nil {
		return
	}
	missing := slices.ContainsFunc(v.files, func(f *file) bool { return f.state == ToImport })
	if missing || v.there == nil && len(v.files) == 0 {
		if err := c.prepare(ctx); err != nil {
			c.giveUp(ctx, err)
			return
		}
	}
	c.files(ctx)
	if err := c.finish(ctx); err != nil && ctx.Err() == nil {
		v.err = err
		c.check(err)
	}
}

// check ends the whole import after an error that all else would meet as well.
func (c *copying) check(err error) {
	if c.hopeless(err) {
		c.stop(err)
	}
}

// giveUp is for a version that cannot be made: its files are not tried.
func (c *copying) giveUp(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	c.version.err = err
	for _, f := range c.version.files {
		if f.state == ToImport {
			f.state, f.err = Failed, registry.Errorf(registry.KindOf(err), "the version could not be made")
		}
	}
	c.check(err)
}

// files copies the files that are missing: those of a provider one after the other, the one for the default
// architecture first, because the first architecture of a provider is its default.
func (c *copying) files(ctx context.Context) {
	chains := map[string][]*file{}
	for _, f := range c.version.files {
		if f.state != ToImport {
			continue
		}
		provider := registry.Fold(f.target.Provider)
		if f.from.Default {
			chains[provider] = slices.Insert(chains[provider], 0, f)
		} else {
			chains[provider] = append(chains[provider], f)
		}
	}
	var group sync.WaitGroup
	for _, chain := range chains {
		group.Go(func() {
			for _, f := range chain {
				c.slots <- struct{}{}
				c.file(ctx, f)
				<-c.slots
			}
		})
	}
	group.Wait()
}

// prepare makes the version when its first file would not make it as it is to be, and holds it back.
func (c *copying) prepare(ctx context.Context) error {
	v := c.version
	hold := v.from.Status == registry.Unreleased || len(v.files) != 1
	if v.there == nil {
		made, err := c.make(ctx, hold)
		if made || err != nil {
			return err
		}
	}
	if !hold || v.there != nil && v.there.Status != string(registry.Unreleased) {
		return nil
	}
	release := false
	_, err := c.To.UpdateVersion(ctx, c.box.organization, c.box.name, string(v.number), api.VersionInput{Release: &release})
	c.held = true
	return err
}

// make makes the version, unless its first file will do; made is false when it was there all the same.
func (c *copying) make(ctx context.Context, hold bool) (made bool, err error) {
	v := c.version
	number, release := string(v.number), false
	in := api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number}}
	if v.from.Status == registry.Revoked { // it is never seen, and nobody hears of a release
		in.Status, hold = string(registry.Revoked), false
	}
	in.Description, in.ReleaseNotes = texts(v.from.Description, v.from.ReleaseNotes)
	if c.held = hold; hold {
		in.Release = &release
	}
	if !hold && in.Status == "" && in.Description == nil && in.ReleaseNotes == nil {
		return true, nil
	}
	_, err = c.To.CreateVersion(ctx, c.box.organization, c.box.name, in)
	if registry.KindOf(err) == registry.Conflict { // somebody else was as fast
		return false, nil
	}
	return err == nil, err
}

// file copies a file.
func (c *copying) file(ctx context.Context, f *file) {
	if ctx.Err() != nil {
		return
	}
	progress := c.Display.Begin(f.target)
	done, err := c.To.Relay(ctx, f.options(progress))
	if err == nil {
		f.size, f.note = done.File.FileSize, done.Warning
		err = c.makeDefault(ctx, f)
	}
	switch {
	case err == nil:
		f.state = Imported
	case ctx.Err() == nil:
		f.state, f.err = Failed, err
	}
	c.Display.Ended(f.target, f.item())
	c.check(err)
}

// makeDefault makes the file's architecture the default one, where others of the provider were there
// before it.
func (c *copying) makeDefault(ctx context.Context, f *file) error {
	if !f.from.Default || !c.version.hasOther(f) {
		return nil
	}
	yes := true
	_, err := c.To.UpdateArchitecture(ctx, f.target, api.ArchitectureInput{DefaultBox: &yes})
	return err
}

// hasOther reports whether the registry had a file for another architecture of a file's provider.
func (v *version) hasOther(f *file) bool {
	if v.there == nil {
		return false
	}
	return slices.ContainsFunc(v.there.Providers, func(p api.Provider) bool {
		return registry.SameName(p.Name, f.target.Provider) &&
			slices.ContainsFunc(p.Architectures, func(a api.Architecture) bool { return !registry.SameName(a.Name, f.target.Architecture) })
	})
}

// options are for the Relay of a file.
func (f *file) options(progress client.Progress) client.RelayOptions {
	return client.RelayOptions{
		Target: f.target, FileName: cmp.Or(f.from.Name, "vagrant.box"), Size: f.from.Size,
		Checksum: f.sum, ChecksumType: f.checksum, Modified: f.from.Modified, Progress: progress,
		Open: func(ctx context.Context, from int64) (client.Incoming, error) {
			in, err := f.from.Open(ctx, from)
			if err != nil {
				return nil, sourced(err)
			}
			return reading{in}, nil
		},
	}
}

// reading is a file of the source, whose failures are the source's.
type reading struct{ client.Incoming }
