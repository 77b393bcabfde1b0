package hcp

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// What clients ask of HashiCorp's resource manager before they get to a registry: the organizations and
// projects there are (clients/cloud-resource-manager/stable/2019-12-10). An organization is one, and has
// one project of its own name.

// Organization tells about an organization of the caller's.
type Organization struct {
	ID        string    `json:"id"` // its name
	Name      string    `json:"name"`
	State     string    `json:"state" schema:"const=ACTIVE"`
	CreatedAt time.Time `json:"created_at"`
}

// Organizations is a page of organizations.
type Organizations struct {
	Organizations []Organization `json:"organizations"`
	Pagination    Pagination     `json:"pagination"`
}

// Project tells about the project of an organization.
type Project struct {
	ID          string     `json:"id"` // the organization's name
	Name        string     `json:"name"`
	Description string     `json:"description"`
	State       string     `json:"state" schema:"const=ACTIVE"`
	Parent      ResourceID `json:"parent"`
	CreatedAt   time.Time  `json:"created_at"`
}

// ResourceID names what something belongs to.
type ResourceID struct {
	ID   string `json:"id"`
	Type string `json:"type" schema:"const=ORGANIZATION"`
}

// Projects is a page of projects.
type Projects struct {
	Projects   []Project  `json:"projects"`
	Pagination Pagination `json:"pagination"`
}

const stateActive = "ACTIVE"

func resource(o registry.Organization) Organization {
	return Organization{o.Name, o.Name, stateActive, o.CreatedAt}
}

func project(o registry.Organization) Project {
	return Project{o.Name, o.Name, o.Description, stateActive, ResourceID{o.Name, "ORGANIZATION"}, o.CreatedAt}
}

// ListOrganizationsRequest asks for organizations.
type ListOrganizationsRequest struct{ Page }

// ListOrganizations lists the organizations of the caller.
func (s *Service) ListOrganizations(ctx context.Context, caller registry.Caller, req ListOrganizationsRequest) (Organizations, error) {
	list, err := s.own(ctx, caller)
	if err != nil {
		return Organizations{}, err
	}
	list, next, err := part(req.Page, list, homeOf)
	return Organizations{api.Each(list, resource), next}, err
}

// OrganizationAnswer has an organization.
type OrganizationAnswer struct {
	Organization Organization `json:"organization"`
}

// ReadOrganization tells about an organization of the caller's.
func (s *Service) ReadOrganization(ctx context.Context, caller registry.Caller, req RegistryRequest) (OrganizationAnswer, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	return OrganizationAnswer{resource(o)}, err
}

// ListProjectsRequest asks for the projects of an organization; empty for any.
type ListProjectsRequest struct {
	Scope string `query:"scope.id" json:"-"`
	Page
}

// ListProjects lists the projects of the caller's organizations.
func (s *Service) ListProjects(ctx context.Context, caller registry.Caller, req ListProjectsRequest) (Projects, error) {
	list, err := s.own(ctx, caller, req.Scope)
	if err != nil {
		return Projects{}, err
	}
	list, next, err := part(req.Page, list, homeOf)
	return Projects{api.Each(list, project), next}, err
}

// ProjectAnswer has a project.
type ProjectAnswer struct {
	Project Project `json:"project"`
}

// ReadProject tells about a project of the caller's.
func (s *Service) ReadProject(ctx context.Context, caller registry.Caller, req RegistryRequest) (ProjectAnswer, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	return ProjectAnswer{project(o)}, err
}
