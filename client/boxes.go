package client

import (
	"context"
	"iter"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Boxes goes through the boxes of an organization that the caller may see, fetching page by page.
// After an error there are no more.
func (c *Client) Boxes(ctx context.Context, organization string) iter.Seq2[api.Box, error] {
	return pages[api.Box](ctx, c, get(organizationPath(organization)+"/box"))
}

// CreateBox makes a box. Conflict when there is one of that name.
func (c *Client) CreateBox(ctx context.Context, organization string, in api.BoxInput) (api.Box, error) {
	return do[api.Box](ctx, c, post(organizationPath(organization)+"/box", in))
}

// Box tells about a box with all its versions.
func (c *Client) Box(ctx context.Context, organization, box string) (api.Box, error) {
	return do[api.Box](ctx, c, get(boxPath(organization, box)))
}

// UpdateBox changes what is set in the input.
func (c *Client) UpdateBox(ctx context.Context, organization, box string, in api.BoxInput) (api.Box, error) {
	return do[api.Box](ctx, c, put(boxPath(organization, box), in))
}

// DeleteBox deletes a box with all its versions and files.
func (c *Client) DeleteBox(ctx context.Context, organization, box string) error {
	return c.run(ctx, remove(boxPath(organization, box)))
}

// EnsureBox makes a box unless it is there already, whatever it is like, and reports whether it
// made it.
func (c *Client) EnsureBox(ctx context.Context, organization string, in api.BoxInput) (made bool, err error) {
	if _, err := c.Box(ctx, organization, *in.Name); registry.KindOf(err) != registry.NotFound {
		return false, err
	}
	_, err = c.CreateBox(ctx, organization, in)
	if registry.KindOf(err) == registry.Conflict { // somebody else was as fast
		return false, nil
	}
	return err == nil, err
}

// Metadata is the box's catalogue of released versions, as Vagrant reads it.
func (c *Client) Metadata(ctx context.Context, organization, box string) (api.Metadata, error) {
	return do[api.Metadata](ctx, c, get(boxPath(organization, box)+"/metadata"))
}

func boxPath(organization, box string) string {
	return organizationPath(organization) + route("box", box)
}
