package registry

import (
	"errors"
	"time"
)

// Organization owns boxes and has members. Its name is the first part of `org/box`.
type Organization struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Email       string `json:"email,omitempty"`
	// Owners counts the members with RoleOwner; there is always one.
	Owners  int    `json:"owners"`
	Policy  Policy `json:"policy"`
	Creator ID     `json:"creator"`
	// Deleting is set while the organization is taken apart: no box can be created any more.
	Deleting  bool      `json:"deleting,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`

	Revision
}

// Policy is what an organization demands of uploads. The zero value is the default.
type Policy struct {
	// RequireBoxes refuses files that are no Vagrant box.
	RequireBoxes bool `json:"requireBoxes,omitempty"`
	// MutableReleases lets a file of a released version be replaced.
	MutableReleases bool `json:"mutableReleases,omitempty"`
	// ServiceAccountsCreateBoxes lets an upload by a service account create the box it names.
	ServiceAccountsCreateBoxes bool `json:"serviceAccountsCreateBoxes,omitempty"`
}

// Membership ties an account to an organization.
type Membership struct {
	Account      ID        `json:"account"`
	Username     string    `json:"username"`
	Organization string    `json:"organization"`
	Role         Role      `json:"role"`
	JoinedAt     time.Time `json:"joinedAt"`

	Revision
}

// Role is what a member may do; a larger one includes the smaller ones. 0 is no member.
type Role uint8

// The roles.
const (
	RoleNone   Role = iota
	RoleMember      // creates boxes, changes own ones
	RoleAdmin       // changes any box, manages members (the "moderator" of older documents)
	RoleOwner       // manages admins and owners, deletes the organization
)

var roleNames = [...]string{RoleNone: "none", RoleMember: "member", RoleAdmin: "admin", RoleOwner: "owner"}

// String returns the role's name.
func (r Role) String() string { return roleNames[r] }

// ParseRole reads a role that a member can have. "moderator" is another name for admin.
func ParseRole(s string) (Role, error) {
	if s == "moderator" {
		return RoleAdmin, nil
	}
	for role := RoleMember; role <= RoleOwner; role++ {
		if s == role.String() {
			return role, nil
		}
	}
	return RoleNone, errors.New("must be member, admin or owner")
}

// MarshalText writes the role's name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a role's name.
func (r *Role) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRole(string(text))
	return err
}
