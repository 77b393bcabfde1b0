// Package vagrant is what Vagrant itself asks for: the metadata of a box, at every URL that is
// documented for it.
package vagrant

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Gate auth.Gate
	// URL is how clients reach the registry; empty: as the request did.
	URL string
	// Mirrors says that organizations may be mirrors here.
	Mirrors bool

	rendered cache
}

// Group is this folder.
var Group = core.Group{Name: "vagrant", Rows: rows, New: func(c core.Core) any {
	return &Service{Gate: c.Gate, URL: c.URL, Mirrors: c.Mirrors != nil}
}}

var rows = []route.Row{
	{Pattern: "GET /api/organization/{organization}/box/{box}/metadata", Name: "ReadMetadata", Summary: "The released versions of a box with their verified files",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadMetadata),
		Answers: []route.Answer{{As: api.Metadata{}}}},
	{Pattern: "GET /{organization}/{box}", Also: []string{"GET /{organization}/boxes/{box}", "GET /api/v2/vagrant/{organization}/{box}"},
		Name: "ReadVagrantMetadata", Summary: "The same as `vagrant box add` asks for it; a browser gets a page",
		Access: route.Anyone, Needs: core.Reads, Dialect: route.Vagrant, Handler: route.To((*Service).ReadVagrantMetadata),
		Answers: []route.Answer{{As: api.Metadata{}}, {As: route.Document{ContentType: "text/html"}},
			{As: route.Redirect{}, Summary: "The upstream of a mirror is to be asked; the URL in Location does that, and answers the same."}}},
}
