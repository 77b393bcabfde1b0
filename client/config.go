package client

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
)

// Config tells the settings of the registry to a platform admin.
func (c *Client) Config(ctx context.Context) (api.Config, error) {
	return do[api.Config](ctx, c, get("/api/config"))
}

// ChangeConfig changes what is set in the input, from the next request on.
func (c *Client) ChangeConfig(ctx context.Context, in api.ConfigInput) (api.Config, error) {
	return do[api.Config](ctx, c, put("/api/config", in))
}
