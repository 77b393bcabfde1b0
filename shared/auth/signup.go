package auth

import "errors"

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
