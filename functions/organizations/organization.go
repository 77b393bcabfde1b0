package organizations

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Named is a request about an organization.
type Named struct {
	Organization string `path:"organization" json:"-"`
}

// ListUserOrganizations lists the organizations of the caller.
func (s *Service) ListUserOrganizations(ctx context.Context, caller registry.Caller, _ route.Nothing) ([]api.UserOrganization, error) {
	account, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return nil, err
	}
	memberships, err := s.Catalog.MembershipsOf(ctx, caller.Account)
	if err != nil {
		return nil, err
	}
	var reached []registry.Membership
	for _, m := range memberships {
		if caller.Reaches(m.Organization) {
			reached = append(reached, m)
		}
	}
	return api.FromMemberships(reached, account.Primary), nil
}

// ReadOrganization tells about an organization of the caller's.
func (s *Service) ReadOrganization(ctx context.Context, caller registry.Caller, req Named) (api.Organization, error) {
	o, role, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	return api.FromOrganization(o, role), err
}

// UpdateRequest changes an organization.
type UpdateRequest struct {
	Path string `path:"organization" json:"-"`
	api.OrganizationInput
}

// UpdateOrganization changes an organization; what is null or left out stays as it is.
func (s *Service) UpdateOrganization(ctx context.Context, caller registry.Caller, req UpdateRequest) (api.Organization, error) {
	o, role, err := s.Gate.Organization(ctx, caller, req.Path, registry.RoleAdmin)
	if err != nil {
		return api.Organization{}, err
	}
	if name := cmp.Or(req.Name, req.Organization); name != nil && *name != o.Name {
		return api.Organization{}, registry.Wrong("name", "cannot be changed")
	}
	if err := apply(&o, req.OrganizationInput); err != nil {
		return api.Organization{}, err
	}
	return api.FromOrganization(o, role), s.Catalog.SaveOrganization(ctx, o)
}

// DeleteOrganization deletes an organization that has no boxes.
func (s *Service) DeleteOrganization(ctx context.Context, caller registry.Caller, req Named) (api.Done, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleOwner)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("Organization deleted."), s.Catalog.DeleteOrganization(ctx, o)
}
