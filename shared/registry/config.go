package registry

import (
	"cmp"
	"time"
)

// Config are the settings that a platform admin changes while the registry runs. What is empty or
// nil is as the registry was started.
type Config struct {
	// Signup is who may make an account: open or invite, see auth.Signup.
	Signup string `json:"signup,omitempty"`
	// RequireVerification is whether people prove their e-mail address before they sign in. Where no
	// letters are sent it must be passed over, and platform admins are let in all the same: they are
	// who mends the mail.
	RequireVerification *bool     `json:"requireVerification,omitempty"`
	UpdatedAt           time.Time `json:"updatedAt,omitzero"`

	Revision
}

// Stamp is the revision's stamp. Settings are there before anybody has changed one, so it is never
// empty: the first change, too, can be one of what the client knows.
func (c Config) Stamp() string { return cmp.Or(c.Revision.Stamp(), "0") }
