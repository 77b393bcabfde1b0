package boxes

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// OrganizationRequest names an organization.
type OrganizationRequest struct {
	Organization string `path:"organization" json:"-"`
}

// DeleteBoxes deletes all boxes of an organization, as admin or owner. They are out of sight at once;
// their files follow.
func (s *Service) DeleteBoxes(ctx context.Context, caller registry.Caller, req OrganizationRequest) (api.Done, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("All boxes of " + o.Name + " deleted."), s.Catalog.DeleteBoxes(ctx, o)
}

// DeleteVersions deletes all versions of a box; the box stays.
func (s *Service) DeleteVersions(ctx context.Context, caller registry.Caller, req BoxRequest) (api.Done, error) {
	a, err := s.Gate.WriteBox(ctx, caller, req.Organization, req.Box, catalog.Wanted{})
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("All versions of " + a.Box.Tag() + " deleted."), s.Catalog.DeleteVersions(ctx, a.Box)
}

// DeleteProviders deletes all providers of a version with their files; the version stays.
func (s *Service) DeleteProviders(ctx context.Context, caller registry.Caller, req VersionRequest) (api.Done, error) {
	err := s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		e.Gone = e.Version.RemoveProviders(s.Now())
		return nil
	}, func(registry.Version) {})
	return api.OK("All providers of version " + req.Number + " deleted."), err
}

// DeleteArchitectures deletes all architectures of a provider with their files; the provider stays.
func (s *Service) DeleteArchitectures(ctx context.Context, caller registry.Caller, req ProviderRequest) (api.Done, error) {
	err := s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		e.Gone = p.RemoveArchitectures(s.Now())
		return nil
	}, func(registry.Version) {})
	return api.OK("All architectures of provider " + req.Provider + " deleted."), err
}
