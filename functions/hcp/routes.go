// Package hcp is the API of HashiCorp's cloud for Vagrant boxes, as Packer's vagrant-registry
// post-processor and all else that is made with github.com/hashicorp/hcp-sdk-go use it: with the HCP_…
// variables set to this registry they go on, unchanged. A registry there is an organization here.
package hcp

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/upload"
)

// Service holds what the handlers need.
type Service struct {
	Catalog    *catalog.Catalog
	Gate       auth.Gate
	Identifier auth.Identifier
	Publish    publish.Publisher
	Uploads    *upload.Uploads
	Blobs      blobstore.Store
	Now        func() time.Time
	// URL is how clients reach the registry; empty: as the request did.
	URL string
	// SmallBodies tells that no request is as large as a box file.
	SmallBodies bool
}

// Group is this folder.
var Group = core.Group{Name: "hcp", Rows: rows, New: func(c core.Core) any {
	return &Service{
		Catalog: c.Catalog, Gate: c.Gate, Identifier: auth.Identifier{Catalog: c.Catalog, Tokens: c.Tokens},
		Publish: c.Publish, Uploads: c.Uploads, Blobs: c.Blobs, Now: c.Now, URL: c.URL, SmallBodies: c.SmallBodies,
	}
}}

// The paths, each below the one before. The number is the version of the API.
const (
	base          = "/vagrant/2022-09-30"
	registries    = base + "/registries"
	one           = base + "/registry/{organization}"
	boxes         = one + "/boxes"
	box           = one + "/box/{box}"
	versions      = box + "/versions"
	version       = box + "/version/{version}"
	providers     = version + "/providers"
	provider      = version + "/provider/{provider}"
	architectures = provider + "/architectures"
	architecture  = provider + "/architecture/{architecture}"

	operations = "/operation/2020-05-05/organizations/{organization}/projects/{project}/operations/{id}"
	resources  = "/resource-manager/2019-12-10"
)

const (
	begins   = core.Writes | grant.WriteBlobs
	verifies = begins | grant.ReadBlobs

	// verifierMemory in MB: see functions/files.
	verifierMemory = 512
)

// in makes a row of this dialect.
func in(pattern, name, summary string, needs grant.Right, handler route.Endpoint) route.Row {
	return route.Row{
		Pattern: pattern, Name: "HCP" + name, Summary: summary, Access: route.Known, Needs: needs,
		Dialect: route.HCP, Handler: handler,
	}
}

// open makes a row that anyone may call, to see what is public.
func open(row route.Row) route.Row {
	row.Access = route.Anyone
	return row
}

// people makes a row that service accounts are refused at.
func people(row route.Row) route.Row {
	row.Access = route.People
	return row
}

var rows = []route.Row{
	{Pattern: "POST /oauth2/token", Name: "ExchangeToken", Summary: "Sign in as a service account, by OAuth 2's client credentials",
		Access: route.Anyone, Sensitive: true, Needs: core.Reads, Dialect: route.OAuth, Handler: route.To((*Service).ExchangeToken),
		Errors: []registry.Kind{registry.Unauthenticated, registry.TokenExpired}},

	in("GET "+registries, "ListRegistries", "List the organizations of the caller", core.Reads, route.To((*Service).ListRegistries)),
	people(in("POST "+registries, "CreateRegistry", "Make an organization; the caller becomes its owner", core.Writes, route.To((*Service).CreateRegistry))),
	in("GET "+one, "ReadRegistry", "Tell about an organization of the caller's", core.Reads, route.To((*Service).ReadRegistry)),
	people(in("PUT "+one, "UpdateRegistry", "Change the description of an organization, as admin or owner", core.Writes, route.To((*Service).UpdateRegistry))),
	people(in("DELETE "+one, "DeleteRegistry", "Delete an organization with all its boxes, as owner", core.Writes, route.To((*Service).DeleteRegistry))),
	refuses(also("PUT "+one+"/deactivate", in("PUT "+one+"/activate", "SwitchRegistry", "Leave an organization active, as every one is; to deactivate one is a conflict", core.Reads, route.To((*Service).SwitchRegistry))), registry.Conflict),

	open(in("GET "+boxes, "ListBoxes", "List the boxes of an organization that the caller may see, by name", core.Reads, route.To((*Service).ListBoxes))),
	in("POST "+boxes, "CreateBox", "Make a box, which is public unless it says otherwise, as any member", core.Writes, route.To((*Service).CreateBox)),
	open(in("GET "+box, "ReadBox", "Tell about a box", core.Reads, route.To((*Service).ReadBox))),
	in("PUT "+box, "UpdateBox", "Change a box", core.Writes, route.To((*Service).UpdateBox)),
	in("DELETE "+box, "DeleteBox", "Delete a box with everything in it", core.Writes, route.To((*Service).DeleteBox)),

	open(in("GET "+versions, "ListVersions", "List the versions of a box, the newest first", core.Reads, route.To((*Service).ListVersions))),
	in("POST "+versions, "CreateVersion", "Make a version, which is unreleased until it is released", core.Writes, route.To((*Service).CreateVersion)),
	open(in("GET "+version, "ReadVersion", "Tell about a version", core.Reads, route.To((*Service).ReadVersion))),
	in("PUT "+version, "UpdateVersion", "Change or renumber a version", core.Writes, route.To((*Service).UpdateVersion)),
	in("DELETE "+version, "DeleteVersion", "Delete a version with everything in it", core.Writes, route.To((*Service).DeleteVersion)),
	in("PUT "+version+"/release", "ReleaseVersion", "Release a version that has a file", core.Writes, route.To((*Service).ReleaseVersion)),
	in("PUT "+version+"/revoke", "RevokeVersion", "Take a released version back", core.Writes, route.To((*Service).RevokeVersion)),

	open(in("GET "+providers, "ListProviders", "List the providers of a version", core.Reads, route.To((*Service).ListProviders))),
	in("POST "+providers, "CreateProvider", "Add a provider to a version", core.Writes, route.To((*Service).CreateProvider)),
	open(in("GET "+provider, "ReadProvider", "Tell about a provider", core.Reads, route.To((*Service).ReadProvider))),
	in("PUT "+provider, "UpdateProvider", "Rename a provider", core.Writes, route.To((*Service).UpdateProvider)),
	in("DELETE "+provider, "DeleteProvider", "Delete a provider with its files", core.Writes, route.To((*Service).DeleteProvider)),

	open(in("GET "+architectures, "ListArchitectures", "List the architectures of a provider", core.Reads, route.To((*Service).ListArchitectures))),
	in("POST "+architectures, "CreateArchitecture", "Add an architecture to a provider, perhaps with the URL of its file or the checksum that it is to have", core.Writes, route.To((*Service).CreateArchitecture)),
	open(in("GET "+architecture, "ReadArchitecture", "Tell about an architecture and its file", core.Reads, route.To((*Service).ReadArchitecture))),
	in("PUT "+architecture, "UpdateArchitecture", "Change an architecture, the URL of its file or the checksum of the next one", core.Writes, route.To((*Service).UpdateArchitecture)),
	in("DELETE "+architecture, "DeleteArchitecture", "Delete an architecture with its file", core.Writes, route.To((*Service).DeleteArchitecture)),

	relayed(refuses(in("GET "+architecture+"/upload", "UploadBox", "Say where a file is to be PUT, through the registry", begins, route.To((*Service).UploadBox)), registry.TooLarge)),
	in("GET "+architecture+"/direct/upload", "DirectUploadBox", "Say where a file is to be PUT, to the store", begins, route.To((*Service).DirectUploadBox)),
	verifier(in("PUT "+architecture+"/direct/complete/{object}", "CompleteDirectUploadBox", "Verify a file that was uploaded directly and list it", verifies, route.To((*Service).CompleteDirectUploadBox))),
	open(in("GET "+architecture+"/download", "DownloadBox", "Get a URL of the file that needs no token for an hour", core.Writes|grant.ReadBlobs|grant.SignLinks, route.To((*Service).DownloadBox))),
	open(in("GET "+base+"/search", "Search", "Find boxes that the caller may see", core.Reads, route.To((*Service).Search))),

	also("GET "+operations+"/wait", in("GET "+operations, "ReadOperation", "Tell about an operation, which is over when it is told of", core.Reads, route.To((*Service).ReadOperation))),
	in("GET "+resources+"/organizations", "ListOrganizations", "List the organizations of the caller", core.Reads, route.To((*Service).ListOrganizations)),
	in("GET "+resources+"/organizations/{organization}", "ReadOrganization", "Tell about an organization of the caller's", core.Reads, route.To((*Service).ReadOrganization)),
	in("GET "+resources+"/projects", "ListProjects", "List the projects of the caller: each organization is one", core.Reads, route.To((*Service).ListProjects)),
	in("GET "+resources+"/projects/{organization}", "ReadProject", "Tell about a project of the caller's", core.Reads, route.To((*Service).ReadProject)),
}

// refuses adds to the errors that a row is described with.
func refuses(row route.Row, kinds ...registry.Kind) route.Row {
	row.Errors = append(row.Errors, kinds...)
	return row
}

func verifier(row route.Row) route.Row {
	row.Memory = verifierMemory
	return row
}

// relayed makes a row that leads to bodies as large as a box file.
func relayed(row route.Row) route.Row {
	row.Relayed = true
	return row
}

func also(pattern string, row route.Row) route.Row {
	row.Also = append(row.Also, pattern)
	return row
}
