package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ListAuthMethods tells how to sign in.
func (s *Service) ListAuthMethods(context.Context, registry.Caller, route.Nothing) (api.AuthMethods, error) {
	return api.AuthMethods{
		Methods: []api.AuthMethod{{ID: "local", Name: "User name and password", Enabled: true}},
		Mail:    s.Mail.On, Signup: string(s.Signup),
	}, nil
}
