package hcp

import (
	"context"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Registries is a page of registries.
type Registries struct {
	Registries []Registry `json:"registries"`
	Pagination Pagination `json:"pagination"`
}

// ListRegistriesRequest asks for the registries of a place: an organization and a project, which are
// called alike here. Empty for any.
type ListRegistriesRequest struct {
	OrganizationID string `query:"location.organization_id" json:"-"`
	ProjectID      string `query:"location.project_id" json:"-"`
	Page
}

// ListRegistries lists the organizations of the caller.
func (s *Service) ListRegistries(ctx context.Context, caller registry.Caller, req ListRegistriesRequest) (Registries, error) {
	list, err := s.own(ctx, caller, req.OrganizationID, req.ProjectID)
	if err != nil {
		return Registries{}, err
	}
	list, next, err := part(req.Page, list, homeOf)
	return Registries{api.Each(list, fromOrganization), next}, err
}

func homeOf(o registry.Organization) string { return o.Home }

// own are the organizations of the caller that have a name, by each of the names that are not empty.
func (s *Service) own(ctx context.Context, caller registry.Caller, names ...string) (own []registry.Organization, err error) {
	_, list, err := s.Catalog.OrganizationsOf(ctx, caller.Account)
	for _, o := range list {
		wanted := caller.Reaches(o.ID)
		for _, name := range names {
			wanted = wanted && (name == "" || registry.SameName(name, o.Name))
		}
		if wanted {
			own = append(own, o)
		}
	}
	return own, err
}

// RegistryAnswer has a registry, and the operation that made it so.
type RegistryAnswer struct {
	Registry  Registry   `json:"registry"`
	Operation *Operation `json:"operation,omitempty"`
}

// RegistryRequest names a registry.
type RegistryRequest struct {
	Organization string `path:"organization" json:"-"`
}

// ReadRegistryRequest asks for a registry.
type ReadRegistryRequest struct {
	Organization string `path:"organization" json:"-"`
	Expanded     bool   `query:"expanded" json:"-"`
}

// ReadRegistry tells its members about an organization. Expanded, it has its first 100 boxes.
func (s *Service) ReadRegistry(ctx context.Context, caller registry.Caller, req ReadRegistryRequest) (RegistryAnswer, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	told := RegistryAnswer{Registry: fromOrganization(o)}
	if err != nil || !req.Expanded {
		return told, err
	}
	list, _, err := s.Catalog.Boxes(ctx, o, "", fullPage)
	told.Registry.Boxes = api.Each(list, fromBox)
	return told, err
}

// RegistryInput makes or changes a registry. What is left out stays as it is.
type RegistryInput struct {
	// Name is given when the registry is made, and is no other later.
	Name        *string `json:"name,omitempty" schema:"name"`
	Description *string `json:"description,omitempty" schema:"maxLength=4096"`
}

func (in RegistryInput) apply(o *registry.Organization) error {
	api.Set(&o.Description, in.Description)
	var wrong registry.Fields
	wrong.Check("name", registry.CheckOrganizationName(o.Name))
	wrong.Check("description", registry.CheckText(o.Description, registry.MaxDescription))
	return wrong.Err()
}

// CreateRegistryRequest is a wish for a registry.
type CreateRegistryRequest struct{ RegistryInput }

// CreateRegistry makes an organization that the caller owns.
func (s *Service) CreateRegistry(ctx context.Context, caller registry.Caller, req CreateRegistryRequest) (RegistryAnswer, error) {
	now := s.Now()
	o := registry.Organization{ID: registry.NewID(), Creator: caller.Account, CreatedAt: now, UpdatedAt: now}
	api.Set(&o.Name, req.Name)
	if err := req.apply(&o); err != nil {
		return RegistryAnswer{}, err
	}
	owner, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return RegistryAnswer{}, err
	}
	o, err = s.Catalog.CreateOrganization(ctx, o, owner)
	return RegistryAnswer{fromOrganization(o), registryOperation(createRegistry, o, o.CreatedAt)}, err
}

// UpdateRegistryRequest changes a registry.
type UpdateRegistryRequest struct {
	Organization string `path:"organization" json:"-"`
	RegistryInput
}

// UpdateRegistry changes the description of an organization.
func (s *Service) UpdateRegistry(ctx context.Context, caller registry.Caller, req UpdateRegistryRequest) (RegistryAnswer, error) {
	if req.Name != nil && !registry.SameName(*req.Name, req.Organization) {
		return RegistryAnswer{}, registry.Wrong("name", "cannot be changed here: rename the organization at /api/organization/ORG")
	}
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err == nil {
		err = route.IfMatch(ctx, o.Revision)
	}
	if err == nil {
		err = req.apply(&o)
	}
	if err != nil {
		return RegistryAnswer{}, err
	}
	return RegistryAnswer{Registry: fromOrganization(o)}, s.Catalog.SaveOrganization(ctx, o, registry.OrganizationUpdated)
}

// DeleteRegistry deletes an organization with all that belongs to it.
func (s *Service) DeleteRegistry(ctx context.Context, caller registry.Caller, req RegistryRequest) (OperationAnswer, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleOwner)
	if err == nil {
		err = route.IfMatch(ctx, o.Revision)
	}
	if err == nil {
		err = s.Catalog.DeleteOrganization(ctx, o)
	}
	return OperationAnswer{registryOperation(deleteRegistry, o, s.Now())}, err
}

// SwitchRegistryRequest is to have a registry active, or not.
type SwitchRegistryRequest struct {
	Organization string `path:"organization" json:"-"`
	In           route.Incoming
}

// SwitchRegistry finds every registry active, which costs nothing here: to activate one is to leave it as
// it is, and to deactivate one is refused.
func (s *Service) SwitchRegistry(ctx context.Context, caller registry.Caller, req SwitchRegistryRequest) (Empty, error) {
	_, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err == nil && strings.HasSuffix(req.In.Path, "/deactivate") {
		err = registry.Errorf(registry.Conflict, "a registry is always active here: make its boxes private, or delete it")
	}
	return Empty{}, err
}
