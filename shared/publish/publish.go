// Package publish is how boxes and what is in them are made and changed, in whatever dialect a client
// asks: it reads what the caller may write, has it changed by a rule, holds it against what must be so
// of every box, and writes it back.
package publish

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Publisher changes boxes for callers. Its fields must be set. Everything that it does answers NotFound
// to who may not see the box and Forbidden to who may not write it; what is changed or deleted is held
// against the request's If-Match.
type Publisher struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Now     func() time.Time
}

// CreateBox makes a box, as any member of the organization; it is private unless fill, which gives it a
// name, says otherwise. Conflict when the name is taken.
func (p Publisher) CreateBox(ctx context.Context, caller registry.Caller, organization string, fill func(*registry.Box)) (registry.Box, error) {
	o, _, err := p.Gate.Organization(ctx, caller, organization, registry.RoleMember)
	if err != nil {
		return registry.Box{}, err
	}
	b := registry.NewBox(o, "", caller.Account, p.Now())
	fill(&b)
	if err := b.Check(); err != nil {
		return b, err
	}
	return p.Catalog.CreateBox(ctx, o, b)
}

// EditBox changes a box, and renames it when edit gave it another name: Conflict when that is taken.
func (p Publisher) EditBox(ctx context.Context, caller registry.Caller, organization, box string, edit func(*registry.Box)) (registry.Box, error) {
	b, err := p.box(ctx, caller, organization, box)
	if err != nil {
		return b, err
	}
	name := b.Name
	edit(&b)
	if err := b.Check(); err != nil {
		return b, err
	}
	if b.Name == name {
		return b, p.Catalog.SaveBox(ctx, b, registry.BoxUpdated)
	}
	wanted := b.Name
	b.Name = name
	return p.Catalog.RenameBox(ctx, b, wanted)
}

// DeleteBox deletes a box with everything in it, and returns what it was. It is out of sight at once;
// its files follow.
func (p Publisher) DeleteBox(ctx context.Context, caller registry.Caller, organization, box string) (registry.Box, error) {
	b, err := p.box(ctx, caller, organization, box)
	if err != nil {
		return b, err
	}
	return b, p.Catalog.DeleteBox(ctx, b)
}

func (p Publisher) box(ctx context.Context, caller registry.Caller, organization, box string) (registry.Box, error) {
	a, err := p.Gate.WriteBox(ctx, caller, organization, box, catalog.Wanted{})
	if err != nil {
		return a.Box, err
	}
	return a.Box, route.IfMatch(ctx, a.Box.Revision)
}
