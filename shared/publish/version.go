package publish

import (
	"context"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Published is a version as it was written, and its box.
type Published struct {
	Box     registry.Box
	Version registry.Version
}

// CreateVersion makes a version of a box; fill gives it its number. Conflict when that is taken.
func (p Publisher) CreateVersion(ctx context.Context, caller registry.Caller, organization, box string, fill func(*registry.Version) error) (Published, error) {
	a, err := p.Gate.WriteBox(ctx, caller, organization, box, catalog.Wanted{})
	if err != nil {
		return Published{}, err
	}
	v := registry.NewVersion(a.Box, "", p.Now())
	if err := fill(&v); err != nil {
		return Published{}, err
	}
	return Published{a.Box, v}, p.Catalog.CreateVersion(ctx, a.Box, v)
}

// Edit is a version that is being changed.
type Edit struct {
	Box     registry.Box
	Policy  registry.Policy // of the box's organization
	Version *registry.Version
	// Number is the one that the version is to have.
	Number registry.Number
	// Gone are the files that went out of it.
	Gone []registry.File
	// What happened to it; nothing in particular: it was updated.
	What []registry.EventType
	// Same tells that there is nothing to write.
	Same bool
}

// changeTries is how often a change is made anew when others change the same version.
const changeTries = 10

// EditVersion changes a version. When another change comes between reading and writing, do is called
// again with what is there then.
func (p Publisher) EditVersion(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number, do func(*Edit) error) (done Published, err error) {
	err = registry.Again(changeTries, func() error {
		a, err := p.version(ctx, caller, organization, box, n)
		if err != nil {
			return err
		}
		e := Edit{Box: a.Box, Policy: a.Organization.Policy, Version: a.Version, Number: a.Version.Number}
		if err := do(&e); err != nil {
			return err
		}
		done, err = p.save(ctx, e)
		return err
	})
	return done, err
}

func (p Publisher) save(ctx context.Context, e Edit) (Published, error) {
	if e.Same {
		return Published{e.Box, *e.Version}, nil
	}
	if len(e.What) == 0 {
		e.What = []registry.EventType{registry.VersionUpdated}
	}
	v, err := p.Catalog.ChangeVersion(ctx, e.Box, *e.Version, e.Number, e.What, e.Gone)
	return Published{e.Box, v}, err
}

// DeleteVersion deletes a version with everything in it, and returns what it was.
func (p Publisher) DeleteVersion(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (Published, error) {
	a, err := p.version(ctx, caller, organization, box, n)
	if err != nil {
		return Published{}, err
	}
	return Published{a.Box, *a.Version}, p.Catalog.DeleteVersion(ctx, a.Box, *a.Version)
}

func (p Publisher) version(ctx context.Context, caller registry.Caller, organization, box string, n registry.Number) (catalog.BoxAccess, error) {
	a, err := p.Gate.WriteVersion(ctx, caller, organization, box, n)
	if err != nil {
		return a, err
	}
	return a, route.IfMatch(ctx, a.Version.Revision)
}
