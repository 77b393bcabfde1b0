package organizations

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// AskRequest is a wish to become a member.
type AskRequest struct {
	Organization string `path:"organization" json:"-"`
	api.JoinRequestInput
}

// AskToJoin asks an organization that can be asked. To who is neither a member nor platform admin,
// one that is private does not exist.
func (s *Service) AskToJoin(ctx context.Context, caller registry.Caller, req AskRequest) (api.JoinRequest, error) {
	var wrong registry.Fields
	wrong.Check("message", registry.CheckText(req.Message, 1024))
	if err := wrong.Err(); err != nil {
		return api.JoinRequest{}, err
	}
	o, role, err := s.Catalog.OrganizationAccess(ctx, caller.Account, req.Organization)
	switch {
	case err != nil:
		return api.JoinRequest{}, err
	case role != registry.RoleNone:
		return api.JoinRequest{}, registry.Errorf(registry.Conflict, "you are a member of %s already", o.Name)
	case !o.Listed() && !caller.Admin:
		return api.JoinRequest{}, registry.Missing("organization")
	case o.Mode() != registry.AccessRequests:
		return api.JoinRequest{}, registry.Errorf(registry.Forbidden, "%s is joined by invitation", o.Name)
	}
	r := registry.JoinRequest{
		ID: registry.NewID(), Account: caller.Account, Username: caller.Username, OrganizationID: o.ID,
		Home: o.Home, Organization: o.Name, Message: req.Message, CreatedAt: s.Now(),
	}
	return api.FromJoinRequest(r), s.Catalog.AskToJoin(ctx, o, r)
}

// ListJoinRequests lists who asks to join an organization.
func (s *Service) ListJoinRequests(ctx context.Context, caller registry.Caller, req Named) ([]api.JoinRequest, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err != nil {
		return nil, err
	}
	list, err := s.Catalog.JoinRequests(ctx, o)
	return api.Each(list, api.FromJoinRequest), err
}

// ListOwnJoinRequests lists what the caller has asked for.
func (s *Service) ListOwnJoinRequests(ctx context.Context, caller registry.Caller, _ route.Nothing) ([]api.JoinRequest, error) {
	list, err := s.Catalog.JoinRequestsOf(ctx, caller.Account)
	return api.Each(list, api.FromJoinRequest), err
}

// OwnJoinRequestRequest names a request of the caller's.
type OwnJoinRequestRequest struct {
	ID int64 `path:"id" json:"-"`
}

// CancelJoinRequest takes back what the caller has asked for.
func (s *Service) CancelJoinRequest(ctx context.Context, caller registry.Caller, req OwnJoinRequestRequest) (api.Done, error) {
	r, err := s.Catalog.JoinRequestOf(ctx, caller.Account, registry.ID(req.ID))
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("Request cancelled."), s.Catalog.EndRequest(ctx, r.Home, r, registry.JoinRequestCancelled)
}

// JoinRequestRequest names a request to an organization.
type JoinRequestRequest struct {
	Organization string `path:"organization" json:"-"`
	ID           int64  `path:"id" json:"-"`
}

// ApproveRequest says what who asked becomes.
type ApproveRequest struct {
	JoinRequestRequest
	api.Approval
}

// ApproveJoinRequest makes a member of who asked. Only owners make admins.
func (s *Service) ApproveJoinRequest(ctx context.Context, caller registry.Caller, req ApproveRequest) (told api.Member, err error) {
	err = registry.Again(writeTries, func() error {
		o, have, r, err := s.Gate.JoinRequest(ctx, caller, req.Organization, registry.ID(req.ID), registry.RoleAdmin)
		if err != nil {
			return err
		}
		role, err := assigned(req.AssignedRole, o, have)
		if err != nil {
			return err
		}
		told = api.Member{ID: int64(r.Account), Username: r.Username, Role: role.String(), JoinedAt: s.Now()}
		return s.Catalog.Approve(ctx, o, r, role)
	})
	return told, err
}

// assigned is the role that was asked for, or the organization's default as far as who decides may
// give it.
func assigned(text string, o registry.Organization, have registry.Role) (registry.Role, error) {
	if text == "" {
		return min(o.Joining(), have), nil
	}
	role, err := registry.ParseRole(text)
	if err == nil && role == registry.RoleOwner {
		return role, registry.Wrong("assignedRole", "must be member or admin")
	}
	if err != nil {
		return role, registry.Wrong("assignedRole", err.Error())
	}
	if need := whoGives(role); have < need {
		return role, registry.Denied(need.String(), have.String())
	}
	return role, nil
}

// DenyJoinRequest turns a request down. Who asked may ask again.
func (s *Service) DenyJoinRequest(ctx context.Context, caller registry.Caller, req JoinRequestRequest) (api.Done, error) {
	o, _, r, err := s.Gate.JoinRequest(ctx, caller, req.Organization, registry.ID(req.ID), registry.RoleAdmin)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("Request denied."), s.Catalog.EndRequest(ctx, o.Name, r, registry.JoinRequestDenied)
}
