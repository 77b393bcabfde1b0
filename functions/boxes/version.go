package boxes

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// ListVersions lists the versions of a box that the caller may see, the newest first.
func (s *Service) ListVersions(ctx context.Context, caller registry.Caller, req BoxRequest) ([]api.Version, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return nil, err
	}
	list, err := visible(tree, role)
	if err != nil {
		return nil, err
	}
	counts, err := s.Catalog.Downloads(ctx, tree.Box.ID)
	for i := range list {
		list[i].Count(counts)
	}
	return list, err
}

// CreateVersionRequest is a wish for a version.
type CreateVersionRequest struct {
	api.BoxPath
	api.NewVersion
}

// CreateVersion makes a version. It is seen by Vagrant once it has a file.
func (s *Service) CreateVersion(ctx context.Context, caller registry.Caller, req CreateVersionRequest) (api.Version, error) {
	done, err := s.Publish.CreateVersion(ctx, caller, req.Organization, req.Box, func(v *registry.Version) error {
		if _, err := applyVersion(v, req.VersionInput); err != nil {
			return err
		}
		if err := v.Begin(registry.Status(req.Status)); err != nil {
			return registry.Wrong("status", err.Error())
		}
		n, err := number(req.VersionInput, "")
		v.Number = n
		return err
	})
	return api.FromVersion(done.Version), err
}

// applyVersion puts what was sent into a version, but for its number, and checks it. It returns
// whether that is deprecated from now on.
func applyVersion(v *registry.Version, in api.VersionInput) (deprecated bool, err error) {
	api.Set(&v.Description, in.Description)
	api.Set(&v.ReleaseNotes, cmp.Or(in.ReleaseNotes, in.OldReleaseNotes))
	if in.Release != nil {
		v.Hold = !*in.Release
	}
	var wrong registry.Fields
	deprecated, why := v.Deprecate(in.Deprecated, cmp.Or(in.DeprecationReason, in.OldDeprecationReason))
	wrong.Check("deprecationReason", why)
	wrong.Check("description", registry.CheckText(v.Description, 4096))
	wrong.Check("releaseNotes", registry.CheckText(v.ReleaseNotes, 64<<10))
	if _, err := number(in, "0"); err != nil {
		wrong.Add("version", "must be a version number such as 1.2.3, 20241101.0 or 1.0.0-rc1")
	}
	return deprecated, wrong.Err()
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
	told := api.FromVersion(*v)
	counts, err := s.Catalog.DownloadsOf(ctx, v.Box, v.Files()...)
	told.Count(counts)
	return told, err
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
	err = s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		deprecated, err := applyVersion(e.Version, req.VersionInput)
		if err != nil {
			return err
		}
		if e.Version.Status == registry.Unreleased && req.Release != nil && *req.Release && len(e.Version.Files()) > 0 {
			e.Version.Status = registry.Active
			e.What = append(e.What, registry.BoxReleased)
		}
		if deprecated {
			e.What = append(e.What, registry.BoxDeprecated)
		}
		e.Number, err = number(req.VersionInput, e.Version.Number)
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
	_, err = s.Publish.DeleteVersion(ctx, caller, req.Organization, req.Box, n)
	return api.OK("Version " + string(n) + " deleted."), err
}
