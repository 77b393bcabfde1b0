// Package mirror is organizations that mirror an upstream catalogue: what they mirror, and the row that
// asks the upstream about a box. Files are fetched behind the row that downloads them (functions/files).
package mirror

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/mirror"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	// Mirrors asks upstreams; nil where organizations may not be mirrors.
	Mirrors *mirror.Mirrors
	// URL is how clients reach the registry; empty: as the request did.
	URL string
}

// Group is this folder.
var Group = core.Group{Name: "mirror", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Mirrors: c.Mirrors, URL: c.URL}
}}

const setting = "/api/organization/{organization}/mirror"

// documentMemory in MB: the metadata of an upstream is held as text and as records.
const documentMemory = 512

var rows = []route.Row{
	{Pattern: "GET " + setting, Name: "ReadMirror", Summary: "Tell what an organization mirrors, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadMirror)},
	{Pattern: "PUT " + setting, Name: "SetMirror", Summary: "Make an organization a mirror of an upstream catalogue, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).SetMirror)},
	{Pattern: "DELETE " + setting, Name: "DeleteMirror", Summary: "Have an organization mirror nothing any more, as admin or owner; what was fetched stays",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).DeleteMirror)},
	{Pattern: "GET /api/mirror/{organization}/{box}", Name: "ReadMirroredMetadata", Summary: "The metadata of a box, once the mirror's upstream was asked about it",
		Access: route.Anyone, Needs: core.Writes, Memory: documentMemory, Dialect: route.Vagrant, Handler: route.To((*Service).ReadMirroredMetadata),
		Answers: []route.Answer{{As: api.Metadata{}}, {As: route.Redirect{}, Summary: "A browser is led to the page of the box."}},
		Errors:  []registry.Kind{registry.Upstream, registry.Conflict}},
}
