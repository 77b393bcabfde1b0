package organizations

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateRequest is a wish for an organization.
type CreateRequest struct {
	api.OrganizationInput
}

// CreateOrganization makes an organization that the caller owns.
func (s *Service) CreateOrganization(ctx context.Context, caller registry.Caller, req CreateRequest) (api.Organization, error) {
	now := s.Now()
	o := registry.Organization{ID: registry.NewID(), Creator: caller.Account, CreatedAt: now, UpdatedAt: now}
	if name := cmp.Or(req.Name, req.Organization); name != nil {
		o.Name = *name
	}
	if err := apply(&o, req.OrganizationInput); err != nil {
		return api.Organization{}, err
	}
	owner, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return api.Organization{}, err
	}
	o, err = s.Catalog.CreateOrganization(ctx, o, owner)
	return api.FromOrganization(o, registry.RoleOwner), err
}

// apply puts what was sent into the organization and checks it as a whole.
func apply(o *registry.Organization, in api.OrganizationInput) error {
	api.Set(&o.Description, in.Description)
	api.Set(&o.Email, in.Email)
	api.Set(&o.Policy.RequireBoxes, in.RequireBoxes)
	api.Set(&o.Policy.MutableReleases, in.MutableReleases)
	api.Set(&o.Policy.ServiceAccountsCreateBoxes, in.ServiceAccountsCreateBoxes)
	var wrong registry.Fields
	applyAccess(o, in.AccessMode, in.DefaultRole, &wrong)
	wrong.Check("name", registry.CheckOrganizationName(o.Name))
	wrong.Check("description", registry.CheckText(o.Description, 4096))
	if o.Email != "" {
		wrong.Check("email", registry.CheckEmail(o.Email))
	}
	return wrong.Err()
}

// applyAccess says how the organization is found and joined.
func applyAccess(o *registry.Organization, mode, role *string, wrong *registry.Fields) {
	var err error
	if mode != nil {
		o.AccessMode, err = registry.ParseAccessMode(*mode)
		wrong.Check("accessMode", err)
	}
	if role != nil {
		if o.DefaultRole, err = registry.ParseRole(*role); err != nil || o.DefaultRole == registry.RoleOwner {
			wrong.Add("defaultRole", "must be member or admin")
		}
	}
}
