package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

// SignInServiceAccountRequest is a client id with its secret.
type SignInServiceAccountRequest struct {
	api.ServiceSignIn
}

// SignInServiceAccount starts a session of a service account.
func (s *Service) SignInServiceAccount(ctx context.Context, _ registry.Caller, req SignInServiceAccountRequest) (api.Session, error) {
	var wrong registry.Fields
	if req.ClientID == "" {
		wrong.Add("clientId", "must not be empty")
	}
	if req.ClientSecret == "" {
		wrong.Add("clientSecret", "must not be empty")
	}
	if err := wrong.Err(); err != nil {
		return api.Session{}, err
	}
	service, owner, err := s.identifier().Service(ctx, req.ClientID, req.ClientSecret)
	if err != nil {
		return api.Session{}, err
	}
	return s.serviceSession(ctx, service, owner.Epoch, false)
}

func (s *Service) identifier() auth.Identifier {
	return auth.Identifier{Catalog: s.Catalog, Tokens: s.Tokens}
}

// signInService starts a session of a service account that has shown its secret.
func (s *Service) signInService(ctx context.Context, service registry.ServiceAccount, stay bool) (api.Session, error) {
	service, owner, err := s.identifier().Owned(ctx, service)
	if err != nil {
		return api.Session{}, err
	}
	return s.serviceSession(ctx, service, owner.Epoch, stay)
}

// serviceSession starts a session of a service account.
func (s *Service) serviceSession(ctx context.Context, service registry.ServiceAccount, epoch int64, stay bool) (api.Session, error) {
	token, session, err := s.Tokens.ForService(ctx, service, epoch, stay)
	return api.Session{
		User: fromService(service), AccessToken: token, ExpiresAt: session.ExpiresAt, StayLoggedIn: stay,
	}, err
}

// fromService tells a service account who it is, in the shape of a user.
func fromService(s registry.ServiceAccount) api.User {
	return api.User{
		ID: int64(s.ID), Username: s.Username, IsServiceAccount: true, Roles: []string{"service_account"},
		Organization: &s.Organization, Organizations: []api.UserOrganization{},
	}
}
