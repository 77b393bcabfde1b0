package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// OfOrganization is a request about an organization.
type OfOrganization struct {
	Organization string `path:"organization" json:"-"`
}

// ReadPrimaryOrganization tells which organization is meant when the caller names none.
func (s *Service) ReadPrimaryOrganization(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.PrimaryOrganization, error) {
	memberships, err := s.Catalog.MembershipsOf(ctx, caller.Account)
	if err != nil {
		return api.PrimaryOrganization{}, err
	}
	m := registry.PrimaryOf(registry.Account{Primary: caller.Primary}, memberships)
	if m == nil {
		return api.PrimaryOrganization{}, registry.Missing("primary organization")
	}
	o, err := s.Gate.Home(ctx, caller, m.Home, registry.RoleMember)
	return api.PrimaryOrganization{
		Organization: api.OrganizationSummary{ID: int64(o.ID), Name: o.Name, Description: o.Description},
		Role:         m.Role.String(), JoinedAt: m.JoinedAt,
	}, err
}

// ChoosePrimaryOrganization chooses the organization that is meant when the caller names none, among
// those that the caller is a member of.
func (s *Service) ChoosePrimaryOrganization(ctx context.Context, caller registry.Caller, req OfOrganization) (api.PrimaryChanged, error) {
	a, o, m, err := s.Catalog.AccountAccess(ctx, caller.Account, req.Organization)
	if err == nil && m.Role == registry.RoleNone {
		err = registry.Missing("organization")
	}
	if err != nil {
		return api.PrimaryChanged{}, err
	}
	return api.PrimaryChanged{
		Success: true, Message: o.Name + " is your primary organization.",
		Primary: api.PrimaryMembership{ID: int64(o.ID), Name: o.Name, Role: m.Role.String()},
	}, s.Catalog.SetPrimary(ctx, a, m)
}

// LeaveOrganization ends the caller's membership. The last owner stays.
func (s *Service) LeaveOrganization(ctx context.Context, caller registry.Caller, req OfOrganization) (api.Done, error) {
	o, _, m, err := s.Gate.Member(ctx, caller, req.Organization, caller.Account, registry.RoleMember)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("You have left " + o.Name + "."), s.Catalog.RemoveMember(ctx, o, m)
}

// IsOnlyUser tells whether an organization has no member but the caller.
func (s *Service) IsOnlyUser(ctx context.Context, caller registry.Caller, req OfOrganization) (api.OnlyUser, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	if err != nil {
		return api.OnlyUser{}, err
	}
	members, err := s.Catalog.Members(ctx, o)
	return api.OnlyUser{IsOnlyUser: len(members) == 1 && members[0].Account == caller.Account}, err
}
