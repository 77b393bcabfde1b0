package client

import (
	"context"
	"fmt"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// File tells about the file of a target. NotFound when none is stored there.
func (c *Client) File(ctx context.Context, t registry.Target) (api.File, error) {
	return do[api.File](ctx, c, get(filePath(t)+"/info"))
}

// DownloadLink asks for a URL of the target's file that needs no token, for a while. Ranges work.
func (c *Client) DownloadLink(ctx context.Context, t registry.Target) (api.DownloadLink, error) {
	return do[api.DownloadLink](ctx, c, post(filePath(t)+"/get-download-link", nil).patient())
}

// download asks for a URL as one who downloads the file: the registry counts downloads by the
// requests that begin at the first byte.
func (c *Client) download(ctx context.Context, t registry.Target, from int64) (url string, err error) {
	r := get(filePath(t) + "/download").patient()
	r.leads, r.from = true, from
	a, err := c.send(ctx, r)
	if err == nil && a.header.Get("Location") == "" {
		err = fmt.Errorf("%s did not say where the file is", c.base)
	}
	return a.header.Get("Location"), err
}

// DeleteFile deletes the target's file; its architecture stays.
func (c *Client) DeleteFile(ctx context.Context, t registry.Target) error {
	return c.run(ctx, remove(filePath(t)+"/delete"))
}

// BeginUpload opens an upload to the target. Version, provider and architecture are made when they
// are missing, the box is not. The URLs of the first parts come with it. When the answer is lost it
// is asked for again, and an upload that nobody uses expires.
func (c *Client) BeginUpload(ctx context.Context, t registry.Target, in api.BeginUpload) (api.Upload, error) {
	return do[api.Upload](ctx, c, post(uploadsPath(t), in).patient())
}

// Uploads lists the uploads to the target that can be taken up again, without their parts.
func (c *Client) Uploads(ctx context.Context, t registry.Target) ([]api.Upload, error) {
	return do[[]api.Upload](ctx, c, get(uploadsPath(t)))
}

// Upload tells about an upload, with the parts that have arrived.
func (c *Client) Upload(ctx context.Context, t registry.Target, id string) (api.Upload, error) {
	return do[api.Upload](ctx, c, get(uploadPath(t, id)).patient())
}

// SignParts asks for the URLs of parts, at most api.MaxSignedParts at once.
func (c *Client) SignParts(ctx context.Context, t registry.Target, id string, parts []int) ([]api.PartURL, error) {
	r := post(uploadPath(t, id)+"/parts", api.SignParts{PartNumbers: parts}).patient()
	u, err := do[api.Upload](ctx, c, r)
	return u.URLs, err
}

// CompleteUpload makes a file of the parts, which is refused when it does not have the checksum
// declared. The state is verifying when the registry is still reading the file: it is stored, or
// failed, a while later.
func (c *Client) CompleteUpload(ctx context.Context, t registry.Target, id string, in api.CompleteUpload) (api.Upload, error) {
	return do[api.Upload](ctx, c, post(uploadPath(t, id)+"/complete", in).patient())
}

// AbortUpload forgets an upload and its parts.
func (c *Client) AbortUpload(ctx context.Context, t registry.Target, id string) error {
	return c.run(ctx, remove(uploadPath(t, id)))
}

func filePath(t registry.Target) string { return architecturePath(t) + "/file" }

func uploadsPath(t registry.Target) string { return filePath(t) + "/multipart" }

func uploadPath(t registry.Target, id string) string { return uploadsPath(t) + route(id) }
