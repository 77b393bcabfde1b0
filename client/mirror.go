package client

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
)

// Mirror tells what an organization mirrors. NotFound when it mirrors nothing.
func (c *Client) Mirror(ctx context.Context, organization string) (api.Mirror, error) {
	return do[api.Mirror](ctx, c, get(mirrorPath(organization)))
}

// SetMirror makes an organization a mirror of an upstream catalogue.
func (c *Client) SetMirror(ctx context.Context, organization string, in api.MirrorInput) (api.Mirror, error) {
	return do[api.Mirror](ctx, c, put(mirrorPath(organization), in))
}

// DeleteMirror has an organization mirror nothing any more; what was fetched stays.
func (c *Client) DeleteMirror(ctx context.Context, organization string) error {
	return c.run(ctx, remove(mirrorPath(organization)))
}

func mirrorPath(organization string) string { return organizationPath(organization) + "/mirror" }
