package catalog

import (
	"context"
	"slices"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// deliveryLife is how long a delivery can be looked at, from when it last changed.
const deliveryLife = 30 * 24 * time.Hour

// dispatchBatch keeps a write below MaxOps, and far below MaxWrite.
const dispatchBatch = 25

// DueAttempt is the work of attempting a delivery.
type DueAttempt struct {
	ID      string      `json:"id"`
	Webhook registry.ID `json:"webhook"`
	Home    string      `json:"home,omitempty"` // that of the delivery
	// NextAt is that of the delivery. When the delivery has another one, the attempt was made, or
	// it was asked for again: other work stands for it.
	NextAt time.Time `json:"nextAt"`
}

// Dispatch makes a delivery of an event for every webhook that is to be told of it, of the
// platform and of the event's organization. Done twice, it makes no second one.
func (c *Catalog) Dispatch(ctx context.Context, e registry.Event) error {
	keys := []itemstore.Key{webhooksKey("")}
	if e.Home != "" {
		keys = append(keys, webhooksKey(e.Home))
	}
	items, err := c.Store.Get(ctx, keys...)
	if err != nil {
		return err
	}
	var list []registry.Delivery
	for _, it := range items {
		all, _, err := read[Webhooks](it)
		if err != nil {
			return err
		}
		for _, w := range all.List {
			if w.Matches(e) {
				list = append(list, registry.NewDelivery(w, e, c.Now()))
			}
		}
	}
	for batch := range slices.Chunk(list, dispatchBatch) {
		if err := c.createDeliveries(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// createDeliveries writes those that are not there already.
func (c *Catalog) createDeliveries(ctx context.Context, list []registry.Delivery) error {
	for len(list) > 0 {
		var ops []itemstore.Op
		for _, d := range list {
			ops = append(ops, c.putDelivery(d, itemstore.Absent()), c.dueAttempt(d))
		}
		err := c.write(ctx, unheard, func(op int) error { return known(op / 2) }, ops...)
		there, ok := err.(known)
		if !ok {
			return err
		}
		list = slices.Delete(slices.Clone(list), int(there), int(there)+1)
	}
	return nil
}

// known says which delivery of a list is there already.
type known int

func (k known) Error() string { return "the delivery is there already" }

func (c *Catalog) putDelivery(d registry.Delivery, cond itemstore.Condition) itemstore.Op {
	it := item(deliveryKey(d.Webhook, d.ID), d)
	it.Expires = c.Now().Add(deliveryLife)
	return itemstore.Put(it, cond)
}

func (c *Catalog) dueAttempt(d registry.Delivery) itemstore.Op {
	return c.due(Due{Kind: DueDelivery, Delivery: &DueAttempt{d.ID, d.Webhook, d.Home, d.NextAt}}, d.NextAt)
}

// Ping makes a delivery of an event that did not happen to one webhook.
func (c *Catalog) Ping(ctx context.Context, w registry.Webhook) (registry.Delivery, error) {
	e := webhookEvent(registry.WebhookPinged, w)
	e.ID, e.At, e.By = registry.NewID(), c.Now(), registry.AuthorOf(ctx)
	d := registry.NewDelivery(w, e, c.Now())
	return d, c.createDeliveries(ctx, []registry.Delivery{d})
}

// Deliveries lists what was and is to be sent to a webhook, the newest first, at most limit of them
// before the delivery `after`. next is the `after` of the following page, empty on the last one.
func (c *Catalog) Deliveries(ctx context.Context, w registry.Webhook, after string, limit int) (list []registry.Delivery, next string, err error) {
	page, err := c.Store.Query(ctx, itemstore.Query{
		Partition: deliveryKey(w.ID, "").Partition, After: after, Limit: limit, Reverse: true,
	})
	if err != nil {
		return nil, "", err
	}
	list, err = readAll[registry.Delivery](page.Items)
	return list, page.Next, err
}

// Redeliver has a delivery attempted at once, and again for as long as a new one. Conflict when it
// has changed since it was read.
func (c *Catalog) Redeliver(ctx context.Context, d registry.Delivery) (registry.Delivery, error) {
	d = d.Again(c.Now())
	return d, c.write(ctx, unheard, changed("the delivery"), c.putDelivery(d, itemstore.Rev(d.Rev)), c.dueAttempt(d))
}

// Attempt reads the delivery that work is about, and its webhook; nil when that was deleted. Not ok
// when there is nothing to do any more.
func (c *Catalog) Attempt(ctx context.Context, due DueAttempt) (d registry.Delivery, w *registry.Webhook, ok bool, err error) {
	items, err := c.Store.Get(ctx, webhooksKey(due.Home), deliveryKey(due.Webhook, due.ID))
	if err != nil {
		return d, nil, false, err
	}
	d, there, err := read[registry.Delivery](items[1])
	if err != nil || !there || d.State != registry.DeliveryPending || !d.NextAt.Equal(due.NextAt) {
		return d, nil, false, err
	}
	all, _, err := read[Webhooks](items[0])
	if found, err := all.Find(due.Webhook); err == nil {
		w = &found
	}
	return d, w, err == nil, err
}

// Attempted writes a delivery back after an attempt, with the work for the next one if there is to
// be one. Conflict when it has changed since it was read.
func (c *Catalog) Attempted(ctx context.Context, d registry.Delivery) error {
	ops := []itemstore.Op{
		c.putDelivery(d, itemstore.Rev(d.Rev)),
		count(attemptTotals[d.State], 1),
	}
	if d.State == registry.DeliveryPending {
		ops = append(ops, c.dueAttempt(d))
	}
	return c.write(ctx, unheard, changed("the delivery"), ops...)
}

// attemptTotals are what attempts are counted as, by what became of the delivery.
var attemptTotals = map[registry.DeliveryState]total{
	registry.DeliveryDone:    totalDelivered,
	registry.DeliveryPending: totalDeliveriesFailed,
	registry.DeliveryParked:  totalDeliveriesParked,
}
