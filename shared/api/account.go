package api

import (
	"encoding/json"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// Address names an e-mail address.
type Address struct {
	Email string `json:"email"`
}

// ResetPassword gives an account another password, with the token of a letter.
type ResetPassword struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

// ChangePassword gives an account another password. The old one is asked of its owner.
type ChangePassword struct {
	CurrentPassword string `json:"currentPassword,omitempty"`
	// OldPassword is another word for CurrentPassword.
	OldPassword string `json:"oldPassword,omitempty"`
	NewPassword string `json:"newPassword"`
}

// PasswordChanged is the answer: every session has ended, and here is the next one of who changed the
// own password.
type PasswordChanged struct {
	Success bool   `json:"success"` // true
	Message string `json:"message"`
	*NewToken
}

// NewToken is a token that takes the place of the one that was sent.
type NewToken struct {
	AccessToken  string    `json:"accessToken"`
	ExpiresAt    time.Time `json:"expiresAt"`
	StayLoggedIn bool      `json:"stayLoggedIn"`
}

// ChangeEmail gives an account another address. The password is asked of its owner.
type ChangeEmail struct {
	NewEmail string `json:"newEmail"`
	Password string `json:"password,omitempty"`
}

// ChangeName gives an account another display name; null or empty: none.
type ChangeName struct {
	Name *string `json:"name"`
}

// NameChanged is the answer.
type NameChanged struct {
	Success bool    `json:"success"` // true
	Message string  `json:"message"`
	Name    *string `json:"name"`
}

// DeleteAccount deletes an account. The password is asked of its owner.
type DeleteAccount struct {
	Password string `json:"password,omitempty"`
}

// Account tells about an account to platform admins and to its owner.
type Account struct {
	ID        int64     `json:"id"`
	Username  string    `json:"username"`
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Verified  bool      `json:"verified"`
	Suspended bool      `json:"suspended"`
	Roles     []string  `json:"roles"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Preferences are how pages are shown to an account; null was not chosen.
type Preferences struct {
	Language *string `json:"language"`
	Theme    *string `json:"theme"`    // light, dark or auto
	Timezone *string `json:"timezone"` // IANA
}

// PreferencesInput changes preferences. What is left out stays; null or empty clears.
type PreferencesInput struct {
	Language Text `json:"language,omitzero"`
	Theme    Text `json:"theme,omitzero"`
	Timezone Text `json:"timezone,omitzero"`
}

// Text is a field that tells null from what was left out.
type Text struct {
	Sent  bool
	Value string // empty for null
}

// UnmarshalJSON notes that the field was sent.
func (t *Text) UnmarshalJSON(raw []byte) error {
	t.Sent = true
	return json.Unmarshal(raw, &t.Value)
}

// MarshalJSON writes the text; an empty one is null.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(orNull(t.Value)) }

// Set puts a text that was sent into a field.
func (t Text) Set(field *string) {
	if t.Sent {
		*field = t.Value
	}
}

// AuthMethods are the ways to sign in.
type AuthMethods struct {
	Methods         []AuthMethod `json:"methods"`
	DefaultProvider *string      `json:"default_provider"`
	SilentLogin     bool         `json:"silent_login"`
	// Mail tells that letters are sent: a forgotten password can be reset.
	Mail bool `json:"mail"`
	// Signup is who may make an account: open or invite.
	Signup string `json:"signup"`
}

// AuthMethod is a way to sign in.
type AuthMethod struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Enabled bool   `json:"enabled"`
}

// PrimaryOrganization is the organization that is meant when the caller names none.
type PrimaryOrganization struct {
	Organization OrganizationSummary `json:"organization"`
	Role         string              `json:"role"`
	JoinedAt     time.Time           `json:"joinedAt"`
}

// OrganizationSummary tells which organization it is.
type OrganizationSummary struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// PrimaryChanged is the answer to the choice of a primary organization.
type PrimaryChanged struct {
	Success bool              `json:"success"` // true
	Message string            `json:"message"`
	Primary PrimaryMembership `json:"primaryOrganization"`
}

// PrimaryMembership is the membership in a primary organization.
type PrimaryMembership struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// OnlyUser tells whether the caller is all there is of an organization.
type OnlyUser struct {
	IsOnlyUser bool `json:"isOnlyUser"`
}

// FromListed tells about an account to platform admins and to its owner.
func FromListed(a registry.Account) Account {
	return Account{
		ID: int64(a.ID), Username: a.Username, Email: a.Email, Name: a.Name, Verified: a.Verified,
		Suspended: a.Suspended, Roles: PlatformRoles(a.Admin), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
}

// FromPreferences tells about preferences.
func FromPreferences(p registry.Preferences) Preferences {
	return Preferences{Language: orNull(p.Language), Theme: orNull(p.Theme), Timezone: orNull(p.Timezone)}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// PlatformRoles are the roles of an account: "user", and "admin" for a platform admin.
func PlatformRoles(admin bool) []string {
	if admin {
		return []string{"user", "admin"}
	}
	return []string{"user"}
}
