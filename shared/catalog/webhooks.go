package catalog

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// MaxWebhooks is how many webhooks an organization has at the most, and the platform.
const MaxWebhooks = 50

// webhooks are all of an organization in one record, so that an event finds them by one Get, and
// each write knows how many there are.
type webhooks struct {
	List []registry.Webhook `json:"list"`

	registry.Revision
}

// Webhooks lists the webhooks of an organization, the oldest first. The zero organization stands
// for the platform, here and below.
func (c *Catalog) Webhooks(ctx context.Context, o registry.Organization) ([]registry.Webhook, error) {
	w, err := c.webhooks(ctx, o)
	return w.List, err
}

func (c *Catalog) webhooks(ctx context.Context, o registry.Organization) (w webhooks, err error) {
	items, err := c.Store.Get(ctx, webhooksKey(o.ID))
	if err != nil {
		return w, err
	}
	w, _, err = read[webhooks](items[0])
	for i := range w.List {
		w.List[i].Organization, w.List[i].Rev = o.Name, w.Rev
	}
	return w, err
}

// Webhook reads one webhook of an organization.
func (c *Catalog) Webhook(ctx context.Context, o registry.Organization, id registry.ID) (registry.Webhook, error) {
	w, err := c.webhooks(ctx, o)
	if err != nil {
		return registry.Webhook{}, err
	}
	return w.find(id)
}

func (w webhooks) find(id registry.ID) (registry.Webhook, error) {
	for _, one := range w.List {
		if one.ID == id {
			return one, nil
		}
	}
	return registry.Webhook{}, registry.Missing("webhook")
}

// CreateWebhook writes a new webhook of an organization. Conflict when it has MaxWebhooks already,
// or has changed since it was read.
func (c *Catalog) CreateWebhook(ctx context.Context, o registry.Organization, w registry.Webhook) (registry.Webhook, error) {
	all, err := c.webhooks(ctx, o)
	if err != nil {
		return w, err
	}
	if len(all.List) >= MaxWebhooks {
		return w, registry.Errorf(registry.Conflict, "there are %d webhooks already: delete one first", MaxWebhooks)
	}
	w.OrganizationID, w.Home, w.Organization = o.ID, o.Home, o.Name
	all.List = append(all.List, w)
	var ops []itemstore.Op
	if o.ID != 0 {
		ops = append(ops, itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev)))
	}
	return w, c.saveWebhooks(ctx, o, all, webhookEvent(registry.WebhookCreated, w), ops...)
}

// ChangeWebhook has a webhook changed and writes it back. Conflict when another change came between.
func (c *Catalog) ChangeWebhook(ctx context.Context, o registry.Organization, id registry.ID, change func(*registry.Webhook) error) (w registry.Webhook, err error) {
	all, err := c.webhooks(ctx, o)
	if err != nil {
		return w, err
	}
	if w, err = all.find(id); err != nil {
		return w, err
	}
	if err := change(&w); err != nil {
		return w, err
	}
	w.UpdatedAt = c.Now()
	all.List[slices.IndexFunc(all.List, same(id))] = w
	return w, c.saveWebhooks(ctx, o, all, webhookEvent(registry.WebhookUpdated, w))
}

// DeleteWebhook removes a webhook, if it may be; what was on its way to it is not sent any more.
func (c *Catalog) DeleteWebhook(ctx context.Context, o registry.Organization, id registry.ID, may func(registry.Webhook) error) error {
	all, err := c.webhooks(ctx, o)
	if err != nil {
		return err
	}
	w, err := all.find(id)
	if err != nil {
		return err
	}
	if err := may(w); err != nil {
		return err
	}
	all.List = slices.DeleteFunc(all.List, same(id))
	return c.saveWebhooks(ctx, o, all, webhookEvent(registry.WebhookDeleted, w))
}

func same(id registry.ID) func(registry.Webhook) bool {
	return func(w registry.Webhook) bool { return w.ID == id }
}

func (c *Catalog) saveWebhooks(ctx context.Context, o registry.Organization, all webhooks, e registry.Event, more ...itemstore.Op) error {
	return c.write(ctx, events{e}, changed("the list of webhooks"), append(more, replace(webhooksKey(o.ID), all, all.Rev))...)
}

// webhookEvent tells neither the URL, which may hold a token, nor the secret.
func webhookEvent(what registry.EventType, w registry.Webhook) registry.Event {
	e := registry.Event{Type: what, Data: map[string]any{}}
	if w.OrganizationID != 0 {
		e = organizationEvent(what, registry.Organization{ID: w.OrganizationID, Name: w.Organization})
	}
	return with(e, map[string]any{"webhookId": w.ID, "events": w.Events, "active": w.Active})
}
