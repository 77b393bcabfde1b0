package client

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateVersion makes a version. Conflict when there is one of that number.
func (c *Client) CreateVersion(ctx context.Context, organization, box string, in api.NewVersion) (api.Version, error) {
	return do[api.Version](ctx, c, post(boxPath(organization, box)+"/version", in))
}

// Version tells about a version with its providers, architectures and files.
func (c *Client) Version(ctx context.Context, organization, box, version string) (api.Version, error) {
	return do[api.Version](ctx, c, get(versionPath(organization, box, version)))
}

// UpdateVersion changes what is set in the input.
func (c *Client) UpdateVersion(ctx context.Context, organization, box, version string, in api.VersionInput) (api.Version, error) {
	return do[api.Version](ctx, c, put(versionPath(organization, box, version), in))
}

// ReleaseVersion lists a version to everyone who may see its box. Conflict when it has no file; no
// error when it is released already.
func (c *Client) ReleaseVersion(ctx context.Context, organization, box, version string) (api.Version, error) {
	return do[api.Version](ctx, c, put(versionPath(organization, box, version)+"/release", nil))
}

// RevokeVersion takes a released version back; members still see it. Conflict when it was never
// released; no error when it is revoked already.
func (c *Client) RevokeVersion(ctx context.Context, organization, box, version string) (api.Version, error) {
	return do[api.Version](ctx, c, put(versionPath(organization, box, version)+"/revoke", nil))
}

// DeleteVersion deletes a version with its files.
func (c *Client) DeleteVersion(ctx context.Context, organization, box, version string) error {
	return c.run(ctx, remove(versionPath(organization, box, version)))
}

// CreateProvider adds a provider to a version. Conflict when there is one of that name.
func (c *Client) CreateProvider(ctx context.Context, organization, box, version string, in api.ProviderInput) (api.Provider, error) {
	return do[api.Provider](ctx, c, post(versionPath(organization, box, version)+"/provider", in))
}

// DeleteProvider takes a provider out of a version, with its files. Of the target, version and
// provider count.
func (c *Client) DeleteProvider(ctx context.Context, t registry.Target) error {
	return c.run(ctx, remove(providerPath(t)))
}

// CreateArchitecture adds an architecture to the target's provider; the first one is its default.
// Conflict when there is one of that name.
func (c *Client) CreateArchitecture(ctx context.Context, t registry.Target, in api.ArchitectureInput) (api.Architecture, error) {
	return do[api.Architecture](ctx, c, post(providerPath(t)+"/architecture", in))
}

// UpdateArchitecture changes what is set in the input; DefaultBox makes it the one that Vagrant
// takes when none fits the host.
func (c *Client) UpdateArchitecture(ctx context.Context, t registry.Target, in api.ArchitectureInput) (api.Architecture, error) {
	return do[api.Architecture](ctx, c, put(architecturePath(t), in))
}

// DeleteArchitecture takes the target's architecture out of its provider, with its file.
func (c *Client) DeleteArchitecture(ctx context.Context, t registry.Target) error {
	return c.run(ctx, remove(architecturePath(t)))
}

func versionPath(organization, box, version string) string {
	return boxPath(organization, box) + route("version", version)
}

func providerPath(t registry.Target) string {
	return versionPath(t.Organization, t.Box, string(t.Version)) + route("provider", t.Provider)
}

func architecturePath(t registry.Target) string {
	return providerPath(t) + route("architecture", t.Architecture)
}
