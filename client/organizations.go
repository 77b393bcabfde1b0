package client

import (
	"context"
	"fmt"

	"github.com/boxvault/boxvault/shared/api"
)

// UserOrganizations lists the organizations that the caller is in.
func (c *Client) UserOrganizations(ctx context.Context) ([]api.UserOrganization, error) {
	return do[[]api.UserOrganization](ctx, c, get("/api/user/organizations"))
}

// CreateOrganization makes an organization; the caller owns it.
func (c *Client) CreateOrganization(ctx context.Context, in api.OrganizationInput) (api.Organization, error) {
	return do[api.Organization](ctx, c, post("/api/organization", in))
}

// Organization tells about an organization.
func (c *Client) Organization(ctx context.Context, name string) (api.Organization, error) {
	return do[api.Organization](ctx, c, get(organizationPath(name)))
}

// UpdateOrganization changes what is set in the input.
func (c *Client) UpdateOrganization(ctx context.Context, name string, in api.OrganizationInput) (api.Organization, error) {
	return do[api.Organization](ctx, c, put(organizationPath(name), in))
}

// DeleteOrganization deletes an organization with all its boxes.
func (c *Client) DeleteOrganization(ctx context.Context, name string) error {
	return c.run(ctx, remove(organizationPath(name)))
}

// Members lists the members of an organization.
func (c *Client) Members(ctx context.Context, organization string) ([]api.Member, error) {
	return do[[]api.Member](ctx, c, get(organizationPath(organization)+"/users"))
}

// AddMember makes an account a member of an organization. Conflict when it is one.
func (c *Client) AddMember(ctx context.Context, organization string, in api.MemberInput) (api.Member, error) {
	return do[api.Member](ctx, c, post(organizationPath(organization)+"/members", in))
}

// SetRole gives a member, named by the account's id, another role.
func (c *Client) SetRole(ctx context.Context, organization string, id int64, role string) (api.Member, error) {
	path := organizationPath(organization) + route("users", fmt.Sprint(id), "role")
	return do[api.Member](ctx, c, put(path, api.MemberInput{Role: role}))
}

// RemoveMember ends the membership of an account, named by its id.
func (c *Client) RemoveMember(ctx context.Context, organization string, id int64) error {
	return c.run(ctx, remove(organizationPath(organization)+route("members", fmt.Sprint(id))))
}

// Invite invites somebody by e-mail to an organization. Who has the token in the result can join.
func (c *Client) Invite(ctx context.Context, in api.InviteInput) (api.Invited, error) {
	return do[api.Invited](ctx, c, post("/api/auth/invite", in))
}

// Invitations lists who is invited to an organization and has not joined yet.
func (c *Client) Invitations(ctx context.Context, organization string) ([]api.Invitation, error) {
	return do[[]api.Invitation](ctx, c, get(route("api", "invitations", "active", organization)))
}

// WithdrawInvitation takes an invitation back.
func (c *Client) WithdrawInvitation(ctx context.Context, id int64) error {
	return c.run(ctx, remove(route("api", "invitations", fmt.Sprint(id))))
}

// OpenInvitation tells what the token of an invitation is good for. NotFound when it is not.
func (c *Client) OpenInvitation(ctx context.Context, token string) (api.OpenInvitation, error) {
	return do[api.OpenInvitation](ctx, c, get(route("api", "auth", "validate-invitation", token)))
}

// AcceptInvitation joins an organization, with an account of the address that was invited.
func (c *Client) AcceptInvitation(ctx context.Context, token string) (api.Joined, error) {
	return do[api.Joined](ctx, c, post(route("api", "auth", "invitations", token, "accept"), nil))
}

func organizationPath(name string) string { return route("api", "organization", name) }
