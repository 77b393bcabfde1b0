package client

import (
	"context"
	"fmt"
	"iter"

	"github.com/boxvault/boxvault/shared/api"
)

// In all of these an empty organization stands for the platform, whose webhooks are managed by
// platform admins.

// CreateWebhook has a URL told of events. The secret is in the result when the registry made it, and
// nowhere again.
func (c *Client) CreateWebhook(ctx context.Context, organization string, in api.WebhookInput) (api.Webhook, error) {
	return do[api.Webhook](ctx, c, post(webhooksPath(organization), in))
}

// Webhooks lists the webhooks.
func (c *Client) Webhooks(ctx context.Context, organization string) ([]api.Webhook, error) {
	return do[[]api.Webhook](ctx, c, get(webhooksPath(organization)))
}

// Webhook tells about a webhook.
func (c *Client) Webhook(ctx context.Context, organization string, id int64) (api.Webhook, error) {
	return do[api.Webhook](ctx, c, get(webhookPath(organization, id)))
}

// UpdateWebhook changes what is set in the input.
func (c *Client) UpdateWebhook(ctx context.Context, organization string, id int64, in api.WebhookInput) (api.Webhook, error) {
	return do[api.Webhook](ctx, c, put(webhookPath(organization, id), in))
}

// DeleteWebhook deletes a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, organization string, id int64) error {
	return c.run(ctx, remove(webhookPath(organization, id)))
}

// PingWebhook sends an event to a webhook to try it.
func (c *Client) PingWebhook(ctx context.Context, organization string, id int64) (api.Delivery, error) {
	return do[api.Delivery](ctx, c, post(webhookPath(organization, id)+"/ping", nil))
}

// Deliveries goes through what was and is to be sent to a webhook, the newest first. After an error
// there are no more.
func (c *Client) Deliveries(ctx context.Context, organization string, webhook int64) iter.Seq2[api.Delivery, error] {
	return pages[api.Delivery](ctx, c, get(webhookPath(organization, webhook)+"/deliveries"))
}

// Delivery tells how a delivery went.
func (c *Client) Delivery(ctx context.Context, organization string, webhook int64, id string) (api.Delivery, error) {
	return do[api.Delivery](ctx, c, get(deliveryPath(organization, webhook, id)))
}

// Redeliver has a delivery sent once more.
func (c *Client) Redeliver(ctx context.Context, organization string, webhook int64, id string) (api.Delivery, error) {
	return do[api.Delivery](ctx, c, post(deliveryPath(organization, webhook, id)+"/redeliver", nil))
}

func webhooksPath(organization string) string {
	if organization == "" {
		return "/api/admin/webhooks"
	}
	return organizationPath(organization) + "/webhooks"
}

func webhookPath(organization string, id int64) string {
	return webhooksPath(organization) + route(fmt.Sprint(id))
}

func deliveryPath(organization string, webhook int64, id string) string {
	return webhookPath(organization, webhook) + route("deliveries", id)
}
