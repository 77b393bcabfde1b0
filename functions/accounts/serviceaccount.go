package accounts

import (
	"context"
	"crypto/subtle"

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
	session, err := s.signInService(ctx, req.ClientID, req.ClientSecret, false)
	if registry.KindOf(err) == registry.NotFound {
		err = wrongPassword()
	}
	return session, err
}

// signInService starts a session of a service account. NotFound when there is none of that name.
func (s *Service) signInService(ctx context.Context, clientID, secret string, stay bool) (api.Session, error) {
	service, err := s.Catalog.ServiceAccountByName(ctx, clientID)
	if err != nil {
		return api.Session{}, err
	}
	if subtle.ConstantTimeCompare([]byte(auth.HashSecret(secret)), []byte(service.TokenHash)) != 1 {
		return api.Session{}, wrongPassword()
	}
	owner, err := s.Catalog.Account(ctx, service.Owner)
	switch {
	case err != nil || owner.Suspended:
		return api.Session{}, wrongPassword()
	case service.Expired(s.Now()):
		return api.Session{}, registry.ExpiredToken(service.ExpiresAt)
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
