package registry

import (
	"errors"
	"time"
)

// Account is a person who can sign in.
type Account struct {
	ID           ID     `json:"id"`
	Username     string `json:"username"`
	Email        string `json:"email"`
	Name         string `json:"name,omitempty"`
	PasswordHash string `json:"passwordHash"`
	// Admin makes a platform admin: owner's rights in every organization, and the settings.
	Admin     bool `json:"admin,omitempty"`
	Verified  bool `json:"verified,omitempty"` // the e-mail address is proven
	Suspended bool `json:"suspended,omitempty"`
	// Epoch is the number of times all sessions were ended; a token of an older epoch is void.
	Epoch int64 `json:"epoch,omitempty"`
	// Primary is the home of the organization meant when none is named; empty, or of one that the
	// account has left, it is the first that was joined.
	Primary     string      `json:"primary,omitempty"`
	Preferences Preferences `json:"preferences,omitzero"`
	CreatedAt   time.Time   `json:"createdAt"`
	UpdatedAt   time.Time   `json:"updatedAt"`

	Revision
}

// Lengths of a password, in bytes. The upper bound keeps hashing it cheap to refuse.
const (
	MinPassword = 8
	MaxPassword = 1024
)

// CheckPassword says what is wrong with a new password.
func CheckPassword(password string) error {
	if len(password) < MinPassword || len(password) > MaxPassword {
		return errors.New("must have 8 to 1024 characters")
	}
	return nil
}

// ServiceAccount is a credential of a program. It acts for its owner, inside one organization and
// never past it, and stops with the owner's membership.
type ServiceAccount struct {
	ID        ID     `json:"id"`
	Username  string `json:"username"`  // also called clientId
	TokenHash string `json:"tokenHash"` // SHA-256 of the secret, hex
	// OrganizationID tells the organization from a later one of the same name, Home where it is.
	// Organization is its name when the record is read for a list.
	OrganizationID ID        `json:"organizationId"`
	Home           string    `json:"home"`
	Organization   string    `json:"-"`
	Owner          ID        `json:"owner"`
	Description    string    `json:"description,omitempty"`
	ExpiresAt      time.Time `json:"expiresAt,omitzero"` // zero: never
	CreatedAt      time.Time `json:"createdAt"`
	UpdatedAt      time.Time `json:"updatedAt"`

	Revision
}

// Expired reports whether its time is over.
func (s ServiceAccount) Expired(now time.Time) bool {
	return !s.ExpiresAt.IsZero() && !now.Before(s.ExpiresAt)
}

// Caller is who makes a request; the zero value is a stranger.
type Caller struct {
	Account ID // of the person, or of the owner of the service account
	// Username is what to call the caller: the person's, or the service account's own.
	Username string
	Admin    bool // platform admin; never set for a service account
	// Primary is the home of a person's primary organization, as far as one was chosen.
	Primary string
	// ServiceAccount is set when a program calls, and then Scope is the only organization it
	// reaches.
	ServiceAccount ID
	Scope          ID
	// Session is what the token says about itself; zero for a service account's raw secret.
	Session Session
}

// Session describes the token a caller came with.
type Session struct {
	ID        string
	ExpiresAt time.Time
	// Stay allows the token to be refreshed (stayLoggedIn at sign-in).
	Stay bool
}

// Known reports whether the caller is anybody.
func (c Caller) Known() bool { return c.Account != 0 }

// Reaches reports whether the caller's credential is good for the organization at all.
func (c Caller) Reaches(organization ID) bool {
	return c.ServiceAccount == 0 || c.Scope == organization
}
