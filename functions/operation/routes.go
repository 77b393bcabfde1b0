// Package operation is what an operator and a lost visitor ask.
package operation

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	// Version is the registry's own version.
	Version string
	// URL is how clients reach the registry; empty: as the request did.
	URL string
}

// Group is this folder.
var Group = core.Group{Name: "operation", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Version: c.Version, URL: c.URL}
}}

var rows = []route.Row{
	{Pattern: "GET /health", Also: []string{"GET /api/health"}, Name: "Health", Summary: "Tell that the registry is up and reads its records",
		Access: route.Anyone, Needs: grant.ReadItems, Handler: route.To((*Service).Health)},
	{Pattern: "GET /{$}", Name: "Welcome", Summary: "A page for who comes with a browser",
		Access: route.Anyone, Needs: grant.ReadItems, Handler: route.To((*Service).Welcome)},
	// One segment below /api would else be taken for `organization/box`.
	{Pattern: "/", Also: []string{"GET /api/{path}"}, Name: "NotFound", Summary: "What no other route takes",
		Access: route.Anyone, Handler: route.To((*Service).NotFound)},
}
