package importer

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Run does what is planned, and writes into the plan what became of it: what it did not get to is still to
// be imported. A file that fails does not stop
// the others; a registry that cannot be talked to any more, or whose disk is full, does. The error is the
// context's.
func (m *Importer) Run(ctx context.Context, p *Plan) error {
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	slots := make(chan struct{}, m.Parallel)
	var group errgroup.Group
	group.SetLimit(m.Parallel)
	for _, b := range p.boxes {
		if b.err == nil {
			b.err = m.makeBox(running, b)
		}
		if running.Err() != nil {
			b.err = nil // it is not the box's fault
			break
		}
		if m.hopeless(b.err) {
			stop(b.err)
		}
		if b.err != nil {
			continue
		}
		for _, v := range b.versions {
			if v.err != nil {
				continue
			}
			group.Go(func() error {
				c := copying{Importer: m, box: b, version: v, slots: slots, stop: stop}
				c.run(running)
				return nil
			})
		}
	}
	_ = group.Wait() // failures are in the plan
	return context.Cause(ctx)
}

// makeBox makes the box, unless it is there; then it stays as it is.
func (m *Importer) makeBox(ctx context.Context, b *box) error {
	if b.there {
		return nil
	}
	public := m.Public || !m.Private && !b.from.Private
	in := api.BoxInput{Name: &b.name, IsPublic: &public}
	in.ShortDescription = set(cut(b.from.ShortDescription, maxShort))
	in.Description, in.Readme = texts(b.from.Description, b.from.Readme)
	_, err := m.To.CreateBox(ctx, b.organization, in)
	if registry.KindOf(err) == registry.Conflict { // somebody else was as fast
		return nil
	}
	return err
}

// hopeless reports whether an error of the registry's would meet all other files as well.
func (m *Importer) hopeless(err error) bool {
	var unreachable *client.Unreachable
	switch {
	case err == nil || errors.As(err, new(SourceError)):
		return false
	case errors.As(err, &unreachable):
		return true
	}
	switch registry.KindOf(err) {
	case registry.Unauthenticated, registry.TokenExpired, registry.Full:
		return true
	}
	return false
}
