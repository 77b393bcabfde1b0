package auth

import (
	"cmp"
	"errors"

	"github.com/boxvault/boxvault/shared/registry"
)

// Signup says who may make an account.
type Signup string

// The settings. The very first account can always be made.
const (
	SignupOpen   Signup = "open"   // anyone
	SignupInvite Signup = "invite" // who was invited
)

// ParseSignup reads the setting.
func ParseSignup(s string) (Signup, error) {
	switch Signup(s) {
	case SignupOpen, SignupInvite:
		return Signup(s), nil
	default:
		return "", errors.New("sign-up must be open or invite")
	}
}

// In is the setting that counts: that of a platform admin, or s, which the registry was started with.
func (s Signup) In(c registry.Config) Signup { return cmp.Or(Signup(c.Signup), s) }
