package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// RefreshToken exchanges the token of a session that stays logged in for a new one.
func (s *Service) RefreshToken(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Session, error) {
	if !caller.Session.Stay {
		return api.Session{}, registry.Errorf(registry.Forbidden, "only a session that was signed in with stayLoggedIn can be refreshed")
	}
	account, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return api.Session{}, err
	}
	if caller.ServiceAccount == 0 {
		return s.session(ctx, account, true)
	}
	service, err := s.Catalog.NamedServiceAccount(ctx, caller.ServiceAccount)
	if err != nil {
		return api.Session{}, err
	}
	return s.serviceSession(ctx, service, account.Epoch, true)
}

// SignOut ends the session whose token was sent. The secret of a service account is no session: it
// is deleted, not signed out.
func (s *Service) SignOut(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Done, error) {
	if caller.Session.ID == "" {
		return api.Done{}, registry.Errorf(registry.Invalid, "this token is no session: delete the service account to end it")
	}
	if err := s.Catalog.EndSession(ctx, caller.Session.ID, caller.Session.ExpiresAt); err != nil {
		return api.Done{}, err
	}
	return api.OK("Signed out."), nil
}

// SignOutEverywhere ends every session of the caller, and those of the caller's service accounts; their
// secrets stay good.
func (s *Service) SignOutEverywhere(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Done, error) {
	account, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return api.Done{}, err
	}
	account.Epoch++
	return api.OK("Signed out everywhere."), s.Catalog.SaveAccount(ctx, account, registry.UserSignedOut)
}

// ReadUser tells who the caller is.
func (s *Service) ReadUser(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.User, error) {
	if caller.ServiceAccount != 0 {
		service, err := s.Catalog.NamedServiceAccount(ctx, caller.ServiceAccount)
		return fromService(service), err
	}
	account, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return api.User{}, err
	}
	memberships, err := s.Catalog.MembershipsOf(ctx, account.ID)
	return api.FromAccount(account, memberships), err
}
