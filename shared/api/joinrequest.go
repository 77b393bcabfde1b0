package api

import (
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// JoinRequestInput asks to become a member.
type JoinRequestInput struct {
	// Message is for those who decide; may be left out.
	Message string `json:"message,omitempty"`
}

// JoinRequest tells about a wish to become a member. It is there until it is decided.
type JoinRequest struct {
	ID             int64           `json:"id"`
	Organization   string          `json:"organizationName"`
	OrganizationID int64           `json:"organizationId"`
	User           JoinRequestUser `json:"user"`
	Status         string          `json:"status"` // pending
	Message        string          `json:"message"`
	CreatedAt      time.Time       `json:"createdAt"`
}

// JoinRequestUser is who asks.
type JoinRequestUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

// Approval says what somebody who asked to join becomes.
type Approval struct {
	// AssignedRole is member or admin; left out, the organization's default.
	AssignedRole string `json:"assignedRole,omitempty"`
}

// AccessModeInput says how an organization is found and joined.
type AccessModeInput struct {
	AccessMode  string `json:"accessMode"`            // private, invite_only or request_to_join
	DefaultRole string `json:"defaultRole,omitempty"` // member or admin
}

// DiscoveredOrganization is an organization as everyone may see it.
type DiscoveredOrganization struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	AccessMode  string `json:"accessMode"`
	Members     int    `json:"memberCount"`
}

// FromJoinRequest tells about a request.
func FromJoinRequest(r registry.JoinRequest) JoinRequest {
	return JoinRequest{
		ID: int64(r.ID), Organization: r.Organization, OrganizationID: int64(r.OrganizationID),
		User: JoinRequestUser{int64(r.Account), r.Username}, Status: "pending", Message: r.Message, CreatedAt: r.CreatedAt,
	}
}

// FromDiscovered tells about an organization to who may be no member.
func FromDiscovered(o registry.Organization) DiscoveredOrganization {
	return DiscoveredOrganization{
		ID: int64(o.ID), Name: o.Name, Description: o.Description, AccessMode: string(o.Mode()), Members: o.Members,
	}
}
