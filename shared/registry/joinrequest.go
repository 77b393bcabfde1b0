package registry

import "time"

// JoinRequest is somebody's wish to become a member of an organization that can be asked.
type JoinRequest struct {
	ID       ID     `json:"id"`
	Account  ID     `json:"account"`
	Username string `json:"username"`
	// OrganizationID and Home tell the organization. Organization is its name when the request is
	// read.
	OrganizationID ID        `json:"organizationId"`
	Home           string    `json:"home"`
	Organization   string    `json:"-"`
	Message        string    `json:"message,omitempty"`
	CreatedAt      time.Time `json:"createdAt"`

	Revision
}
