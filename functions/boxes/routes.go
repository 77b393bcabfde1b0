// Package boxes is boxes, and the versions, providers and architectures in them.
package boxes

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Publish publish.Publisher
	Now     func() time.Time
}

// The paths, each below the one before.
const (
	boxes         = "/api/organization/{organization}/box"
	box           = boxes + "/{box}"
	versions      = box + "/version"
	version       = versions + "/{version}"
	providers     = version + "/provider"
	provider      = providers + "/{provider}"
	architectures = provider + "/architecture"
	architecture  = architectures + "/{architecture}"
	watch         = box + "/watch"
)

// Group is this folder.
var Group = core.Group{Name: "boxes", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Publish: c.Publish, Now: c.Now}
}}

var rows = []route.Row{
	{Pattern: "GET " + boxes, Name: "ListBoxes", Summary: "List the boxes of an organization that the caller may see, by name",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ListBoxes)},
	{Pattern: "POST " + boxes, Name: "CreateBox", Summary: "Make a box, as any member",
		Access: route.Known, Needs: core.Writes, Status: 201, Handler: route.To((*Service).CreateBox)},
	{Pattern: "DELETE " + boxes, Name: "DeleteBoxes", Summary: "Delete all boxes of an organization, as admin or owner",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteBoxes)},
	{Pattern: "GET " + box, Name: "ReadBox", Summary: "Tell about a box and its versions",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadBox)},
	{Pattern: "PUT " + box, Name: "UpdateBox", Summary: "Change or rename a box",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateBox)},
	{Pattern: "DELETE " + box, Name: "DeleteBox", Summary: "Delete a box with everything in it",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteBox)},
	{Pattern: "GET " + box + "/readme", Name: "ReadReadme", Summary: "The readme of a box, as Markdown",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadReadme),
		Answers: []route.Answer{{As: route.Document{ContentType: "text/markdown"}}}},
	{Pattern: "GET /api/badge/{organization}/{file}", Alias: "/badge/", Name: "ReadBadge", Summary: "The badge BOX.svg of a public box: its newest released version",
		Access: route.Anyone, Needs: grant.ReadItems, Dialect: route.Text, Handler: route.To((*Service).ReadBadge),
		Answers: []route.Answer{{As: route.Document{ContentType: "image/svg+xml"}}}},

	{Pattern: "POST " + watch, Name: "WatchBox", Summary: "Get letters about releases of a box; 200 when that is so already",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To((*Service).WatchBox),
		Answers: []route.Answer{{As: api.Watching{}}, {Status: 200, As: api.Watching{}, Summary: "It was so already."}}},
	{Pattern: "DELETE " + watch, Name: "UnwatchBox", Summary: "Get no more letters about a box",
		Access: route.People, Needs: core.Writes, Handler: route.To((*Service).UnwatchBox)},
	{Pattern: "GET /api/user/watches", Name: "ListWatches", Summary: "List the boxes that the caller watches",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ListWatches)},

	{Pattern: "GET " + versions, Name: "ListVersions", Summary: "List the versions of a box, the newest first",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ListVersions)},
	{Pattern: "POST " + versions, Name: "CreateVersion", Summary: "Make a version; its first file releases it unless release is false",
		Access: route.Known, Needs: core.Writes, Status: 201, Handler: route.To((*Service).CreateVersion)},
	{Pattern: "DELETE " + versions, Name: "DeleteVersions", Summary: "Delete all versions of a box",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteVersions)},
	{Pattern: "GET " + version, Name: "ReadVersion", Summary: "Tell about a version",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadVersion)},
	{Pattern: "PUT " + version, Name: "UpdateVersion", Summary: "Change or renumber a version, or deprecate it with a reason",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateVersion)},
	{Pattern: "DELETE " + version, Name: "DeleteVersion", Summary: "Delete a version with everything in it",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteVersion)},
	{Pattern: "PUT " + version + "/release", Name: "ReleaseVersion", Summary: "Release a version that has a file",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).ReleaseVersion)},
	{Pattern: "PUT " + version + "/revoke", Name: "RevokeVersion", Summary: "Take a released version back; members still see it",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).RevokeVersion)},

	{Pattern: "GET " + providers, Name: "ListProviders", Summary: "List the providers of a version",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ListProviders)},
	{Pattern: "POST " + providers, Name: "CreateProvider", Summary: "Add a provider to a version",
		Access: route.Known, Needs: core.Writes, Status: 201, Handler: route.To((*Service).CreateProvider)},
	{Pattern: "DELETE " + providers, Name: "DeleteProviders", Summary: "Delete all providers of a version with their files",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteProviders)},
	{Pattern: "GET " + provider, Name: "ReadProvider", Summary: "Tell about a provider",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadProvider)},
	{Pattern: "PUT " + provider, Name: "UpdateProvider", Summary: "Change or rename a provider",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateProvider)},
	{Pattern: "DELETE " + provider, Name: "DeleteProvider", Summary: "Delete a provider with its files",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteProvider)},

	{Pattern: "GET " + architectures, Name: "ListArchitectures", Summary: "List the architectures of a provider",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ListArchitectures)},
	{Pattern: "POST " + architectures, Name: "CreateArchitecture", Summary: "Add an architecture to a provider; the first is its default",
		Access: route.Known, Needs: core.Writes, Status: 201, Handler: route.To((*Service).CreateArchitecture)},
	{Pattern: "DELETE " + architectures, Name: "DeleteArchitectures", Summary: "Delete all architectures of a provider with their files",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteArchitectures)},
	{Pattern: "GET " + architecture, Name: "ReadArchitecture", Summary: "Tell about an architecture",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadArchitecture)},
	{Pattern: "PUT " + architecture, Name: "UpdateArchitecture", Summary: "Change or rename an architecture, or make it the default",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateArchitecture)},
	{Pattern: "DELETE " + architecture, Name: "DeleteArchitecture", Summary: "Delete an architecture with its file",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteArchitecture)},
}
