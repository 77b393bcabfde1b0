// Package webhooks is who is told of events: webhooks of the platform and of organizations, and what
// was sent to them.
package webhooks

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Now     func() time.Time
	// Private lets webhooks lead to loopback and private addresses.
	Private bool
}

// Group is this folder.
var Group = core.Group{Name: "webhooks", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Gate: c.Gate, Now: c.Now, Private: c.WebhooksPrivate}
}}

const (
	ours       = "/api/admin/webhooks"
	theirs     = "/api/organization/{organization}/webhooks"
	one        = "/{id}"
	deliveries = one + "/deliveries"
	delivery   = deliveries + "/{delivery}"
)

var rows = []route.Row{
	{Pattern: "POST " + ours, Name: "CreateWebhook", Summary: "Have a URL told of events of the whole platform, as platform admin",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To(create[PlatformInput])},
	{Pattern: "GET " + ours, Name: "ListWebhooks", Summary: "List the platform's webhooks, as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To(list[OnPlatform])},
	{Pattern: "GET " + ours + one, Name: "ReadWebhook", Summary: "Tell about a webhook of the platform, as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To(read[PlatformWebhook])},
	{Pattern: "PUT " + ours + one, Name: "UpdateWebhook", Summary: "Change a webhook of the platform, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To(update[PlatformUpdate])},
	{Pattern: "DELETE " + ours + one, Name: "DeleteWebhook", Summary: "Delete a webhook of the platform, as platform admin",
		Access: route.People, Needs: core.Writes, Handler: route.To(remove[PlatformWebhook])},
	{Pattern: "POST " + ours + one + "/ping", Name: "PingWebhook", Summary: "Send an event to a webhook of the platform to try it, as platform admin",
		Access: route.People, Needs: core.Writes, Status: 202, Handler: route.To(ping[PlatformWebhook])},
	{Pattern: "GET " + ours + deliveries, Name: "ListDeliveries", Summary: "List what was sent to a webhook of the platform, the newest first, as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To(listDeliveries[PlatformDeliveries])},
	{Pattern: "GET " + ours + delivery, Name: "ReadDelivery", Summary: "Tell about a delivery to a webhook of the platform, as platform admin",
		Access: route.People, Needs: core.Reads, Handler: route.To(readDelivery[PlatformDelivery])},
	{Pattern: "POST " + ours + delivery + "/redeliver", Name: "Redeliver", Summary: "Send a delivery of the platform once more, as platform admin",
		Access: route.People, Needs: core.Writes, Status: 202, Handler: route.To(redeliver[PlatformDelivery])},

	{Pattern: "POST " + theirs, Name: "CreateOrganizationWebhook", Summary: "Have a URL told of an organization's events, as admin or owner",
		Access: route.People, Needs: core.Writes, Status: 201, Handler: route.To(create[OrganizationInput])},
	{Pattern: "GET " + theirs, Name: "ListOrganizationWebhooks", Summary: "List an organization's webhooks, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To(list[InOrganization])},
	{Pattern: "GET " + theirs + one, Name: "ReadOrganizationWebhook", Summary: "Tell about a webhook of an organization, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To(read[OrganizationWebhook])},
	{Pattern: "PUT " + theirs + one, Name: "UpdateOrganizationWebhook", Summary: "Change a webhook of an organization, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To(update[OrganizationUpdate])},
	{Pattern: "DELETE " + theirs + one, Name: "DeleteOrganizationWebhook", Summary: "Delete a webhook of an organization, as admin or owner",
		Access: route.People, Needs: core.Writes, Handler: route.To(remove[OrganizationWebhook])},
	{Pattern: "POST " + theirs + one + "/ping", Name: "PingOrganizationWebhook", Summary: "Send an event to a webhook of an organization to try it, as admin or owner",
		Access: route.People, Needs: core.Writes, Status: 202, Handler: route.To(ping[OrganizationWebhook])},
	{Pattern: "GET " + theirs + deliveries, Name: "ListOrganizationDeliveries", Summary: "List what was sent to a webhook of an organization, the newest first, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To(listDeliveries[OrganizationDeliveries])},
	{Pattern: "GET " + theirs + delivery, Name: "ReadOrganizationDelivery", Summary: "Tell about a delivery to a webhook of an organization, as admin or owner",
		Access: route.People, Needs: core.Reads, Handler: route.To(readDelivery[OrganizationDelivery])},
	{Pattern: "POST " + theirs + delivery + "/redeliver", Name: "RedeliverInOrganization", Summary: "Send a delivery of an organization once more, as admin or owner",
		Access: route.People, Needs: core.Writes, Status: 202, Handler: route.To(redeliver[OrganizationDelivery])},
}
