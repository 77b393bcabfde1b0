package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

// SignInRequest is a name with its password.
type SignInRequest struct {
	api.SignIn
}

// SignIn starts a session of a person or, where the name is a client id, of a service account.
func (s *Service) SignIn(ctx context.Context, _ registry.Caller, req SignInRequest) (api.Session, error) {
	var wrong registry.Fields
	if req.Username == "" {
		wrong.Add("username", "must not be empty")
	}
	if req.Password == "" {
		wrong.Add("password", "must not be empty")
	}
	if err := wrong.Err(); err != nil {
		return api.Session{}, err
	}
	session, err := s.signInService(ctx, req.Username, req.Password, req.StayLoggedIn)
	if registry.KindOf(err) == registry.NotFound {
		return s.signInPerson(ctx, req.SignIn)
	}
	return session, err
}

// signInPerson takes the same time whether there is such an account or not, and says the same.
func (s *Service) signInPerson(ctx context.Context, in api.SignIn) (api.Session, error) {
	account, err := s.Catalog.AccountByName(ctx, in.Username)
	if err != nil && registry.KindOf(err) != registry.NotFound {
		return api.Session{}, err
	}
	password := in.Password
	if len(password) > registry.MaxPassword { // never set: any hash will do
		password = ""
	}
	ok, err := auth.CheckPassword(ctx, account.PasswordHash, password)
	switch {
	case err != nil:
		return api.Session{}, err
	case !ok:
		return api.Session{}, wrongPassword()
	case account.Suspended:
		return api.Session{}, registry.Errorf(registry.Forbidden, "the account is suspended: ask your administrator")
	}
	return s.session(ctx, account, in.StayLoggedIn)
}

func wrongPassword() error {
	return registry.Errorf(registry.Unauthenticated, "Invalid username or password.")
}

// session starts a session of an account.
func (s *Service) session(ctx context.Context, a registry.Account, stay bool) (api.Session, error) {
	token, session, err := s.Tokens.ForAccount(ctx, a, stay)
	if err != nil {
		return api.Session{}, err
	}
	memberships, err := s.Catalog.MembershipsOf(ctx, a.ID)
	return api.Session{
		User: api.FromAccount(a, memberships), AccessToken: token,
		ExpiresAt: session.ExpiresAt, StayLoggedIn: stay,
	}, err
}
