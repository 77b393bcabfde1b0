package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

// SignUpRequest is a wish for an account.
type SignUpRequest struct {
	api.SignUp
}

// SignUp makes an account. The first one is always let in, and becomes platform admin.
func (s *Service) SignUp(ctx context.Context, _ registry.Caller, req SignUpRequest) (api.Done, error) {
	if err := checkSignUp(req.SignUp); err != nil {
		return api.Done{}, err
	}
	if err := s.mayJoin(ctx); err != nil {
		return api.Done{}, err
	}
	hash, err := auth.HashPassword(ctx, req.Password)
	if err != nil {
		return api.Done{}, err
	}
	now := s.Now()
	account, err := s.Catalog.CreateAccount(ctx, registry.Account{
		ID: registry.NewID(), Username: req.Username, Email: req.Email, Name: req.Name,
		PasswordHash: hash, CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return api.Done{}, err
	}
	done := api.OK("User registered successfully! Sign in at /api/auth/signin.")
	done.Data = api.FromAccount(account, nil)
	return done, nil
}

func checkSignUp(in api.SignUp) error {
	var wrong registry.Fields
	wrong.Check("username", registry.CheckName(in.Username))
	wrong.Check("email", registry.CheckEmail(in.Email))
	wrong.Check("password", registry.CheckPassword(in.Password))
	wrong.Check("name", registry.CheckText(in.Name, 255))
	return wrong.Err()
}

// mayJoin holds a stranger against the sign-up setting.
func (s *Service) mayJoin(ctx context.Context) error {
	if s.Signup == auth.SignupOpen {
		return nil
	}
	taken, err := s.Catalog.HasAccounts(ctx)
	if err != nil || !taken {
		return err
	}
	return registry.Errorf(registry.Forbidden, "sign-up is by invitation: ask an owner of your organization for one")
}
