package registry

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// Organization owns boxes and has members. Its name is the first part of `org/box`.
type Organization struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
	// Home is the first name that the organization had, folded. All that belongs to it is kept
	// there, so that a rename changes one record.
	Home string `json:"home"`
	// Names are other names, folded, that lead here: those it had and the one it has.
	Names       []string `json:"names,omitempty"`
	Description string   `json:"description,omitempty"`
	Email       string   `json:"email,omitempty"`
	// Owners counts the members with RoleOwner; there is always one.
	Owners int `json:"owners"`
	// Members counts all members.
	Members int    `json:"members"`
	Policy  Policy `json:"policy"`
	// Mirror is the upstream that boxes come from on demand; nil where people make all of them.
	Mirror *Mirror `json:"mirror,omitempty"`
	// AccessMode says who may find the organization, and ask to join it; DefaultRole is what
	// they become when nobody says otherwise.
	AccessMode  AccessMode `json:"accessMode,omitempty"`
	DefaultRole Role       `json:"defaultRole,omitempty"`
	Creator     ID         `json:"creator"`
	// Suspended keeps everyone out but platform admins.
	Suspended bool `json:"suspended,omitempty"`
	// Deleting is set while the organization is taken apart: it is out of sight, and only its name
	// is still taken.
	Deleting bool `json:"deleting,omitempty"`
	// Era is that of its boxes.
	Era       Era       `json:"era,omitempty"`
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

// AccessMode says how an organization is found and joined.
type AccessMode string

// The modes, in the existing server's words.
const (
	AccessPrivate  AccessMode = "private"         // found by members only; the default
	AccessInvite   AccessMode = "invite_only"     // found by everyone, joined by invitation
	AccessRequests AccessMode = "request_to_join" // found by everyone, who may ask to join
)

// ParseAccessMode reads an access mode.
func ParseAccessMode(s string) (AccessMode, error) {
	switch m := AccessMode(s); m {
	case AccessPrivate, AccessInvite, AccessRequests:
		return m, nil
	default:
		return "", errors.New("must be private, invite_only or request_to_join")
	}
}

// Listed reports whether everyone may find the organization.
func (o Organization) Listed() bool {
	return !o.Deleting && !o.Suspended && o.AccessMode != "" && o.AccessMode != AccessPrivate
}

// Membership ties an account to an organization.
type Membership struct {
	Account  ID     `json:"account"`
	Username string `json:"username"`
	// OrganizationID and Home tell the organization. Organization is its name when the record is
	// read.
	OrganizationID ID        `json:"organizationId"`
	Home           string    `json:"home"`
	Organization   string    `json:"-"`
	Role           Role      `json:"role"`
	JoinedAt       time.Time `json:"joinedAt"`

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

// PrimaryOf returns the membership in the organization that is meant when an account names none;
// nil when it has none.
func PrimaryOf(a Account, memberships []Membership) *Membership {
	var first *Membership
	for i := range memberships {
		m := &memberships[i]
		if m.Home == a.Primary {
			return m
		}
		if first == nil || m.JoinedAt.Before(first.JoinedAt) {
			first = m
		}
	}
	return first
}

// Has reports whether a box is one of the organization's. Where it is kept, there may be some left over
// from an earlier one, or from an earlier era.
func (o Organization) Has(b Box) bool {
	return b.OrganizationID == o.ID && b.OrganizationEra == o.Era
}

// LedToBy reports whether a folded name is, or was, the organization's.
func (o Organization) LedToBy(folded string) bool {
	return folded == o.Home || slices.Contains(o.Names, folded)
}

// Mode is the access mode; private when none was set.
func (o Organization) Mode() AccessMode { return cmp.Or(o.AccessMode, AccessPrivate) }

// Joining is the role of who joins when nobody says otherwise.
func (o Organization) Joining() Role { return cmp.Or(o.DefaultRole, RoleMember) }
