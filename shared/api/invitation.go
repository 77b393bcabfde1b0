package api

import (
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// InviteInput invites somebody by e-mail.
type InviteInput struct {
	Email            string `json:"email"`
	OrganizationName string `json:"organizationName"`
	InviteRole       string `json:"inviteRole,omitempty"` // member or admin; left out: member
}

// Invited is the answer to InviteInput. Who has the token, or the link that is made of it, can join.
type Invited struct {
	Message string `json:"message"`
	Token   string `json:"invitationToken"`
	// Expires is in milliseconds since 1970.
	Expires        int64  `json:"invitationTokenExpires"`
	OrganizationID int64  `json:"organizationId"`
	Link           string `json:"invitationLink"`
}

// OpenInvitation tells who has the token of an invitation what it is to.
type OpenInvitation struct {
	Message          string `json:"message"`
	Email            string `json:"email"`
	OrganizationName string `json:"organizationName"`
	InvitedRole      string `json:"invitedRole"`
}

// Joined tells who has accepted an invitation.
type Joined struct {
	Message      string `json:"message"`
	Organization string `json:"organization"`
	Role         string `json:"role"`
}

// Invitation tells an organization's admins about an invitation, which is there until it is accepted,
// withdrawn or expires. It never has the token.
type Invitation struct {
	ID               int64     `json:"id"`
	Email            string    `json:"email"`
	OrganizationName string    `json:"organizationName"`
	OrganizationID   int64     `json:"organizationId"`
	InvitedRole      string    `json:"invitedRole"`
	InvitedBy        string    `json:"invitedBy"` // username
	Expires          time.Time `json:"expires"`
	Expired          bool      `json:"expired"`  // false
	Accepted         bool      `json:"accepted"` // false
	CreatedAt        time.Time `json:"createdAt"`
}

// FromInvitation tells about an invitation, without its tokens.
func FromInvitation(i registry.Invitation) Invitation {
	return Invitation{
		ID: int64(i.ID), Email: i.Email, OrganizationName: i.Organization, OrganizationID: int64(i.OrganizationID),
		InvitedRole: i.Role.String(), InvitedBy: i.By, Expires: i.ExpiresAt, CreatedAt: i.CreatedAt,
	}
}
