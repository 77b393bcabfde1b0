package organizations

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Page is a part of a list.
type Page struct {
	// Limit is the most organizations to answer with, 1 to 1000; 0 is 100.
	Limit int    `query:"limit" json:"-"`
	After string `query:"after" json:"-"`
}

func (p Page) check() (limit int, err error) {
	var wrong registry.Fields
	if p.Limit < 0 || p.Limit > 1000 {
		wrong.Add("limit", "must be between 1 and 1000")
	}
	if p.After != "" {
		wrong.Check("after", registry.CheckName(p.After))
	}
	if p.Limit == 0 {
		p.Limit = 100
	}
	return p.Limit, wrong.Err()
}

// ListRequest asks for organizations.
type ListRequest struct{ Page }

// DiscoverOrganizations lists the organizations that everyone may find; to platform admins, all.
func (s *Service) DiscoverOrganizations(ctx context.Context, caller registry.Caller, req ListRequest) (route.Paged[api.DiscoveredOrganization], error) {
	limit, err := req.check()
	if err != nil {
		return route.Paged[api.DiscoveredOrganization]{}, err
	}
	list, next, err := s.Catalog.Organizations(ctx, caller.Admin, req.After, limit)
	return route.Paged[api.DiscoveredOrganization]{Items: api.Each(list, api.FromDiscovered), After: next}, err
}

// ListOrganizations lists the organizations of the caller's; to platform admins, all.
func (s *Service) ListOrganizations(ctx context.Context, caller registry.Caller, req ListRequest) (route.Paged[api.Organization], error) {
	page := route.Paged[api.Organization]{Items: []api.Organization{}}
	limit, err := req.check()
	if err != nil {
		return page, err
	}
	if !caller.Admin {
		page.Items, err = s.own(ctx, caller)
		return page, err
	}
	list, next, err := s.Catalog.Organizations(ctx, true, req.After, limit)
	page.After = next
	for _, o := range list {
		page.Items = append(page.Items, api.FromOrganization(o, registry.RoleOwner))
	}
	return page, err
}

func (s *Service) own(ctx context.Context, caller registry.Caller) ([]api.Organization, error) {
	memberships, organizations, err := s.Catalog.OrganizationsOf(ctx, caller.Account)
	list := []api.Organization{}
	for i, o := range organizations {
		if caller.Reaches(o.ID) {
			list = append(list, api.FromOrganization(o, memberships[i].Role))
		}
	}
	return list, err
}

// SuspendOrganization keeps everyone out of an organization but platform admins.
func (s *Service) SuspendOrganization(ctx context.Context, caller registry.Caller, req Named) (api.Done, error) {
	return api.OK("Organization suspended."), s.suspend(ctx, caller, req.Organization, true, registry.OrganizationSuspended)
}

// ResumeOrganization ends a suspension.
func (s *Service) ResumeOrganization(ctx context.Context, caller registry.Caller, req Named) (api.Done, error) {
	return api.OK("Organization resumed."), s.suspend(ctx, caller, req.Organization, false, registry.OrganizationResumed)
}

func (s *Service) suspend(ctx context.Context, caller registry.Caller, name string, suspended bool, what registry.EventType) error {
	return registry.Again(writeTries, func() error {
		o, err := s.asPlatformAdmin(ctx, caller, name)
		if err != nil || o.Suspended == suspended {
			return err
		}
		o.Suspended = suspended
		return s.Catalog.SaveOrganization(ctx, o, what)
	})
}

// asPlatformAdmin reads an organization for a platform admin. To others it is told whether they may
// only if they may see it.
func (s *Service) asPlatformAdmin(ctx context.Context, caller registry.Caller, name string) (registry.Organization, error) {
	o, role, err := s.Gate.Organization(ctx, caller, name, registry.RoleMember)
	if err == nil && !caller.Admin {
		err = registry.Denied("platform admin", role.String())
	}
	return o, err
}

// JoinOrganization makes a platform admin an owner.
func (s *Service) JoinOrganization(ctx context.Context, caller registry.Caller, req Named) (api.Member, error) {
	o, err := s.asPlatformAdmin(ctx, caller, req.Organization)
	if err != nil {
		return api.Member{}, err
	}
	who := catalog.Candidate{Account: caller.Account, Username: caller.Username}
	m := registry.Membership{Account: who.Account, Username: who.Username, Role: registry.RoleOwner, JoinedAt: s.Now()}
	return api.FromMember(m), s.Catalog.AddMember(ctx, o, who, registry.RoleOwner)
}
