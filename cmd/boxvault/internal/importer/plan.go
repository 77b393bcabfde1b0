package importer

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/client/source"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Plan is what is to be done, and then what was done.
type Plan struct {
	boxes []*box
}

// box, version and file are what is at the source, what of it the registry has, and what is the matter
// with it; with a nil err nothing is.
type box struct {
	from               source.Box
	organization, name string
	there              bool
	versions           []*version
	err                error
}

type version struct {
	from   source.Version
	number registry.Number
	there  *api.Version // nil when the registry has none of that number
	files  []*file
	err    error
	held   bool // it stays unreleased, and is not to be
}

type file struct {
	from          source.File
	target        registry.Target
	sum, checksum string // that the source declares, and its type
	size          int64  // -1 while it is not known
	state         State
	err           error
	note          string
}

func (b *box) tag() string { return b.organization + "/" + b.name }

// Plan finds out what there is at the source and what of it the registry has. A box or a file that cannot
// be imported is in the plan with the reason; the error is one of the registry's, or that the source does
// not list an organization's boxes.
func (m *Importer) Plan(ctx context.Context, moves []Move) (*Plan, error) {
	p := &Plan{}
	var singles []Move
	for _, move := range moves {
		list, err := m.boxes(ctx, move)
		if err != nil {
			return nil, err
		}
		singles = append(singles, list...)
	}
	p.boxes = make([]*box, len(singles))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.Parallel)
	for i, move := range singles {
		group.Go(func() (err error) {
			p.boxes[i], err = m.plan(ctx, move)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return p, nil
}

// boxes makes of the wish for an organization one for each of its boxes.
func (m *Importer) boxes(ctx context.Context, move Move) (list []Move, err error) {
	if move.Box != "" {
		return []Move{move}, nil
	}
	names, err := m.From.Boxes(ctx, move.Organization)
	if err != nil {
		return nil, sourced(err)
	}
	for _, name := range names {
		one := move
		one.Box = name
		list = append(list, one)
	}
	return list, nil
}

// plan compares a box with what the registry has of it.
func (m *Importer) plan(ctx context.Context, move Move) (*box, error) {
	b := &box{organization: move.ToOrganization, name: move.ToBox}
	if b.name == "" {
		b.name = move.Box
	}
	if err := registry.CheckName(b.name); err != nil {
		b.err = registry.Errorf(registry.Invalid, "the name of the box %s", err)
		return b, nil
	}
	if b.from, b.err = m.From.Box(ctx, move.Organization, move.Box); b.err != nil {
		b.err = sourced(b.err)
		return b, context.Cause(ctx)
	}
	there, err := m.To.Box(ctx, b.organization, b.name)
	switch {
	case err == nil:
		b.there = true
	case registry.KindOf(err) != registry.NotFound:
		return nil, err
	}
	b.compare(there)
	return b, nil
}

// compare makes the plan for each version.
func (b *box) compare(there api.Box) {
	first := map[string]string{} // the number of each version, by what the registry takes for the same
	for _, from := range b.from.Versions {
		v := &version{from: from}
		b.versions = append(b.versions, v)
		if v.number, v.err = registry.ParseNumber(from.Number); v.err != nil {
			v.err = registry.Errorf(registry.Invalid, "version %q %s", from.Number, v.err)
			continue
		}
		if other, taken := first[v.number.Key()]; taken {
			v.err = registry.Errorf(registry.Conflict, "it is the same version as %s", other)
			continue
		}
		first[v.number.Key()] = from.Number
		for i := range there.Versions {
			if registry.Number(there.Versions[i].VersionNumber).Key() == v.number.Key() {
				v.there = &there.Versions[i]
			}
		}
		v.compare(b)
	}
}

// compare makes the plan for each file.
func (v *version) compare(b *box) {
	taken := map[string]bool{}
	for _, from := range v.from.Files {
		f := &file{from: from, size: from.Size, state: ToImport}
		f.target = registry.Target{
			Organization: b.organization, Box: b.name, Version: v.number, Provider: from.Provider, Architecture: from.Architecture,
		}
		v.files = append(v.files, f)
		place := registry.Fold(from.Provider + "/" + from.Architecture)
		if f.err = f.check(); f.err == nil && taken[place] {
			f.err = registry.Errorf(registry.Conflict, "the source has another file for %s", place)
		}
		taken[place] = true
		if f.err == nil {
			f.compare(v.there)
		}
		if f.err != nil {
			f.state = Failed
		}
	}
}

// check refuses what the registry would refuse.
func (f *file) check() (err error) {
	if f.from.Broken != nil {
		return sourced(f.from.Broken)
	}
	if err := registry.CheckName(f.from.Provider); err != nil {
		return registry.Errorf(registry.Invalid, "the provider's name %s", err)
	}
	if err := registry.CheckArchitectureName(f.from.Architecture); err != nil {
		return registry.Errorf(registry.Invalid, "the architecture's name %s", err)
	}
	f.sum, f.checksum, err = f.from.Declared()
	return err
}

// compare finds the file at the registry. Where checksums cannot be compared, sizes are.
func (f *file) compare(v *api.Version) {
	there := fileAt(v, f.target)
	if there == nil {
		return
	}
	comparable := f.sum != "" && f.checksum == registry.SHA256
	switch {
	case comparable && f.sum != there.Checksum:
		f.err = registry.Errorf(registry.Conflict, "another file is there: its SHA-256 is %s, not %s", there.Checksum, f.sum)
	case !comparable && f.size >= 0 && f.size != there.FileSize:
		f.err = registry.Errorf(registry.Conflict, "another file is there: it has %d bytes, not %d", there.FileSize, f.size)
	default:
		f.state, f.size = There, there.FileSize
	}
}

// fileAt is the file that a version has for the target's provider and architecture; nil for none.
func fileAt(v *api.Version, t registry.Target) *api.File {
	if v == nil {
		return nil
	}
	for _, p := range v.Providers {
		for _, a := range p.Architectures {
			if registry.SameName(p.Name, t.Provider) && registry.SameName(a.Name, t.Architecture) && len(a.Files) > 0 {
				return &a.Files[0]
			}
		}
	}
	return nil
}

// Measure asks the source for the sizes that it did not tell.
func (m *Importer) Measure(ctx context.Context, p *Plan) {
	var group errgroup.Group
	group.SetLimit(m.Parallel)
	for _, b := range p.boxes {
		for _, v := range b.versions {
			for _, f := range v.files {
				if f.state == ToImport && f.size < 0 && ctx.Err() == nil {
					group.Go(func() error {
						f.size = f.from.Measure(ctx)
						return nil
					})
				}
			}
		}
	}
	_ = group.Wait() // nothing in it fails
}

// SourceError is an error of the source's, and none of the registry's.
type SourceError struct{ error }

func (e SourceError) Error() string { return "the source: " + e.error.Error() }

// Unwrap returns what the source said.
func (e SourceError) Unwrap() error { return e.error }

func sourced(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return SourceError{err}
}
