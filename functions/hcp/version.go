package hcp

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// visible are the versions that a role may see, the newest first.
func visible(tree catalog.Tree, role registry.Role) ([]registry.Version, error) {
	list, err := tree.VisibleTo(role)
	slices.Reverse(list)
	return list, err
}

// Versions is a page of versions.
type Versions struct {
	Versions   []Version  `json:"versions"`
	Pagination Pagination `json:"pagination"`
}

// ListVersionsRequest asks for versions of a box.
type ListVersionsRequest struct {
	api.BoxPath
	Expanded bool `query:"expanded" json:"-"`
	Page
	In route.Incoming
}

// ListVersions lists the versions of a box that the caller may see, the newest first.
func (s *Service) ListVersions(ctx context.Context, caller registry.Caller, req ListVersionsRequest) (Versions, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return Versions{}, err
	}
	list, err := visible(tree, role)
	if err != nil {
		return Versions{}, err
	}
	list, next, err := part(req.Page, list, func(v registry.Version) string { return string(v.Number) })
	return Versions{api.Each(list, s.teller(req.In, tree.Box, req.Expanded).version), next}, err
}

// VersionAnswer has a version.
type VersionAnswer struct {
	Version Version `json:"version"`
}

// VersionRequest names a version.
type VersionRequest struct{ api.VersionPath }

// ReadVersionRequest asks for a version.
type ReadVersionRequest struct {
	api.VersionPath
	Expanded bool `query:"expanded" json:"-"`
	In       route.Incoming
}

// ReadVersion tells about a version.
func (s *Service) ReadVersion(ctx context.Context, caller registry.Caller, req ReadVersionRequest) (VersionAnswer, error) {
	a, err := s.read(ctx, caller, req.VersionPath)
	if err != nil {
		return VersionAnswer{}, err
	}
	return VersionAnswer{s.teller(req.In, a.Box, req.Expanded).version(*a.Version)}, nil
}

// read reads a version that the caller may see.
func (s *Service) read(ctx context.Context, caller registry.Caller, p api.VersionPath) (catalog.BoxAccess, error) {
	n, err := p.ParseNumber()
	if err != nil {
		return catalog.BoxAccess{}, err
	}
	return s.Gate.ReadBox(ctx, caller, p.Organization, p.Box, n)
}

// VersionInput makes or changes a version. What is left out stays as it is.
type VersionInput struct {
	Name        *string `json:"name,omitempty" schema:"version"`
	Description *string `json:"description,omitempty" schema:"maxLength=4096"`
}

// apply puts what was sent into a version, and returns the number that it is to have.
func (in VersionInput) apply(v *registry.Version) (n registry.Number, err error) {
	var wrong registry.Fields
	n = v.Number
	if in.Name != nil || n == "" {
		name := ""
		api.Set(&name, in.Name)
		n, err = registry.ParseNumber(name)
		wrong.Check("name", err)
	}
	api.Set(&v.Description, in.Description)
	wrong.Check("description", registry.CheckText(v.Description, registry.MaxDescription))
	return n, wrong.Err()
}

// CreateVersionRequest is a wish for a version.
type CreateVersionRequest struct {
	api.BoxPath
	VersionInput
}

// CreateVersion makes a version, which stays unreleased until it is released.
func (s *Service) CreateVersion(ctx context.Context, caller registry.Caller, req CreateVersionRequest) (VersionAnswer, error) {
	done, err := s.Publish.CreateVersion(ctx, caller, req.Organization, req.Box, func(v *registry.Version) (err error) {
		v.Hold = true
		v.Number, err = req.apply(v)
		return err
	})
	return VersionAnswer{teller{}.version(done.Version)}, err
}

// UpdateVersionRequest changes a version.
type UpdateVersionRequest struct {
	api.VersionPath
	VersionInput
}

// UpdateVersion changes a version, and renumbers it when another number was sent.
func (s *Service) UpdateVersion(ctx context.Context, caller registry.Caller, req UpdateVersionRequest) (VersionAnswer, error) {
	done, err := s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) (err error) {
		e.Number, err = req.apply(e.Version)
		return err
	})
	return VersionAnswer{teller{}.version(done.Version)}, err
}

// edit changes the version of a path.
func (s *Service) edit(ctx context.Context, caller registry.Caller, p api.VersionPath, do func(*publish.Edit) error) (publish.Published, error) {
	n, err := p.ParseNumber()
	if err != nil {
		return publish.Published{}, err
	}
	return s.Publish.EditVersion(ctx, caller, p.Organization, p.Box, n, do)
}

// DeleteVersion deletes a version with everything in it.
func (s *Service) DeleteVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (Empty, error) {
	n, err := req.ParseNumber()
	if err != nil {
		return Empty{}, err
	}
	_, err = s.Publish.DeleteVersion(ctx, caller, req.Organization, req.Box, n)
	return Empty{}, err
}

// ReleaseVersion releases a version that has a file. It is no error when it is released already.
func (s *Service) ReleaseVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (Empty, error) {
	_, err := s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error { return s.Publish.Release(ctx, e) })
	return Empty{}, err
}

// RevokeVersion takes a released version back. It is no error when it is revoked already.
func (s *Service) RevokeVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (Empty, error) {
	_, err := s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		changed, err := e.Version.Revoke(s.Now())
		e.What, e.Same = []registry.EventType{registry.BoxRevoked}, !changed
		return err
	})
	return Empty{}, err
}
