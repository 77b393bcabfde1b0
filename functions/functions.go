// Package functions is everything the registry does: every row of the route table, by groups. A
// folder below with a routes.go is a group: rows with their handlers; on AWS each group is one
// binary (its lambda folder) and each row one function. Of the others, core is what groups are made
// of, behind is what goes on behind requests on AWS, and deployment, openapi, template and generate make
// things out of the rows.
package functions

import (
	"net/http"

	"github.com/boxvault/boxvault/functions/accounts"
	"github.com/boxvault/boxvault/functions/admin"
	"github.com/boxvault/boxvault/functions/boxes"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/description"
	"github.com/boxvault/boxvault/functions/discover"
	"github.com/boxvault/boxvault/functions/files"
	"github.com/boxvault/boxvault/functions/hcp"
	"github.com/boxvault/boxvault/functions/mail"
	"github.com/boxvault/boxvault/functions/mirror"
	"github.com/boxvault/boxvault/functions/operation"
	"github.com/boxvault/boxvault/functions/organizations"
	"github.com/boxvault/boxvault/functions/serviceaccounts"
	"github.com/boxvault/boxvault/functions/setup"
	"github.com/boxvault/boxvault/functions/vagrant"
	"github.com/boxvault/boxvault/functions/vagrantcloud"
	"github.com/boxvault/boxvault/functions/webhooks"
	"github.com/boxvault/boxvault/shared/route"
)

// Group is a folder of functions.
type Group = core.Group

// Groups returns every group, in the order of their names.
func Groups() []Group {
	return []Group{
		accounts.Group, admin.Group, boxes.Group, description.Group, discover.Group, files.Group, hcp.Group, mail.Group, mirror.Group,
		operation.Group, organizations.Group, serviceaccounts.Group, setup.Group, vagrant.Group, vagrantcloud.Group, webhooks.Group,
	}
}

// Routes returns every row.
func Routes() (rows []route.Row) {
	for _, g := range Groups() {
		rows = append(rows, g.Rows...)
	}
	return rows
}

// Handler serves every row on one mux.
func Handler(c core.Core) http.Handler { return c.Handler(Groups()) }
