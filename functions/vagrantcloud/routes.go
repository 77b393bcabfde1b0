// Package vagrantcloud is Vagrant Cloud's API, v1 and v2, as `vagrant cloud` and Packer's vagrant-cloud
// post-processor use it; the rows of signing in are in accounts.
package vagrantcloud

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/upload"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Publish publish.Publisher
	Uploads *upload.Uploads
	Tokens  auth.Tokens
	Now     func() time.Time
	// URL is how clients reach the registry; empty: as the request did.
	URL string
	// SmallBodies tells that no request is as large as a box file.
	SmallBodies bool
}

// Group is this folder.
var Group = core.Group{Name: "vagrantcloud", Rows: rows, New: func(c core.Core) any {
	return &Service{
		Catalog: c.Catalog, Gate: c.Gate, Publish: c.Publish, Uploads: c.Uploads, Tokens: c.Tokens,
		Now: c.Now, URL: c.URL, SmallBodies: c.SmallBodies,
	}
}}

// The paths, each below the one before. Clients before Vagrant 2.4, and Packer when it cleans up, name
// no architecture.
const (
	box          = "/box/{organization}/{box}"
	version      = box + "/version/{version}"
	provider     = version + "/provider/{provider}"
	architecture = provider + "/{architecture}"
)

const (
	begins   = core.Writes | grant.WriteBlobs
	verifies = begins | grant.ReadBlobs

	// verifierMemory in MB: see functions/files.
	verifierMemory = 512
)

// at makes a row that is answered below /api/v1 and /api/v2. Vagrant follows no redirect here, and Packer
// takes nothing but 200.
func at(method string, paths []string, row route.Row) route.Row {
	for _, base := range []string{"/api/v2", "/api/v1"} {
		for _, path := range paths {
			row.Also = append(row.Also, method+" "+base+path)
		}
	}
	row.Pattern, row.Also = row.Also[0], row.Also[1:]
	row.Dialect, row.Stays = route.Vagrant, true
	return row
}

var rows = []route.Row{
	at("GET", []string{"/search"}, route.Row{Name: "CloudSearch", Summary: "Find boxes, as `vagrant cloud search` does",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).Search)}),
	at("GET", []string{"/user/{organization}"}, route.Row{Name: "CloudReadUser", Summary: "List the boxes of an organization, all on one page",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadUser)}),

	at("POST", []string{"/boxes"}, route.Row{Name: "CloudCreateBox", Summary: "Make a box, as any member",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).CreateBox), Errors: []registry.Kind{registry.NotFound}}),
	at("GET", []string{box}, route.Row{Name: "CloudReadBox", Summary: "Tell about a box and its versions",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadBox)}),
	at("PUT", []string{box}, route.Row{Name: "CloudUpdateBox", Summary: "Change or rename a box",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateBox)}),
	at("DELETE", []string{box}, route.Row{Name: "CloudDeleteBox", Summary: "Delete a box with everything in it",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteBox)}),

	at("POST", []string{box + "/versions"}, route.Row{Name: "CloudCreateVersion", Summary: "Make a version, which is unreleased until it is released",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).CreateVersion)}),
	at("GET", []string{version}, route.Row{Name: "CloudReadVersion", Summary: "Tell about a version",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadVersion)}),
	at("PUT", []string{version}, route.Row{Name: "CloudUpdateVersion", Summary: "Change or renumber a version",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateVersion)}),
	at("DELETE", []string{version}, route.Row{Name: "CloudDeleteVersion", Summary: "Delete a version with everything in it",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteVersion)}),
	at("PUT", []string{version + "/release"}, route.Row{Name: "CloudReleaseVersion", Summary: "Release a version that has a file",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).ReleaseVersion)}),
	at("PUT", []string{version + "/revoke"}, route.Row{Name: "CloudRevokeVersion", Summary: "Take a released version back",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).RevokeVersion)}),

	at("POST", []string{version + "/providers"}, route.Row{Name: "CloudCreateProvider", Summary: "Add a provider with an architecture to a version, perhaps with the URL of its file",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).CreateProvider)}),
	at("GET", []string{architecture, provider}, route.Row{Name: "CloudReadProvider", Summary: "Tell about a provider",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadProvider)}),
	at("PUT", []string{architecture, provider}, route.Row{Name: "CloudUpdateProvider", Summary: "Change a provider, its architecture, the checksum of its next file or the URL of its file",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).UpdateProvider)}),
	at("DELETE", []string{architecture, provider}, route.Row{Name: "CloudDeleteProvider", Summary: "Delete an architecture of a provider with its file, and the provider with its last one",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteProvider)}),

	at("GET", []string{architecture + "/upload", provider + "/upload"}, route.Row{Name: "CloudBeginUpload", Summary: "Say where a file is to be PUT, through the registry",
		Access: route.Known, Needs: begins, Relayed: true, Handler: route.To((*Service).BeginUpload), Errors: []registry.Kind{registry.TooLarge}}),
	at("GET", []string{architecture + "/upload/direct", provider + "/upload/direct"}, route.Row{Name: "CloudBeginDirectUpload", Summary: "Say where a file is to be PUT, to the store, and where to tell that it is there",
		Access: route.Known, Needs: begins, Handler: route.To((*Service).BeginDirectUpload)}),
	at("PUT", []string{architecture + "/upload/{upload}"}, route.Row{Name: "CloudCompleteUpload", Summary: "Verify a file that was uploaded directly and list it",
		Access: route.Known, Needs: verifies, Memory: verifierMemory, Handler: route.To((*Service).CompleteUpload)}),
}
