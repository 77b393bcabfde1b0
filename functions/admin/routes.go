// Package admin is for those who look after the platform, or an organization: who changed what, and the
// settings.
package admin

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Started api.ConfigStarted
}

// Group is this folder.
var Group = core.Group{Name: "admin", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Started: started(c.Options)}
}}

var rows = []route.Row{
	{Pattern: "GET /api/admin/audit", Name: "ReadAudit", Summary: "Every change on the platform, the newest first",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadAudit)},
	{Pattern: "GET /api/admin/audit.jsonl", Name: "ExportAudit", Summary: "Every change on the platform as JSON lines, the newest first",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ExportAudit)},
	{Pattern: "GET /api/organization/{organization}/audit", Name: "ReadOrganizationAudit", Summary: "Every change in an organization, the newest first",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ReadOrganizationAudit)},
	{Pattern: "GET /api/organization/{organization}/audit.jsonl", Name: "ExportOrganizationAudit", Summary: "Every change in an organization as JSON lines, the newest first",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ExportOrganizationAudit)},
	{Pattern: "GET /api/config", Name: "ReadConfig", Summary: "The settings of the registry, as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadConfig)},
	{Pattern: "PUT /api/config", Name: "ChangeConfig", Summary: "Change settings while the registry runs, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).ChangeConfig)},
}
