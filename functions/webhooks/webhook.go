package webhooks

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/outbound"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// create makes a webhook. A secret that the registry made is in the answer, and nowhere again.
func create[R described](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Webhook, error) {
	all, err := req.admit(ctx, s, caller, catalog.WantedDelivery{})
	if err != nil {
		return api.Webhook{}, err
	}
	in, now := req.input(), s.Now()
	w := registry.Webhook{ID: registry.NewID(), Secret: registry.NewWebhookSecret(), Active: true, CreatedAt: now, UpdatedAt: now}
	made := w.Secret
	if err := s.apply(&w, in); err != nil {
		return api.Webhook{}, err
	}
	if w, err = s.Catalog.CreateWebhook(ctx, all, w); err != nil {
		return api.Webhook{}, err
	}
	told := api.FromWebhook(w)
	if in.Secret == nil {
		told.Secret = made
	}
	return told, nil
}

// apply gives a webhook what was sent; what is null or left out stays as it is. A new one has
// neither URL nor events yet, and needs both.
func (s *Service) apply(w *registry.Webhook, in api.WebhookInput) error {
	var wrong registry.Fields
	if api.Set(&w.URL, in.URL); in.URL != nil || w.URL == "" {
		wrong.Check("url", outbound.CheckURL(w.URL, s.Private))
	}
	if in.Events != nil || w.Events == nil {
		events, err := registry.ParseEvents(in.Events)
		wrong.Check("events", err)
		w.Events = events
	}
	if api.Set(&w.Secret, in.Secret); in.Secret != nil {
		wrong.Check("secret", registry.CheckWebhookSecret(w.Secret))
	}
	api.Set(&w.Description, in.Description)
	wrong.Check("description", registry.CheckText(w.Description, 1024))
	api.Set(&w.Active, in.Active)
	return wrong.Err()
}

// list lists webhooks, without their secrets.
func list[R place](s *Service, ctx context.Context, caller registry.Caller, req R) ([]api.Webhook, error) {
	all, err := req.admit(ctx, s, caller, catalog.WantedDelivery{})
	if err != nil {
		return nil, err
	}
	return api.Each(all.List, api.FromWebhook), nil
}

// read tells about a webhook, without its secret.
func read[R named](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Webhook, error) {
	_, w, err := find(s, ctx, caller, req, "")
	return api.FromWebhook(w), err
}

// find returns a webhook among all of its kind, with a delivery to it unless its id is empty.
func find[R named](s *Service, ctx context.Context, caller registry.Caller, req R, delivery string) (all catalog.Webhooks, w registry.Webhook, err error) {
	all, err = req.admit(ctx, s, caller, catalog.WantedDelivery{Webhook: req.webhook(), ID: delivery})
	if err != nil {
		return all, w, err
	}
	w, err = all.Find(req.webhook())
	return all, w, err
}

// update changes a webhook. Another secret signs what is sent from then on, what waits for its next
// attempt too.
func update[R interface {
	named
	described
}](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Webhook, error) {
	all, w, err := find(s, ctx, caller, req, "")
	if err != nil {
		return api.Webhook{}, err
	}
	if err := route.IfMatch(ctx, w.Revision); err != nil {
		return api.Webhook{}, err
	}
	if err := s.apply(&w, req.input()); err != nil {
		return api.Webhook{}, err
	}
	w, err = s.Catalog.ChangeWebhook(ctx, all, w)
	return api.FromWebhook(w), err
}

// remove deletes a webhook.
func remove[R named](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Done, error) {
	all, w, err := find(s, ctx, caller, req, "")
	if err != nil {
		return api.Done{}, err
	}
	if err := route.IfMatch(ctx, w.Revision); err != nil {
		return api.Done{}, err
	}
	return api.OK("Webhook deleted."), s.Catalog.DeleteWebhook(ctx, all, w)
}

// ping sends an event that did not happen to a webhook.
func ping[R named](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Delivery, error) {
	_, w, err := find(s, ctx, caller, req, "")
	if err == nil {
		err = active(w)
	}
	if err != nil {
		return api.Delivery{}, err
	}
	d, err := s.Catalog.Ping(ctx, w)
	return api.FromDelivery(d), err
}

// active is an error for a webhook that nothing is sent to.
func active(w registry.Webhook) error {
	if !w.Active {
		return registry.Errorf(registry.Conflict, "the webhook is not active: nothing is sent to it")
	}
	return nil
}
