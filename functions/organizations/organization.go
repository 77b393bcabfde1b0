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
		if caller.Reaches(m.OrganizationID) {
			reached = append(reached, m)
		}
	}
	return api.FromMemberships(account, reached), nil
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

// UpdateOrganization changes an organization, and renames it when another name was sent; what is
// null or left out stays as it is.
func (s *Service) UpdateOrganization(ctx context.Context, caller registry.Caller, req UpdateRequest) (api.Organization, error) {
	o, role, err := s.Gate.Organization(ctx, caller, req.Path, registry.RoleAdmin)
	if err != nil {
		return api.Organization{}, err
	}
	if err := route.IfMatch(ctx, o.Revision); err != nil {
		return api.Organization{}, err
	}
	want := o
	api.Set(&want.Name, cmp.Or(req.Name, req.OrganizationInput.Organization))
	if err := apply(&want, req.OrganizationInput); err != nil {
		return api.Organization{}, err
	}
	if want.Name != o.Name {
		name := want.Name
		want.Name = o.Name
		want, err = s.Catalog.RenameOrganization(ctx, want, name)
	} else {
		err = s.Catalog.SaveOrganization(ctx, want, registry.OrganizationUpdated)
	}
	return api.FromOrganization(want, role), err
}

// DeleteOrganization deletes an organization with all that belongs to it. It is out of sight at
// once; its boxes and their files follow.
func (s *Service) DeleteOrganization(ctx context.Context, caller registry.Caller, req Named) (api.Done, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleOwner)
	if err != nil {
		return api.Done{}, err
	}
	if err := route.IfMatch(ctx, o.Revision); err != nil {
		return api.Done{}, err
	}
	return api.OK("Organization deleted."), s.Catalog.DeleteOrganization(ctx, o)
}

// AccessModeRequest says how an organization is found and joined.
type AccessModeRequest struct {
	Organization string `path:"organization" json:"-"`
	api.AccessModeInput
}

// SetAccessMode says how an organization is found and joined.
func (s *Service) SetAccessMode(ctx context.Context, caller registry.Caller, req AccessModeRequest) (api.Organization, error) {
	in := api.OrganizationInput{AccessMode: &req.AccessMode}
	if req.DefaultRole != "" {
		in.DefaultRole = &req.DefaultRole
	}
	return s.UpdateOrganization(ctx, caller, UpdateRequest{Path: req.Organization, OrganizationInput: in})
}
