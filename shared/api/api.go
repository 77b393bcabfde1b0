// Package api is the wire of the BoxVault API: the JSON bodies that server and client share.
//
// Field names are those of the published API examples and of the existing server. Times are
// RFC 3339 in UTC, sizes are bytes, ids are whole numbers below 2^53. A tag `schema` says what of a
// field is refused (see functions/openapi).
package api

import "time"

// Error is the body of every answer that is no success. Codes are listed in registry.Kinds.
type Error struct {
	Success bool           `json:"success" schema:"const=false"`
	Code    string         `json:"error"`
	Message string         `json:"message"`
	Details map[string]any `json:"details,omitempty"`
}

// Done is the answer of an operation that has no resource to show.
type Done struct {
	Success bool   `json:"success" schema:"const=true"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// OK makes a Done.
func OK(message string) Done { return Done{Success: true, Message: message} }

// SignUp asks for a new account.
type SignUp struct {
	Username        string `json:"username" schema:"name"`
	Email           string `json:"email" schema:"email"`
	Password        string `json:"password" schema:"password"`
	Name            string `json:"name,omitempty" schema:"maxLength=255"`
	InvitationToken string `json:"invitationToken,omitempty"`
}

// SignIn asks for a session of a person or, with its token as password, of a service account.
type SignIn struct {
	Username string `json:"username" schema:"minLength=1"`
	Password string `json:"password" schema:"minLength=1,format=password"`
	// StayLoggedIn makes a session that lasts longer and can be refreshed.
	StayLoggedIn bool `json:"stayLoggedIn,omitempty"`
}

// ServiceSignIn asks for a session of a service account.
type ServiceSignIn struct {
	ClientID     string `json:"clientId" schema:"minLength=1"`
	ClientSecret string `json:"clientSecret" schema:"minLength=1,format=password"`
}

// Session is the answer to a sign-in: who signed in, and the token to send as x-access-token.
type Session struct {
	User
	AccessToken  string    `json:"accessToken"`
	ExpiresAt    time.Time `json:"expiresAt"`
	StayLoggedIn bool      `json:"stayLoggedIn"`
}

// User tells about an account to its owner.
type User struct {
	ID               int64    `json:"id"`
	Username         string   `json:"username"`
	Email            string   `json:"email,omitempty"`
	Name             string   `json:"name,omitempty"`
	Verified         bool     `json:"verified"`
	Roles            []string `json:"roles"` // "user", and "admin" for a platform admin
	IsServiceAccount bool     `json:"isServiceAccount"`
	// Organization is the primary one; null before there is one.
	Organization  *string            `json:"organization"`
	Organizations []UserOrganization `json:"organizations"`
}

// UserOrganization is a membership, seen from the account.
type UserOrganization struct {
	Name      string    `json:"name"`
	Role      string    `json:"role"`
	IsPrimary bool      `json:"isPrimary"`
	JoinedAt  time.Time `json:"joinedAt"`
}

// OrganizationInput makes or changes an organization; what is null or left out stays as it is.
type OrganizationInput struct {
	Name *string `json:"name,omitempty" schema:"name"`
	// Organization is another word for Name.
	Organization *string `json:"organization,omitempty" schema:"name"`
	Description  *string `json:"description,omitempty" schema:"maxLength=4096"`
	Email        *string `json:"email,omitempty" schema:"maxLength=254"`
	// AccessMode is private, invite_only or request_to_join; DefaultRole is what who asks to join
	// becomes: member or admin.
	AccessMode  *string `json:"accessMode,omitempty" schema:"enum=private|invite_only|request_to_join"`
	DefaultRole *string `json:"defaultRole,omitempty" schema:"enum=member|admin"`
	// RequireBoxes refuses uploads that are no Vagrant box.
	RequireBoxes *bool `json:"requireBoxes,omitempty"`
	// MutableReleases lets files of released versions be replaced.
	MutableReleases *bool `json:"mutableReleases,omitempty"`
	// ServiceAccountsCreateBoxes lets an upload by a service account create the box.
	ServiceAccountsCreateBoxes *bool `json:"serviceAccountsCreateBoxes,omitempty"`
}

// Organization tells about an organization. What only members see is left out for others.
type Organization struct {
	ID                         int64     `json:"id"`
	Name                       string    `json:"name"`
	Description                string    `json:"description"`
	Email                      string    `json:"email,omitempty"`
	Role                       string    `json:"role,omitempty"` // the caller's
	AccessMode                 string    `json:"accessMode"`     // private, invite_only or request_to_join
	DefaultRole                string    `json:"defaultRole"`
	Members                    int       `json:"memberCount"`
	Suspended                  bool      `json:"suspended"`
	RequireBoxes               bool      `json:"requireBoxes"`
	MutableReleases            bool      `json:"mutableReleases"`
	ServiceAccountsCreateBoxes bool      `json:"serviceAccountsCreateBoxes"`
	CreatedAt                  time.Time `json:"createdAt"`
	UpdatedAt                  time.Time `json:"updatedAt"`

	Revised
}

// Member is a membership, seen from the organization.
type Member struct {
	ID       int64     `json:"id"` // of the account
	Username string    `json:"username"`
	Role     string    `json:"role"`
	JoinedAt time.Time `json:"joinedAt"`
}

// MemberInput adds a member, or gives one another role.
type MemberInput struct {
	Username string `json:"username,omitempty"`
	Role     string `json:"role" schema:"enum=member|admin|moderator|owner"` // member, admin or owner
}

// ServiceAccountInput makes a service account.
type ServiceAccountInput struct {
	Description string `json:"description,omitempty" schema:"maxLength=1024"`
	// ExpirationDays is in how many days it expires, 1 to 3650; left out, it never does.
	ExpirationDays *int `json:"expirationDays,omitempty" schema:"minimum=1,maximum=3650"`
	// OrganizationID or Organization (the name) says where it acts; left out: the primary one.
	OrganizationID *int64 `json:"organizationId,omitempty"`
	Organization   string `json:"organization,omitempty"`
}

// ServiceAccount tells about a service account. Token is there once, when it is made.
type ServiceAccount struct {
	ID             int64      `json:"id"`
	Username       string     `json:"username"` // the clientId
	Token          string     `json:"token,omitempty"`
	ExpiresAt      *time.Time `json:"expiresAt"`
	Description    string     `json:"description"`
	Organization   string     `json:"organization"`
	OrganizationID int64      `json:"organizationId"`
	UserID         int64      `json:"userId"`
	CreatedAt      time.Time  `json:"createdAt"`
	UpdatedAt      time.Time  `json:"updatedAt"`
}

// Set puts what was sent into a field; null and what was left out change nothing.
func Set[T any](field, sent *T) {
	if sent != nil {
		*field = *sent
	}
}
