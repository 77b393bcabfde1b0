package registry

import (
	"errors"
	"time"
)

// Invitation is a place in an organization that is kept for who reads mail to an address. It is
// there until it is accepted, withdrawn or expires.
type Invitation struct {
	ID    ID     `json:"id"`
	Email string `json:"email"`
	// OrganizationID and Home tell the organization. Organization is its name when the invitation
	// is read.
	OrganizationID ID     `json:"organizationId"`
	Home           string `json:"home"`
	Organization   string `json:"-"`
	Role           Role   `json:"role"`
	By             string `json:"by"` // username of who invites
	// Tickets are the SHA-256 (hex) of the tokens that it is accepted by, the first one that of the
	// link which is shown to who invites.
	Tickets   []string  `json:"tickets"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`

	Revision
}

// InvitationLife is how long an invitation is good.
const InvitationLife = 7 * 24 * time.Hour

// The most letters of invitation that go to an address in the time, whoever invites: nobody is to be
// molested in the registry's name.
const (
	MaxInvitationLetters  = 5
	InvitationLettersLife = 24 * time.Hour
)

// JoinLetterPause is how long an organization's admins are not written to again about the same person
// who asks to join.
const JoinLetterPause = 24 * time.Hour

// Ticket is what the invitation is accepted by. It is for PurposeInvite or PurposeInviteLink.
func (i Invitation) Ticket(p Purpose) Ticket {
	return Ticket{
		ID: i.ID, Purpose: p, Email: i.Email, Home: i.Home, OrganizationID: i.OrganizationID,
		Role: i.Role, By: i.By, CreatedAt: i.CreatedAt, ExpiresAt: i.ExpiresAt,
	}
}

// ParseInvitedRole reads a role that people can be invited to; empty is member. Owners are made of
// members.
func ParseInvitedRole(s string) (Role, error) {
	if s == "" {
		return RoleMember, nil
	}
	role, err := ParseRole(s)
	if err != nil || role == RoleOwner {
		return RoleNone, errors.New("must be member or admin")
	}
	return role, nil
}
