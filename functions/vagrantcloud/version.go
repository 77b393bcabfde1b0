package vagrantcloud

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// CreateVersionRequest is a wish for a version.
type CreateVersionRequest struct {
	api.BoxPath
	wire.VersionInput
	In route.Incoming `json:"-"`
}

// CreateVersion makes a version. No file releases it: its publisher does.
func (s *Service) CreateVersion(ctx context.Context, caller registry.Caller, req CreateVersionRequest) (wire.Version, error) {
	done, err := s.Publish.CreateVersion(ctx, caller, req.Organization, req.Box, func(v *registry.Version) error {
		v.Hold = true
		n, err := change(v, req.Fields())
		v.Number = n
		return err
	})
	return s.teller(req.In).version(done.Box, done.Version), err
}

// change puts what was sent into a version, and returns the number that it is to have.
func change(v *registry.Version, in wire.VersionFields) (registry.Number, error) {
	var wrong registry.Fields
	number := v.Number
	if in.Version != nil || number == "" {
		var text string
		api.Set(&text, in.Version)
		n, err := registry.ParseNumber(text)
		wrong.Check("version", err)
		number = n
	}
	api.Set(&v.Description, in.Description)
	wrong.Check("description", registry.CheckText(v.Description, registry.MaxDescription))
	return number, wrong.Err()
}

// VersionRequest names a version.
type VersionRequest struct {
	api.VersionPath
	In route.Incoming `json:"-"`
}

// ReadVersion tells about a version.
func (s *Service) ReadVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (wire.Version, error) {
	a, err := s.read(ctx, caller, req.VersionPath)
	if err != nil {
		return wire.Version{}, err
	}
	return s.teller(req.In).version(a.Box, *a.Version), nil
}

// read reads the version of a path.
func (s *Service) read(ctx context.Context, caller registry.Caller, p api.VersionPath) (catalog.BoxAccess, error) {
	n, err := p.ParseNumber()
	if err != nil {
		return catalog.BoxAccess{}, err
	}
	return s.Gate.ReadBox(ctx, caller, p.Organization, p.Box, n)
}

// UpdateVersionRequest changes a version.
type UpdateVersionRequest struct {
	api.VersionPath
	wire.VersionInput
	In route.Incoming `json:"-"`
}

// UpdateVersion changes a version, and renumbers it when another number was sent.
func (s *Service) UpdateVersion(ctx context.Context, caller registry.Caller, req UpdateVersionRequest) (wire.Version, error) {
	return s.edit(ctx, caller, VersionRequest{req.VersionPath, req.In}, func(e *publish.Edit) (err error) {
		e.Number, err = change(e.Version, req.Fields())
		return err
	})
}

// edit changes a version and tells about it.
func (s *Service) edit(ctx context.Context, caller registry.Caller, req VersionRequest, do func(*publish.Edit) error) (wire.Version, error) {
	done, err := s.editVersion(ctx, caller, req.VersionPath, do)
	if err != nil {
		return wire.Version{}, err
	}
	return s.teller(req.In).version(done.Box, done.Version), nil
}

func (s *Service) editVersion(ctx context.Context, caller registry.Caller, p api.VersionPath, do func(*publish.Edit) error) (publish.Published, error) {
	n, err := p.ParseNumber()
	if err != nil {
		return publish.Published{}, err
	}
	return s.Publish.EditVersion(ctx, caller, p.Organization, p.Box, n, do)
}

// ReleaseVersion releases a version that has a file, or is about to have one. Packer takes the error about
// one that is released for success by its words.
func (s *Service) ReleaseVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (wire.Version, error) {
	return s.edit(ctx, caller, req, func(e *publish.Edit) error {
		if e.Version.Status == registry.Active {
			return registry.Errorf(registry.Conflict, "version %s has already been released", e.Version.Number)
		}
		return s.Publish.Release(ctx, e)
	})
}

// RevokeVersion takes a released version back.
func (s *Service) RevokeVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (wire.Version, error) {
	return s.edit(ctx, caller, req, func(e *publish.Edit) error {
		changed, err := e.Version.Revoke(s.Now())
		e.What, e.Same = []registry.EventType{registry.BoxRevoked}, !changed
		return err
	})
}

// DeleteVersion deletes a version, and tells what it was.
func (s *Service) DeleteVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (wire.Version, error) {
	n, err := req.ParseNumber()
	if err != nil {
		return wire.Version{}, err
	}
	done, err := s.Publish.DeleteVersion(ctx, caller, req.Organization, req.Box, n)
	if err != nil {
		return wire.Version{}, err
	}
	return s.teller(req.In).version(done.Box, done.Version), nil
}
