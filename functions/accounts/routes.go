// Package accounts is signing up and in, and what people may know of themselves.
package accounts

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Tokens  auth.Tokens
	Signup  auth.Signup
	Now     func() time.Time
}

// Group is this folder.
var Group = core.Group{Name: "accounts", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Tokens: c.Tokens, Signup: c.Signup, Now: c.Now}
}}

// refusals are how a sign-in ends without a session.
var refusals = []registry.Kind{registry.Unauthenticated, registry.TokenExpired, registry.Forbidden}

var rows = []route.Row{
	{Pattern: "POST /api/auth/signup", Name: "SignUp", Summary: "Make an account; the first one becomes platform admin",
		Access: route.Anyone, Sensitive: true, Needs: grant.ReadItems | grant.WriteItems, Status: 201, Handler: route.To((*Service).SignUp),
		Errors: []registry.Kind{registry.Forbidden}},
	{Pattern: "POST /api/auth/signin", Name: "SignIn", Summary: "Sign in with user name and password, or as a service account with client id and secret",
		Access: route.Anyone, Sensitive: true, Needs: core.Reads, Handler: route.To((*Service).SignIn),
		Errors: refusals},
	{Pattern: "POST /api/auth/service-account", Name: "SignInServiceAccount", Summary: "Sign in as a service account",
		Access: route.Anyone, Sensitive: true, Needs: core.Reads, Handler: route.To((*Service).SignInServiceAccount),
		Errors: refusals},
	{Pattern: "POST /api/auth/refresh-token", Also: []string{"GET /api/auth/refresh-token"}, Name: "RefreshToken", Summary: "Exchange the token of a session that stays logged in for a new one",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).RefreshToken)},
	{Pattern: "POST /api/auth/signout", Name: "SignOut", Summary: "End this session",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).SignOut)},
	{Pattern: "GET /api/user", Name: "ReadUser", Summary: "Tell who the caller is",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ReadUser)},
}
