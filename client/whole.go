package client

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// WholeFile is a box file that is sent in one request.
type WholeFile struct {
	Name    string
	Content []byte
	// Checksum of the content, in hex, and its type; both may be left out.
	Checksum, ChecksumType string
}

// UploadFile sends a small file in one request; on AWS it has at most SingleRequest bytes. Version,
// provider and architecture are made when they are missing, the box is not. Sent twice, it is stored
// once.
func (c *Client) UploadFile(ctx context.Context, t registry.Target, in WholeFile) (api.UploadResult, error) {
	r := post(filePath(t)+"/upload", nil).patient()
	r.raw = in.Content
	r.header = map[string]string{"X-File-Name": in.Name, "X-Checksum": in.Checksum, "X-Checksum-Type": in.ChecksumType}
	return do[api.UploadResult](ctx, c, r)
}

// FileURL is where a target's file is to be had, with the client's token; it leads on to a signed URL.
func (c *Client) FileURL(t registry.Target) string { return c.base + filePath(t) + "/download" }
