package admin

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// AuditPage is a page of the audit log.
type AuditPage struct {
	// Limit is the most changes to answer with, 1 to 1000; 0 is 100.
	Limit int    `query:"limit" json:"-"`
	After string `query:"after" json:"-"`
}

const maxAudit = 1000

func (p AuditPage) check() (limit int, err error) {
	if p.Limit < 0 || p.Limit > maxAudit {
		return 0, registry.Wrong("limit", "must be between 1 and 1000")
	}
	if p.Limit == 0 {
		return 100, nil
	}
	return p.Limit, nil
}

// AuditRequest asks for changes on the platform.
type AuditRequest struct{ AuditPage }

// ReadAudit tells platform admins of every change.
func (s *Service) ReadAudit(ctx context.Context, caller registry.Caller, req AuditRequest) (route.Paged[api.AuditEntry], error) {
	limit, err := req.check()
	if err != nil {
		return route.Paged[api.AuditEntry]{}, err
	}
	if !caller.Admin {
		return route.Paged[api.AuditEntry]{}, registry.Denied("admin", "user")
	}
	list, next, err := s.Catalog.AuditOfAll(ctx, req.After, limit)
	return route.Paged[api.AuditEntry]{Items: api.Each(list, api.FromAudit), After: next}, err
}

// ExportAudit is ReadAudit for programs that read line by line.
func (s *Service) ExportAudit(ctx context.Context, caller registry.Caller, req AuditRequest) (route.Lines[api.AuditEntry], error) {
	page, err := s.ReadAudit(ctx, caller, req)
	return route.Lines[api.AuditEntry]{Paged: page}, err
}

// OrganizationAuditRequest asks for changes in an organization.
type OrganizationAuditRequest struct {
	Organization string `path:"organization" json:"-"`
	AuditPage
}

// ReadOrganizationAudit tells admins and owners of every change in their organization.
func (s *Service) ReadOrganizationAudit(ctx context.Context, caller registry.Caller, req OrganizationAuditRequest) (route.Paged[api.AuditEntry], error) {
	limit, err := req.check()
	if err != nil {
		return route.Paged[api.AuditEntry]{}, err
	}
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err != nil {
		return route.Paged[api.AuditEntry]{}, err
	}
	list, next, err := s.Catalog.Audit(ctx, o.ID, req.After, limit)
	return route.Paged[api.AuditEntry]{Items: api.Each(list, api.FromAudit), After: next}, err
}

// ExportOrganizationAudit is ReadOrganizationAudit for programs that read line by line.
func (s *Service) ExportOrganizationAudit(ctx context.Context, caller registry.Caller, req OrganizationAuditRequest) (route.Lines[api.AuditEntry], error) {
	page, err := s.ReadOrganizationAudit(ctx, caller, req)
	return route.Lines[api.AuditEntry]{Paged: page}, err
}
