// Package files is box files on their way in, by any of four doors, and out.
package files

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/mirror"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/upload"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Uploads *upload.Uploads
	Blobs   blobstore.Store
	Tokens  auth.Tokens
	// URL is how clients reach the registry; empty: as the request did.
	URL string
	// Mirrors fetches files of mirrors; nil where there are none.
	Mirrors *mirror.Mirrors
}

const (
	// begins opens uploads and ends them; verifies also reads what has come.
	begins   = core.Writes | grant.WriteBlobs
	verifies = begins | grant.ReadBlobs
	gives    = core.Reads | grant.ReadBlobs | grant.SignLinks

	// verifierMemory in MB: decompressing the box takes some, and a function's processor grows
	// with its memory.
	verifierMemory = 512
)

const (
	file      = "/api/organization/{organization}/box/{box}/version/{version}/provider/{provider}/architecture/{architecture}/file"
	multipart = file + "/multipart"
)

// Group is this folder.
var Group = core.Group{Name: "files", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Uploads: c.Uploads, Blobs: c.Blobs, Tokens: c.Tokens, URL: c.URL, Mirrors: c.Mirrors}
}}

// downloads are how a file goes out. One process hands out the file itself at vagrant.box.
var downloads = []route.Answer{
	{As: route.Redirect{}, Summary: "It is at the URL in Location, for a while."},
	{As: route.Sketch{}},
	{Status: 200, As: route.Document{ContentType: "application/octet-stream"}, Summary: "The file itself, where one process is the whole registry."},
	{Status: 206, As: route.Document{ContentType: "application/octet-stream"}, Summary: "The range of the file that was asked for."},
	{Status: 416, As: route.Document{ContentType: "text/plain"}, Summary: "The file has no such range."},
}

var rows = []route.Row{
	{Pattern: "POST " + file, Name: "UploadForm", Summary: "Upload a box file as the field `file` of a form",
		Access: route.Known, Needs: verifies, Memory: verifierMemory, Relayed: true, Handler: route.To((*Service).UploadForm)},
	{Pattern: "POST " + file + "/upload", Also: []string{"PUT " + file + "/upload"}, Name: "UploadRaw", Summary: "Upload a box file as the request body, whole or in chunks",
		Access: route.Known, Needs: verifies, Memory: verifierMemory, Relayed: true, Handler: route.To((*Service).UploadRaw)},

	{Pattern: "PUT /api/upload/{upload}", Name: "PutFile", Summary: "Upload a box file as the request body, to a URL that was given out, which alone is the permission",
		Access: route.Anyone, Needs: verifies, Memory: verifierMemory, Relayed: true, Handler: route.To((*Service).PutFile),
		Errors: []registry.Kind{registry.Forbidden, registry.Conflict}},

	{Pattern: "POST " + multipart, Name: "BeginUpload", Summary: "Open a presigned multipart upload",
		Access: route.Known, Needs: begins, Status: 201, Handler: route.To((*Service).BeginUpload)},
	{Pattern: "GET " + multipart, Name: "ListUploads", Summary: "List the uploads to this architecture that can be resumed",
		Access: route.Known, Needs: core.Reads, Handler: route.To((*Service).ListUploads)},
	{Pattern: "GET " + multipart + "/{upload}", Name: "ReadUpload", Summary: "Tell how far an upload is",
		Access: route.Known, Needs: verifies, Memory: verifierMemory, Handler: route.To((*Service).ReadUpload)},
	{Pattern: "POST " + multipart + "/{upload}/parts", Name: "SignParts", Summary: "Get the presigned URLs of parts",
		Access: route.Known, Needs: core.Reads | grant.WriteBlobs, Handler: route.To((*Service).SignParts)},
	{Pattern: "POST " + multipart + "/{upload}/complete", Name: "CompleteUpload", Summary: "Put the parts together, verify the file and list it",
		Access: route.Known, Needs: verifies, Memory: verifierMemory, Handler: route.To((*Service).CompleteUpload)},
	{Pattern: "DELETE " + multipart + "/{upload}", Name: "AbortUpload", Summary: "Give an upload up",
		Access: route.Known, Needs: begins, Handler: route.To((*Service).AbortUpload)},

	{Pattern: "GET " + file + "/info", Name: "ReadFile", Summary: "Tell about a file",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadFile)},
	{Pattern: "GET " + file + "/download", Also: []string{"GET /{organization}/boxes/{box}/versions/{version}/providers/{provider}/{architecture}/vagrant.box",
		"GET /{organization}/boxes/{box}/versions/{version}/providers/{provider}"},
		Name: "Download", Summary: "Redirect to a signed URL of the file",
		Access: route.Anyone, Needs: gives | grant.WriteItems, Status: 302, Handler: route.To((*Service).Download), Answers: downloads,
		Errors: []registry.Kind{registry.Upstream}},
	{Pattern: "POST " + file + "/get-download-link", Name: "GetDownloadLink", Summary: "Get a URL of the file that needs no token for an hour",
		Access: route.Anyone, Needs: gives, Handler: route.To((*Service).GetDownloadLink)},
	{Pattern: "DELETE " + file + "/delete", Name: "DeleteFile", Summary: "Delete a file",
		Access: route.Known, Needs: core.Writes, Handler: route.To((*Service).DeleteFile)},
}
