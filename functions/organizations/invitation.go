package organizations

import (
	"context"
	"net/url"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// InviteRequest invites somebody by e-mail.
type InviteRequest struct {
	In route.Incoming `json:"-"`
	api.InviteInput
}

// Invite keeps a place in an organization for who reads mail to an address, and writes there. Only
// owners invite admins. A pending invitation of the address, and its tokens, are void from then on.
func (s *Service) Invite(ctx context.Context, caller registry.Caller, req InviteRequest) (told api.Invited, err error) {
	role, err := checkInvite(req.InviteInput)
	if err != nil {
		return told, err
	}
	err = registry.Again(writeTries, func() error {
		at, err := s.Gate.Inviting(ctx, caller, req.OrganizationName, req.Email, whoGives(role))
		if err == nil && at.Member {
			err = registry.Errorf(registry.Conflict, "the address is that of a member of %s", at.Organization.Name)
		}
		if err != nil {
			return err
		}
		o, now := at.Organization, s.Now()
		told, err = s.invite(ctx, req.In, at, registry.Invitation{
			ID: registry.NewID(), Email: req.Email, OrganizationID: o.ID, Home: o.Home, Organization: o.Name,
			Role: role, By: caller.Username, CreatedAt: now, ExpiresAt: now.Add(registry.InvitationLife),
		})
		return err
	})
	return told, err
}

func checkInvite(in api.InviteInput) (registry.Role, error) {
	var wrong registry.Fields
	wrong.Check("email", registry.CheckEmail(in.Email))
	if in.OrganizationName == "" {
		wrong.Add("organizationName", "must not be empty")
	}
	role, err := registry.ParseInvitedRole(in.InviteRole)
	wrong.Check("inviteRole", err)
	return role, wrong.Err()
}

// invite writes the invitation. The letter's token and the one that is answered with are not the same:
// who invites knows the latter, and has not shown to read the mail.
func (s *Service) invite(ctx context.Context, in route.Incoming, at catalog.Inviting, i registry.Invitation) (api.Invited, error) {
	letters, err := s.invitationLetter(ctx, at, i)
	if err != nil {
		return api.Invited{}, err
	}
	token := auth.NewTicket()
	i.Tickets = []string{auth.HashTicket(token)}
	message := "Invitation made; no letter was sent, so pass the link on yourself."
	for _, l := range letters {
		i.Tickets, message = append(i.Tickets, l.Hash), "Invitation sent successfully!"
	}
	return api.Invited{
		Message: message, Token: token, Expires: i.ExpiresAt.UnixMilli(), OrganizationID: int64(i.OrganizationID),
		Link: in.Base(s.URL) + "/register?token=" + token + "&organization=" + url.QueryEscape(i.Organization),
	}, s.Catalog.Invite(ctx, at, i, letters...)
}

// invitationLetter is none where there is no mail, and when the address was written to often enough.
func (s *Service) invitationLetter(ctx context.Context, at catalog.Inviting, i registry.Invitation) ([]catalog.Mailed, error) {
	if !s.Mail.On || at.Letters >= registry.MaxInvitationLetters {
		return nil, nil
	}
	ticket := i.Ticket(registry.PurposeInvite)
	m, err := s.Tokens.Mailed(ctx, registry.Letter{
		Kind: registry.LetterInvitation, To: i.Email, By: i.By, Organization: i.Organization, Role: i.Role, Ticket: &ticket,
	})
	return []catalog.Mailed{m}, err
}

// ListInvitations lists who is invited to an organization and has not joined yet.
func (s *Service) ListInvitations(ctx context.Context, caller registry.Caller, req Named) ([]api.Invitation, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err != nil {
		return nil, err
	}
	list, err := s.Catalog.Invitations(ctx, o)
	return api.Each(list, api.FromInvitation), err
}

// WithdrawRequest names an invitation.
type WithdrawRequest struct {
	ID int64 `path:"id" json:"-"`
}

// WithdrawInvitation takes an invitation back.
func (s *Service) WithdrawInvitation(ctx context.Context, caller registry.Caller, req WithdrawRequest) (api.Done, error) {
	i, err := s.Gate.Invitation(ctx, caller, registry.ID(req.ID), registry.RoleAdmin)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("Invitation withdrawn."), s.Catalog.Withdraw(ctx, i)
}

// InvitationRequest brings the token of an invitation.
type InvitationRequest struct {
	Token string `path:"token" json:"-"`
}

// ValidateInvitation tells who has the token of an invitation what it is to.
func (s *Service) ValidateInvitation(ctx context.Context, _ registry.Caller, req InvitationRequest) (api.OpenInvitation, error) {
	i, err := s.Gate.Invited(ctx, req.Token, 0)
	return api.OpenInvitation{
		Message: "The invitation is valid.", Email: i.Invitation.Email,
		OrganizationName: i.Organization.Name, InvitedRole: i.Invitation.Role.String(),
	}, err
}

// AcceptInvitation makes the caller a member, whose address must be the one that was invited.
func (s *Service) AcceptInvitation(ctx context.Context, caller registry.Caller, req InvitationRequest) (told api.Joined, err error) {
	err = registry.Again(writeTries, func() error {
		i, err := s.Gate.Invited(ctx, req.Token, caller.Account)
		switch {
		case err != nil:
			return err
		case !registry.SameName(i.Account.Email, i.Invitation.Email):
			return registry.Errorf(registry.Forbidden, "the invitation is for another e-mail address than that of your account")
		}
		told = api.Joined{Message: "Invitation accepted.", Organization: i.Organization.Name, Role: i.Invitation.Role.String()}
		return s.Catalog.Accept(ctx, i)
	})
	return told, err
}
