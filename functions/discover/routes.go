// Package discover is the search for boxes in all organizations, and what is new there.
package discover

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Gate auth.Gate
}

// Group is this folder.
var Group = core.Group{Name: "discover", Rows: rows, New: func(c core.Core) any { return &Service{Gate: c.Gate} }}

var rows = []route.Row{
	{Pattern: "GET /api/search", Name: "Search", Summary: "Find boxes that the caller may see, those with the most downloads first",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).Search)},
	{Pattern: "GET /api/discover", Name: "Discover", Summary: "List boxes that the caller may see, the last that changed first",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).Discover)},
	{Pattern: "GET /api/discover/{name}", Name: "DiscoverName", Summary: "List those of them that have the name, or whose texts have its words",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).DiscoverName)},
}
