package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
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
	who, err := s.Catalog.SignIn(ctx, req.Username)
	if err != nil {
		return api.Session{}, err
	}
	if who.Service != nil && auth.IsSecretOf(*who.Service, req.Password) {
		return s.signInService(ctx, *who.Service, req.StayLoggedIn)
	}
	return s.signInPerson(ctx, who, req.SignIn)
}

// signInPerson does the same work, and says the same, whether there is such an account or not.
func (s *Service) signInPerson(ctx context.Context, who catalog.Candidacy, in api.SignIn) (api.Session, error) {
	if err := s.try(ctx, who.Tries, who.Account, in.Password); err != nil {
		return api.Session{}, orElse(err, wrongPassword())
	}
	switch {
	case who.Account.Suspended:
		return api.Session{}, registry.Errorf(registry.Forbidden, "the account is suspended: ask your administrator")
	case s.unproven(who.Account, who.Config):
		return api.Session{}, registry.Errorf(registry.Forbidden,
			"the e-mail address is not proven: open the link in the letter, or ask for another one at /api/auth/resend-verification")
	}
	return s.session(ctx, who.Account, in.StayLoggedIn)
}

// unproven reports whether an account has to prove its address before it signs in. Platform admins
// do not: they are who mends the mail.
func (s *Service) unproven(a registry.Account, c registry.Config) bool {
	verify := s.Mail.Verify
	if c.RequireVerification != nil {
		verify = *c.RequireVerification
	}
	return s.Mail.On && verify && !a.Verified && !a.Admin
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
