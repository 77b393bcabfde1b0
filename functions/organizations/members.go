package organizations

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// ListMembers lists the members of an organization.
func (s *Service) ListMembers(ctx context.Context, caller registry.Caller, req Named) ([]api.Member, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	if err != nil {
		return nil, err
	}
	members, err := s.Catalog.Members(ctx, o)
	return api.Each(members, api.FromMember), err
}

// AddMemberRequest names the account that is to become a member.
type AddMemberRequest struct {
	Organization string `path:"organization" json:"-"`
	api.MemberInput
}

// writeTries is how often a write is tried anew when others change the same organization.
const writeTries = 5

// AddMember makes an account a member. Only owners make admins and owners.
func (s *Service) AddMember(ctx context.Context, caller registry.Caller, req AddMemberRequest) (api.Member, error) {
	role, err := parseRole(req.Role)
	if err != nil {
		return api.Member{}, err
	}
	var m registry.Membership
	err = registry.Again(writeTries, func() error {
		o, who, err := s.Gate.Candidate(ctx, caller, req.Organization, req.Username, whoGives(role))
		if err != nil {
			return err
		}
		m = registry.Membership{Account: who.Account, Username: who.Username, Role: role, JoinedAt: s.Now()}
		return s.Catalog.AddMember(ctx, o, who, role)
	})
	return api.FromMember(m), err
}

// MemberRequest is about a member.
type MemberRequest struct {
	Organization string `path:"organization" json:"-"`
	ID           int64  `path:"id" json:"-"`
}

// ReadRole tells about a member.
func (s *Service) ReadRole(ctx context.Context, caller registry.Caller, req MemberRequest) (api.Member, error) {
	_, _, m, err := s.Gate.Member(ctx, caller, req.Organization, registry.ID(req.ID), registry.RoleMember)
	return api.FromMember(m), err
}

// MemberNameRequest is about a member by user name.
type MemberNameRequest struct {
	Organization string `path:"organization" json:"-"`
	Username     string `path:"username" json:"-"`
}

// RemoveMemberByName ends the membership of a user name.
func (s *Service) RemoveMemberByName(ctx context.Context, caller registry.Caller, req MemberNameRequest) (api.Done, error) {
	_, who, err := s.Gate.Candidate(ctx, caller, req.Organization, req.Username, registry.RoleMember)
	if err != nil {
		return api.Done{}, err
	}
	return s.RemoveMember(ctx, caller, MemberRequest{Organization: req.Organization, ID: int64(who.Account)})
}

// SetRoleRequest gives a member another role.
type SetRoleRequest struct {
	MemberRequest
	api.MemberInput
}

// SetRole gives a member another role.
func (s *Service) SetRole(ctx context.Context, caller registry.Caller, req SetRoleRequest) (api.Member, error) {
	role, err := parseRole(req.Role)
	if err != nil {
		return api.Member{}, err
	}
	o, _, m, err := s.Gate.Member(ctx, caller, req.Organization, registry.ID(req.ID), registry.RoleOwner)
	if err != nil {
		return api.Member{}, err
	}
	err = s.Catalog.SetRole(ctx, o, m, role)
	m.Role = role
	return api.FromMember(m), err
}

// RemoveMember ends a membership. Everyone may leave.
func (s *Service) RemoveMember(ctx context.Context, caller registry.Caller, req MemberRequest) (api.Done, error) {
	o, role, m, err := s.Gate.Member(ctx, caller, req.Organization, registry.ID(req.ID), registry.RoleMember)
	if err != nil {
		return api.Done{}, err
	}
	if need := whoGives(m.Role); m.Account != caller.Account && role < need {
		return api.Done{}, registry.Denied(need.String(), role.String())
	}
	return api.OK(m.Username + " is no longer a member."), s.Catalog.RemoveMember(ctx, o, m)
}

// whoGives is the role that gives and takes a role.
func whoGives(role registry.Role) registry.Role {
	if role == registry.RoleMember {
		return registry.RoleAdmin
	}
	return registry.RoleOwner
}

func parseRole(text string) (registry.Role, error) {
	if text == "" {
		return registry.RoleMember, nil
	}
	role, err := registry.ParseRole(text)
	var wrong registry.Fields
	wrong.Check("role", err)
	return role, wrong.Err()
}
