package boxes

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateBoxRequest is a wish for a box.
type CreateBoxRequest struct {
	Organization string `path:"organization" json:"-"`
	api.BoxInput
}

// CreateBox makes a box; it is private unless it says otherwise.
func (s *Service) CreateBox(ctx context.Context, caller registry.Caller, req CreateBoxRequest) (api.Box, error) {
	b, err := s.Publish.CreateBox(ctx, caller, req.Organization, func(b *registry.Box) { apply(b, req.BoxInput) })
	return api.FromBox(b), err
}

// BoxRequest names a box.
type BoxRequest struct{ api.BoxPath }

// ReadBox tells about a box and the versions that the caller may see, the newest first.
func (s *Service) ReadBox(ctx context.Context, caller registry.Caller, req BoxRequest) (api.Box, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return api.Box{}, err
	}
	told := api.FromBox(tree.Box)
	if told.Versions, err = visible(tree, role); err != nil {
		return told, err
	}
	counts, err := s.Catalog.Downloads(ctx, tree.Box.ID)
	told.Count(counts)
	return told, err
}

// visible are the versions that a role may see, the newest first.
func visible(tree catalog.Tree, role registry.Role) ([]api.Version, error) {
	list, err := tree.VisibleTo(role)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return api.Each(list, api.FromVersion), nil
}

// UpdateBoxRequest changes a box.
type UpdateBoxRequest struct {
	api.BoxPath
	api.BoxInput
}

// UpdateBox changes a box, and renames it when another name was sent.
func (s *Service) UpdateBox(ctx context.Context, caller registry.Caller, req UpdateBoxRequest) (api.Box, error) {
	b, err := s.Publish.EditBox(ctx, caller, req.Organization, req.Box, func(b *registry.Box) { apply(b, req.BoxInput) })
	return api.FromBox(b), err
}

// DeleteBox deletes a box. It is out of sight at once; its files follow.
func (s *Service) DeleteBox(ctx context.Context, caller registry.Caller, req BoxRequest) (api.Done, error) {
	b, err := s.Publish.DeleteBox(ctx, caller, req.Organization, req.Box)
	return api.OK("Box " + b.Tag() + " deleted."), err
}
