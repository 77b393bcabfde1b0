// Package organizations is organizations and who belongs to them.
package organizations

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Now     func() time.Time
}

// Group is this folder.
var Group = core.Group{Name: "organizations", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Now: c.Now}
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
	{Pattern: "DELETE /api/organization/{organization}", Name: "DeleteOrganization", Summary: "Delete an organization without boxes, as owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).DeleteOrganization)},

	{Pattern: "GET /api/organization/{organization}/users", Name: "ListMembers", Summary: "List the members of an organization of the caller's",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ListMembers)},
	{Pattern: "POST /api/organization/{organization}/members", Name: "AddMember", Summary: "Make an account a member, as admin or owner",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To((*Service).AddMember)},
	{Pattern: "PUT /api/organization/{organization}/users/{id}/role", Name: "SetRole", Summary: "Give a member another role, as owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SetRole)},
	{Pattern: "DELETE /api/organization/{organization}/members/{id}", Name: "RemoveMember", Summary: "End a membership: members as admin, admins and owners as owner, oneself always",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).RemoveMember)},
}
