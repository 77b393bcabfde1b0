package catalog

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// MaxWebhooks is how many webhooks an organization has at the most, and the platform.
const MaxWebhooks = 50

// Webhooks are all of an organization, the oldest first, in one record, so that an event finds them by
// one Get, and each write knows how many there are.
type Webhooks struct {
	List []registry.Webhook `json:"list"`

	// Organization is whose they are; the zero one stands for the platform.
	Organization registry.Organization `json:"-"`
	Delivery     *registry.Delivery    `json:"-"` // when one was wanted and is there

	registry.Revision
}

// WantedDelivery is a delivery that is read together with webhooks; the zero value is none.
type WantedDelivery struct {
	Webhook registry.ID
	ID      string
}

func (d WantedDelivery) keys() []itemstore.Key {
	if registry.CheckDeliveryID(d.ID) != nil {
		return nil
	}
	return []itemstore.Key{deliveryKey(d.Webhook, d.ID)}
}

// PlatformWebhooks reads the webhooks of the platform.
func (c *Catalog) PlatformWebhooks(ctx context.Context, want WantedDelivery) (Webhooks, error) {
	items, err := c.Store.Get(ctx, append([]itemstore.Key{webhooksKey("")}, want.keys()...)...)
	if err != nil {
		return Webhooks{}, err
	}
	return webhooksOf(registry.Organization{}, items)
}

// WebhookAccess is OrganizationAccess with the organization's webhooks.
func (c *Catalog) WebhookAccess(ctx context.Context, account registry.ID, name string, want WantedDelivery) (w Webhooks, role registry.Role, err error) {
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return append([]itemstore.Key{memberKey(home, account), webhooksKey(home)}, want.keys()...)
	})
	if err != nil {
		return w, role, err
	}
	m, err := memberOf(o, items[0])
	if err != nil {
		return w, role, err
	}
	w, err = webhooksOf(o, items[1:])
	return w, m.Role, err
}

// webhooksOf decodes webhooks and the delivery that was wanted with them. Those that were left over
// from an earlier organization are none.
func webhooksOf(o registry.Organization, items []itemstore.Item) (Webhooks, error) {
	w, _, err := read[Webhooks](items[0])
	if err != nil {
		return w, err
	}
	w.Organization = o
	w.List = slices.DeleteFunc(w.List, func(one registry.Webhook) bool { return one.OrganizationID != o.ID })
	for i := range w.List {
		w.List[i].Organization, w.List[i].Rev = o.Name, w.Rev
	}
	if len(items) > 1 {
		d, ok, err := read[registry.Delivery](items[1])
		if err != nil {
			return w, err
		}
		if ok {
			w.Delivery = &d
		}
	}
	return w, nil
}

// Find returns one of the webhooks; NotFound when there is none of that id.
func (w Webhooks) Find(id registry.ID) (registry.Webhook, error) {
	for _, one := range w.List {
		if one.ID == id {
			return one, nil
		}
	}
	return registry.Webhook{}, registry.Missing("webhook")
}

// CreateWebhook writes a new webhook beside those of an organization. Conflict when it has MaxWebhooks
// already, or has changed since they were read.
func (c *Catalog) CreateWebhook(ctx context.Context, all Webhooks, w registry.Webhook) (registry.Webhook, error) {
	if len(all.List) >= MaxWebhooks {
		return w, registry.Errorf(registry.Conflict, "there are %d webhooks already: delete one first", MaxWebhooks)
	}
	o := all.Organization
	w.OrganizationID, w.Home, w.Organization = o.ID, o.Home, o.Name
	all.List = append(all.List, w)
	var ops []itemstore.Op
	if o.ID != 0 {
		ops = append(ops, itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev)))
	}
	return w, c.saveWebhooks(ctx, all, webhookEvent(registry.WebhookCreated, w), ops...)
}

// ChangeWebhook writes one of the webhooks back. Conflict when another change came between.
func (c *Catalog) ChangeWebhook(ctx context.Context, all Webhooks, w registry.Webhook) (registry.Webhook, error) {
	w.UpdatedAt = c.Now()
	all.List = slices.Clone(all.List)
	all.List[slices.IndexFunc(all.List, same(w.ID))] = w
	return w, c.saveWebhooks(ctx, all, webhookEvent(registry.WebhookUpdated, w))
}

// DeleteWebhook removes one of the webhooks; what was on its way to it is not sent any more.
func (c *Catalog) DeleteWebhook(ctx context.Context, all Webhooks, w registry.Webhook) error {
	all.List = slices.DeleteFunc(slices.Clone(all.List), same(w.ID))
	return c.saveWebhooks(ctx, all, webhookEvent(registry.WebhookDeleted, w))
}

func same(id registry.ID) func(registry.Webhook) bool {
	return func(w registry.Webhook) bool { return w.ID == id }
}

func (c *Catalog) saveWebhooks(ctx context.Context, all Webhooks, e registry.Event, more ...itemstore.Op) error {
	return c.write(ctx, events{e}, changed("the list of webhooks"), append(more, replace(webhooksKey(all.Organization.Home), all, all.Rev))...)
}

// webhookEvent tells neither the URL, which may hold a token, nor the secret.
func webhookEvent(what registry.EventType, w registry.Webhook) registry.Event {
	e := registry.Event{Type: what, Data: map[string]any{}}
	if w.OrganizationID != 0 {
		e = organizationEvent(what, registry.Organization{ID: w.OrganizationID, Name: w.Organization, Home: w.Home})
	}
	return with(e, map[string]any{"webhookId": w.ID, "events": w.Events, "active": w.Active})
}
