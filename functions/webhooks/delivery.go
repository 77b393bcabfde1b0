package webhooks

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// maxPage keeps an answer small: a delivery may have 4 KiB of what the receiver answered.
const maxPage = 100

// listDeliveries lists what was and is to be sent to a webhook, the newest first.
func listDeliveries[R interface {
	named
	page() Page
}](s *Service, ctx context.Context, caller registry.Caller, req R) (page route.Paged[api.Delivery], err error) {
	want := req.page()
	if err := want.check(); err != nil {
		return page, err
	}
	_, w, err := find(s, ctx, caller, req, "")
	if err != nil {
		return page, err
	}
	list, next, err := s.Catalog.Deliveries(ctx, w, want.After, cmp.Or(want.Limit, maxPage))
	return route.Paged[api.Delivery]{Items: api.Each(list, api.FromDelivery), After: next}, err
}

func (p Page) check() error {
	var wrong registry.Fields
	if p.Limit < 0 || p.Limit > maxPage {
		wrong.Add("limit", "must be between 1 and 100")
	}
	if p.After != "" {
		wrong.Check("after", registry.CheckDeliveryID(p.After))
	}
	return wrong.Err()
}

// readDelivery tells how a delivery went.
func readDelivery[R namedDelivery](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Delivery, error) {
	d, _, err := findDelivery(s, ctx, caller, req)
	return api.FromDelivery(d), err
}

func findDelivery[R namedDelivery](s *Service, ctx context.Context, caller registry.Caller, req R) (registry.Delivery, registry.Webhook, error) {
	all, w, err := find(s, ctx, caller, req, req.delivery())
	if err == nil && all.Delivery == nil {
		err = registry.Missing("delivery")
	}
	if err != nil {
		return registry.Delivery{}, w, err
	}
	return *all.Delivery, w, nil
}

// redeliver has a delivery attempted at once, whatever became of it, and again as often as a new one.
func redeliver[R namedDelivery](s *Service, ctx context.Context, caller registry.Caller, req R) (api.Delivery, error) {
	d, w, err := findDelivery(s, ctx, caller, req)
	if err == nil {
		err = active(w)
	}
	if err != nil {
		return api.Delivery{}, err
	}
	d, err = s.Catalog.Redeliver(ctx, d)
	return api.FromDelivery(d), err
}
