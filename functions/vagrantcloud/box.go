package vagrantcloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// CreateBoxRequest is a wish for a box.
type CreateBoxRequest struct {
	wire.BoxInput
	In route.Incoming `json:"-"`
}

// CreateBox makes a box; it is private unless it says otherwise.
func (s *Service) CreateBox(ctx context.Context, caller registry.Caller, req CreateBoxRequest) (wire.Box, error) {
	in := req.Fields()
	if in.Username == nil {
		return wire.Box{}, ownerless(in)
	}
	b, err := s.Publish.CreateBox(ctx, caller, *in.Username, func(b *registry.Box) { apply(b, in) })
	return s.teller(req.In).whole(b, nil), err
}

// ownerless says what is wrong with a box of nobody.
func ownerless(in wire.BoxFields) error {
	var b registry.Box
	apply(&b, in)
	var wrong registry.Fields
	var more *registry.Error
	if errors.As(b.Check(), &more) {
		for field, why := range more.Details {
			wrong.Add(field, fmt.Sprint(why))
		}
	}
	wrong.Add("username", "must be the name of the box's organization")
	return wrong.Err()
}

// apply puts what was sent into a box.
func apply(b *registry.Box, in wire.BoxFields) {
	api.Set(&b.Name, in.Name)
	api.Set(&b.Description, in.Description)
	api.Set(&b.ShortDescription, in.ShortDescription)
	if in.IsPrivate != nil {
		b.Public = !*in.IsPrivate
	}
}

// BoxRequest names a box.
type BoxRequest struct {
	api.BoxPath
	In route.Incoming `json:"-"`
}

// ReadBox tells about a box and all its versions that the caller may see.
func (s *Service) ReadBox(ctx context.Context, caller registry.Caller, req BoxRequest) (wire.Box, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return wire.Box{}, err
	}
	versions, err := tree.VisibleTo(role)
	if err != nil {
		return wire.Box{}, err
	}
	told := s.teller(req.In).whole(tree.Box, versions)
	counts, err := s.Catalog.Downloads(ctx, tree.Box.ID)
	told.Downloads = counts.Total()
	return told, err
}

// UpdateBoxRequest changes a box.
type UpdateBoxRequest struct {
	api.BoxPath
	wire.BoxInput
	In route.Incoming `json:"-"`
}

// UpdateBox changes a box, and renames it when another name was sent. Its organization stays.
func (s *Service) UpdateBox(ctx context.Context, caller registry.Caller, req UpdateBoxRequest) (wire.Box, error) {
	b, err := s.Publish.EditBox(ctx, caller, req.Organization, req.Box, func(b *registry.Box) { apply(b, req.Fields()) })
	return s.teller(req.In).box(b), err
}

// DeleteBox deletes a box, and tells what it was.
func (s *Service) DeleteBox(ctx context.Context, caller registry.Caller, req BoxRequest) (wire.Box, error) {
	b, err := s.Publish.DeleteBox(ctx, caller, req.Organization, req.Box)
	return s.teller(req.In).box(b), err
}
