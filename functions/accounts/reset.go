package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// ForgotPasswordRequest names the address of who has forgotten the password.
type ForgotPasswordRequest struct {
	api.Address
}

// ForgotPassword sends a letter by which the password can be reset.
func (s *Service) ForgotPassword(ctx context.Context, _ registry.Caller, req ForgotPasswordRequest) (api.Done, error) {
	return api.OK("If that is the address of an account, a letter is on its way."),
		s.mailAddress(ctx, req.Email, letter{registry.LetterReset, registry.PurposeReset, registry.ResetLife},
			func(a registry.Account) bool { return !a.Suspended })
}

// ResetPasswordRequest brings the token of the letter and another password.
type ResetPasswordRequest struct {
	api.ResetPassword
}

// ResetPassword sets another password. Who has the letter has the mailbox, so that the address is
// proven as well.
func (s *Service) ResetPassword(ctx context.Context, _ registry.Caller, req ResetPasswordRequest) (api.Done, error) {
	var wrong registry.Fields
	if req.Token == "" {
		wrong.Add("token", "must not be empty")
	}
	wrong.Check("password", registry.CheckPassword(req.Password))
	if err := wrong.Err(); err != nil {
		return api.Done{}, err
	}
	a, used, err := s.ticketed(ctx, req.Token, registry.PurposeReset, "token")
	if err != nil {
		return api.Done{}, err
	}
	if a.Suspended || !registry.SameName(a.Email, used.Email) {
		return api.Done{}, wrongTicket("token")
	}
	if a.PasswordHash, err = s.Passwords.Hash(ctx, req.Password); err != nil {
		return api.Done{}, err
	}
	a.Verified = true
	_, err = s.Catalog.SetPassword(ctx, a, used)
	return api.OK("The password is set. Sign in with it at /api/auth/signin."), missingTicket(err, "token")
}
