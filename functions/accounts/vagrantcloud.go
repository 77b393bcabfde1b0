package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// CloudLoginRequest is a name with its password, as `vagrant cloud auth login` sends it.
type CloudLoginRequest struct{ wire.Login }

// CloudLogin starts a session that stays logged in. For longer than that, there are service accounts.
func (s *Service) CloudLogin(ctx context.Context, caller registry.Caller, req CloudLoginRequest) (wire.Token, error) {
	session, err := s.SignIn(ctx, caller, SignInRequest{api.SignIn{
		Username: req.User.Login, Password: req.User.Password, StayLoggedIn: true,
	}})
	return wire.Token{Token: session.AccessToken, Description: req.Token.Description, CreatedAt: s.Now()}, err
}

// CloudAuthenticate tells whose token it is.
func (s *Service) CloudAuthenticate(_ context.Context, caller registry.Caller, _ route.Nothing) (who wire.Authenticated, _ error) {
	who.User.Username = caller.Username
	return who, nil
}

// CloudLogout ends the session whose token was sent.
func (s *Service) CloudLogout(ctx context.Context, caller registry.Caller, req route.Nothing) (api.Done, error) {
	return s.SignOut(ctx, caller, req)
}
