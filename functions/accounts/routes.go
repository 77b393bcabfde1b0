// Package accounts is signing up and in, and what people may know of themselves and change.
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
	Catalog   *catalog.Catalog
	Gate      auth.Gate
	Tokens    auth.Tokens
	Passwords *auth.Passwords
	Signup    auth.Signup
	Mail      core.Mail
	Now       func() time.Time
}

// Group is this folder.
var Group = core.Group{Name: "accounts", Rows: rows, New: func(c core.Core) any {
	return &Service{
		Catalog: c.Catalog, Gate: c.Gate, Tokens: c.Tokens, Passwords: c.Passwords, Signup: c.Signup, Mail: c.Mail, Now: c.Now,
	}
}}

// refusals are how a sign-in ends without a session.
var refusals = []registry.Kind{registry.Unauthenticated, registry.TokenExpired, registry.Forbidden}

// tickets are used without a look at who brings them.
const tickets = grant.ReadItems | grant.WriteItems

var rows = []route.Row{
	{Pattern: "POST /api/auth/signup", Name: "SignUp", Summary: "Make an account; the first one becomes platform admin",
		Access: route.Anyone, Sensitive: true, Needs: core.Writes, Status: 201, Handler: route.To((*Service).SignUp),
		Errors: []registry.Kind{registry.Forbidden}},
	{Pattern: "POST /api/auth/signin", Name: "SignIn", Summary: "Sign in with user name and password, or as a service account with client id and secret",
		Access: route.Anyone, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).SignIn),
		Errors: refusals},
	{Pattern: "POST /api/auth/service-account", Name: "SignInServiceAccount", Summary: "Sign in as a service account",
		Access: route.Anyone, Sensitive: true, Needs: core.Reads, Handler: route.To((*Service).SignInServiceAccount),
		Errors: refusals},
	{Pattern: "POST /api/auth/refresh-token", Also: []string{"GET /api/auth/refresh-token"}, Name: "RefreshToken", Summary: "Exchange the token of a session that stays logged in for a new one",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).RefreshToken)},
	{Pattern: "POST /api/auth/signout", Name: "SignOut", Summary: "End this session",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).SignOut)},
	{Pattern: "POST /api/auth/signout-all", Name: "SignOutEverywhere", Summary: "End every session of the caller, this one too",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SignOutEverywhere)},
	{Pattern: "GET /api/auth/methods", Name: "ListAuthMethods", Summary: "Tell how to sign in, and who may sign up",
		Access: route.Anyone, Handler: route.To((*Service).ListAuthMethods)},

	{Pattern: "POST /api/auth/verify-mail/{token}", Also: []string{"GET /api/auth/verify-mail/{token}"}, Name: "VerifyMail", Summary: "Prove an e-mail address, with the token of a letter",
		Access: route.Anyone, Sensitive: true, Needs: tickets, Handler: route.To((*Service).VerifyMail)},
	{Pattern: "POST /api/auth/resend-verification", Name: "ResendVerification", Summary: "Send another letter to an address that is not proven; the answer is the same whosever it is",
		Access: route.Anyone, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).ResendVerification), Errors: []registry.Kind{registry.Conflict}},
	{Pattern: "POST /api/auth/forgot-password", Name: "ForgotPassword", Summary: "Send a letter by which the password can be reset; the answer is the same whosever the address is",
		Access: route.Anyone, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).ForgotPassword), Errors: []registry.Kind{registry.Conflict}},
	{Pattern: "POST /api/auth/reset-password", Name: "ResetPassword", Summary: "Set another password, with the token of a letter; every session ends",
		Access: route.Anyone, Sensitive: true, Needs: tickets, Handler: route.To((*Service).ResetPassword)},
	{Pattern: "POST /api/auth/change-email/{token}", Also: []string{"GET /api/auth/change-email/{token}"}, Name: "ConfirmEmail", Summary: "Prove the address that an account is to have from now on, with the token of a letter",
		Access: route.Anyone, Sensitive: true, Needs: tickets, Handler: route.To((*Service).ConfirmEmail)},

	{Pattern: "POST /api/v1/authenticate", Also: []string{"POST /api/v2/authenticate"}, Name: "CloudLogin", Summary: "Sign in as `vagrant cloud auth login` does",
		Access: route.Anyone, Sensitive: true, Needs: core.Writes, Dialect: route.Vagrant, Handler: route.To((*Service).CloudLogin),
		Errors: refusals},
	{Pattern: "GET /api/v2/authenticate", Also: []string{"GET /api/v1/authenticate"}, Name: "CloudAuthenticate", Summary: "Tell whose token it is, as all commands of `vagrant cloud` ask first",
		Access: route.Known, Needs: core.Reads, Dialect: route.Vagrant, Handler: route.To((*Service).CloudAuthenticate)},
	{Pattern: "DELETE /api/v1/authenticate", Also: []string{"DELETE /api/v2/authenticate"}, Name: "CloudLogout", Summary: "End the session whose token was sent",
		Access: route.Known, Needs: core.Writes, Dialect: route.Vagrant, Handler: route.To((*Service).CloudLogout)},

	{Pattern: "GET /api/user", Name: "ReadUser", Summary: "Tell who the caller is",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ReadUser)},
	{Pattern: "GET /api/user/preferences", Name: "ReadPreferences", Summary: "Tell the caller's preferences",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadPreferences)},
	{Pattern: "PATCH /api/user/preferences", Name: "ChangePreferences", Summary: "Change the caller's preferences; null clears one",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ChangePreferences)},
	{Pattern: "GET /api/user/primary-organization", Name: "ReadPrimaryOrganization", Summary: "Tell which organization is meant when the caller names none",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadPrimaryOrganization)},
	{Pattern: "PUT /api/user/primary-organization/{organization}", Name: "ChoosePrimaryOrganization", Summary: "Choose the organization that is meant when the caller names none",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ChoosePrimaryOrganization)},
	{Pattern: "POST /api/user/leave/{organization}", Name: "LeaveOrganization", Summary: "End the caller's membership in an organization",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).LeaveOrganization)},
	{Pattern: "GET /api/organizations/{organization}/only-user", Name: "IsOnlyUser", Summary: "Tell whether the caller is the only member of an organization",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).IsOnlyUser)},

	{Pattern: "GET /api/users", Name: "ListAccounts", Summary: "List accounts by user name, as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListAccounts)},
	{Pattern: "GET /api/users/roles", Name: "ListRoles", Summary: "List the caller's roles on the platform",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListRoles)},
	{Pattern: "GET /api/users/{id}", Name: "ReadAccount", Summary: "Tell about an account: the own one, or any as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadAccount)},
	{Pattern: "PUT /api/users/{id}/change-password", Name: "ChangePassword", Summary: "Set another password, for oneself with the old one, or as platform admin; every session ends",
		Access: route.People, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).ChangePassword)},
	{Pattern: "PUT /api/users/{id}/change-email", Name: "ChangeEmail", Summary: "Send a letter to another e-mail address, which is the account's once the link in it was opened",
		Access: route.People, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).ChangeEmail)},
	{Pattern: "PUT /api/users/{id}/change-name", Name: "ChangeName", Summary: "Set another display name, for oneself or as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ChangeName)},
	{Pattern: "PUT /api/users/{id}/suspend", Name: "SuspendAccount", Summary: "Keep an account and its service accounts out from now on, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SuspendAccount)},
	{Pattern: "PUT /api/users/{id}/resume", Name: "ResumeAccount", Summary: "Let a suspended account in again, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ResumeAccount)},
	{Pattern: "DELETE /api/users/{id}", Name: "DeleteAccount", Summary: "Delete an account, for oneself with the password, or as platform admin; boxes stay with their organization",
		Access: route.People, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).DeleteAccount)},
}
