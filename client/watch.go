package client

import (
	"context"
	"iter"

	"github.com/boxvault/boxvault/shared/api"
)

// WatchBox has letters sent to the caller, who must be a person, when a version of the box is released
// or deprecated. It is no error when that is so already.
func (c *Client) WatchBox(ctx context.Context, organization, box string) error {
	return c.run(ctx, post(boxPath(organization, box)+"/watch", nil))
}

// UnwatchBox ends that. It is no error when there is nothing to end.
func (c *Client) UnwatchBox(ctx context.Context, organization, box string) error {
	return c.run(ctx, remove(boxPath(organization, box)+"/watch"))
}

// Watches goes through the boxes that the caller watches, fetching page by page. After an error there
// are no more.
func (c *Client) Watches(ctx context.Context) iter.Seq2[api.Watch, error] {
	return pages[api.Watch](ctx, c, get("/api/user/watches"))
}
