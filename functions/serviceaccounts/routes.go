// Package serviceaccounts is the credentials of programs: CI jobs, Packer, provisioning.
package serviceaccounts

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
var Group = core.Group{Name: "serviceaccounts", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Now: c.Now}
}}

var rows = []route.Row{
	{Pattern: "POST /api/service-accounts", Name: "CreateServiceAccount", Summary: "Make a service account of the caller's for one organization; its token is shown once",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To((*Service).CreateServiceAccount)},
	{Pattern: "GET /api/service-accounts", Name: "ListServiceAccounts", Summary: "List the caller's service accounts",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListServiceAccounts)},
	{Pattern: "GET /api/organization/{organization}/service-accounts", Name: "ListOrganizationServiceAccounts", Summary: "List an organization's service accounts, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListOrganizationServiceAccounts)},
	{Pattern: "DELETE /api/service-accounts/{id}", Name: "DeleteServiceAccount", Summary: "Delete an own service account, or any of an organization as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).DeleteServiceAccount)},
}
