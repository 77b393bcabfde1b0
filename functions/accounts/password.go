package accounts

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// ChangePasswordRequest sets another password.
type ChangePasswordRequest struct {
	OfAccount
	api.ChangePassword
}

// ChangePassword sets another password and ends every session of the account. Who has changed the own
// one gets the token of a new session in place of the one that was sent.
func (s *Service) ChangePassword(ctx context.Context, caller registry.Caller, req ChangePasswordRequest) (api.PasswordChanged, error) {
	none := api.PasswordChanged{}
	if err := mayManage(caller, req.ID); err != nil {
		return none, err
	}
	current := cmp.Or(req.CurrentPassword, req.OldPassword)
	var wrong registry.Fields
	wrong.Check("newPassword", registry.CheckPassword(req.NewPassword))
	if current == "" && caller.Account == registry.ID(req.ID) {
		wrong.Add("currentPassword", "must be your password")
	}
	if err := wrong.Err(); err != nil {
		return none, err
	}
	a, tries, err := s.Catalog.Proof(ctx, registry.ID(req.ID))
	if err != nil {
		return none, err
	}
	if err := s.prove(ctx, caller, a, tries, "currentPassword", current); err != nil {
		return none, err
	}
	if a.PasswordHash, err = s.Passwords.Hash(ctx, req.NewPassword); err != nil {
		return none, err
	}
	if a, err = s.Catalog.SetPassword(ctx, a); err != nil {
		return none, err
	}
	changed := api.PasswordChanged{Success: true, Message: "The password is changed, and every session was ended."}
	if caller.Account == a.ID {
		changed.NewToken, err = s.next(ctx, caller, a)
	}
	return changed, err
}

// next is the token of a session that takes the place of the caller's.
func (s *Service) next(ctx context.Context, caller registry.Caller, a registry.Account) (*api.NewToken, error) {
	token, session, err := s.Tokens.ForAccount(ctx, a, caller.Session.Stay)
	return &api.NewToken{AccessToken: token, ExpiresAt: session.ExpiresAt, StayLoggedIn: session.Stay}, err
}
