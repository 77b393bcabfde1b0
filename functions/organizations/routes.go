// Package organizations is organizations and who belongs to them.
package organizations

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Tokens  auth.Tokens
	Mail    core.Mail
	// URL is how clients reach the registry; empty: as the request did.
	URL string
	Now func() time.Time
}

// Group is this folder.
var Group = core.Group{Name: "organizations", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Tokens: c.Tokens, Mail: c.Mail, URL: c.URL, Now: c.Now}
}}

var rows = []route.Row{
	{Pattern: "POST /api/organization", Name: "CreateOrganization", Summary: "Make an organization; the caller becomes its owner",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To((*Service).CreateOrganization)},
	{Pattern: "GET /api/user/organizations", Name: "ListUserOrganizations", Summary: "List the organizations of the caller",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ListUserOrganizations)},
	{Pattern: "GET /api/organization/{organization}", Name: "ReadOrganization", Summary: "Tell about an organization of the caller's",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ReadOrganization)},
	{Pattern: "PUT /api/organization/{organization}", Name: "UpdateOrganization", Summary: "Change an organization, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).UpdateOrganization)},
	{Pattern: "DELETE /api/organization/{organization}", Name: "DeleteOrganization", Summary: "Delete an organization with all its boxes, as owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).DeleteOrganization)},

	{Pattern: "GET /api/organization", Name: "ListOrganizations", Summary: "List the organizations of the caller; platform admins see all",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ListOrganizations)},
	{Pattern: "GET /api/organizations/discover", Name: "DiscoverOrganizations", Summary: "List the organizations that everyone may find",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).DiscoverOrganizations)},
	{Pattern: "PUT /api/organization/{organization}/access-mode", Name: "SetAccessMode", Summary: "Say how an organization is found and joined, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SetAccessMode)},
	{Pattern: "PUT /api/organization/{organization}/suspend", Name: "SuspendOrganization", Summary: "Keep everyone out of an organization, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SuspendOrganization)},
	{Pattern: "PUT /api/organization/{organization}/resume", Name: "ResumeOrganization", Summary: "End the suspension of an organization, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ResumeOrganization)},
	{Pattern: "POST /api/organization/{organization}/join", Name: "JoinOrganization", Summary: "Become an owner of any organization, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).JoinOrganization)},

	{Pattern: "POST /api/organization/{organization}/requests", Name: "AskToJoin", Summary: "Ask to become a member",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To((*Service).AskToJoin)},
	{Pattern: "GET /api/organization/{organization}/requests", Name: "ListJoinRequests", Summary: "List who asks to become a member, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListJoinRequests)},
	{Pattern: "POST /api/organization/{organization}/requests/{id}/approve", Name: "ApproveJoinRequest", Summary: "Make a member of who asked, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ApproveJoinRequest)},
	{Pattern: "POST /api/organization/{organization}/requests/{id}/deny", Name: "DenyJoinRequest", Summary: "Turn down who asked, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).DenyJoinRequest)},
	{Pattern: "GET /api/user/requests", Name: "ListOwnJoinRequests", Summary: "List what the caller has asked to join",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListOwnJoinRequests)},
	{Pattern: "DELETE /api/user/requests/{id}", Name: "CancelJoinRequest", Summary: "Take back a request to join",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).CancelJoinRequest)},

	{Pattern: "POST /api/auth/invite", Name: "Invite", Summary: "Invite somebody by e-mail: members as admin, admins as owner",
		Access: route.People, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).Invite)},
	{Pattern: "GET /api/auth/validate-invitation/{token}", Name: "ValidateInvitation", Summary: "Tell who has the token of an invitation what it is to",
		Access: route.Anyone, Sensitive: true, Needs: grant.ReadItems, Handler: route.To((*Service).ValidateInvitation)},
	{Pattern: "POST /api/auth/invitations/{token}/accept", Name: "AcceptInvitation", Summary: "Join an organization by invitation, with the account of the invited address",
		Access: route.People, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).AcceptInvitation)},
	{Pattern: "GET /api/invitations/active/{organization}", Name: "ListInvitations", Summary: "List who is invited and has not joined yet, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListInvitations)},
	{Pattern: "DELETE /api/invitations/{id}", Name: "WithdrawInvitation", Summary: "Take an invitation back, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).WithdrawInvitation)},

	{Pattern: "GET /api/organization/{organization}/users/{id}/role", Name: "ReadRole", Summary: "Tell the role of a member",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ReadRole)},
	{Pattern: "DELETE /api/organization/{organization}/users/{username}", Name: "RemoveMemberByName", Summary: "End a membership by user name; see RemoveMember",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).RemoveMemberByName)},
	{Pattern: "GET /api/organization/{organization}/users", Name: "ListMembers", Summary: "List the members of an organization of the caller's",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ListMembers)},
	{Pattern: "POST /api/organization/{organization}/members", Name: "AddMember", Summary: "Make an account a member, as admin or owner",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To((*Service).AddMember)},
	{Pattern: "PUT /api/organization/{organization}/users/{id}/role", Name: "SetRole", Summary: "Give a member another role, as owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SetRole)},
	{Pattern: "DELETE /api/organization/{organization}/members/{id}", Name: "RemoveMember", Summary: "End a membership: members as admin, admins and owners as owner, oneself always",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).RemoveMember)},
}
