package boxes

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ListVersions lists the versions of a box that the caller may see, the newest first.
func (s *Service) ListVersions(ctx context.Context, caller registry.Caller, req BoxRequest) ([]api.Version, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return nil, err
	}
	return visible(tree, role)
}

// CreateVersionRequest is a wish for a version.
type CreateVersionRequest struct {
	api.BoxPath
	api.VersionInput
}

// CreateVersion makes a version. It is seen by Vagrant once it has a file.
func (s *Service) CreateVersion(ctx context.Context, caller registry.Caller, req CreateVersionRequest) (api.Version, error) {
	a, err := s.Gate.WriteBox(ctx, caller, req.Organization, req.Box, catalog.Wanted{})
	if err != nil {
		return api.Version{}, err
	}
	v := registry.NewVersion(a.Box.ID, "", s.Now())
	if err := applyVersion(&v, req.VersionInput); err != nil {
		return api.Version{}, err
	}
	v.Number, err = number(req.VersionInput, "")
	if err != nil {
		return api.Version{}, err
	}
	return api.FromVersion(v), s.Catalog.CreateVersion(ctx, a.Box, v)
}

// applyVersion puts what was sent into a version, but for its number, and checks it.
func applyVersion(v *registry.Version, in api.VersionInput) error {
	api.Set(&v.Description, in.Description)
	api.Set(&v.ReleaseNotes, in.ReleaseNotes)
	if in.Release != nil {
		v.Hold = !*in.Release
	}
	var wrong registry.Fields
	wrong.Check("description", registry.CheckText(v.Description, 4096))
	wrong.Check("releaseNotes", registry.CheckText(v.ReleaseNotes, 64<<10))
	if _, err := number(in, "0"); err != nil {
		wrong.Add("version", "must be a version number such as 1.2.3, 20241101.0 or 1.0.0-rc1")
	}
	return wrong.Err()
}

// number reads the version number that was sent, or returns the one it stays at. Invalid when none
// was sent and none is there.
func number(in api.VersionInput, stays registry.Number) (registry.Number, error) {
	text := cmp.Or(in.VersionNumber, in.Version)
	if text == nil && stays != "" {
		return stays, nil
	}
	var wrong registry.Fields
	if text == nil {
		wrong.Add("versionNumber", "must not be empty")
		return "", wrong.Err()
	}
	n, err := registry.ParseNumber(*text)
	wrong.Check("version", err)
	return n, wrong.Err()
}

// VersionRequest names a version.
type VersionRequest struct{ api.VersionPath }

// ReadVersion tells about a version.
func (s *Service) ReadVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (api.Version, error) {
	v, err := s.readVersion(ctx, caller, req.VersionPath)
	if err != nil {
		return api.Version{}, err
	}
	return api.FromVersion(*v), nil
}

func (s *Service) readVersion(ctx context.Context, caller registry.Caller, p api.VersionPath) (*registry.Version, error) {
	n, err := p.ParseNumber()
	if err != nil {
		return nil, err
	}
	a, err := s.Gate.ReadBox(ctx, caller, p.Organization, p.Box, n)
	return a.Version, err
}

// UpdateVersionRequest changes a version.
type UpdateVersionRequest struct {
	api.VersionPath
	api.VersionInput
}

// UpdateVersion changes a version, and renumbers it when another number was sent. A release that
// was held back goes out with `release: true`.
func (s *Service) UpdateVersion(ctx context.Context, caller registry.Caller, req UpdateVersionRequest) (told api.Version, err error) {
	err = s.change(ctx, caller, req.VersionPath, func(e *edit) error {
		if err := applyVersion(e.version, req.VersionInput); err != nil {
			return err
		}
		if e.version.Status == registry.Unreleased && req.Release != nil && *req.Release && len(e.version.Files()) > 0 {
			e.version.Status, e.what = registry.Active, registry.BoxReleased
		}
		e.number, err = number(req.VersionInput, e.version.Number)
		return err
	}, func(v registry.Version) { told = api.FromVersion(v) })
	return told, err
}

// DeleteVersion deletes a version with everything in it.
func (s *Service) DeleteVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (api.Done, error) {
	n, err := req.ParseNumber()
	if err != nil {
		return api.Done{}, err
	}
	a, err := s.Gate.WriteVersion(ctx, caller, req.Organization, req.Box, n)
	if err != nil {
		return api.Done{}, err
	}
	if err := route.IfMatch(ctx, a.Version.Revision); err != nil {
		return api.Done{}, err
	}
	return api.OK("Version " + string(n) + " deleted."), s.Catalog.DeleteVersion(ctx, a.Box, *a.Version)
}
