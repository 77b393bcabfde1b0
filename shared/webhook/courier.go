package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Courier attempts the deliveries that are due.
type Courier struct {
	Catalog *catalog.Catalog
	Sender  *Sender
	// Log gets a line for each attempt that fails; nil logs nothing.
	Log *slog.Logger
}

// Deliver makes the attempt that is due, and has the next one made if there is to be one. Whoever
// sends and goes away before that is written leaves the work as it was: the receiver then gets the
// delivery once more.
func (c Courier) Deliver(ctx context.Context, due catalog.Due) error {
	d, w, ok, err := c.Catalog.Attempt(ctx, *due.Delivery)
	if err != nil || !ok {
		return err
	}
	switch {
	case w == nil:
		d = d.Parked("the webhook was deleted", c.Catalog.Now())
	case !w.Active:
		d = d.Parked("the webhook is not active", c.Catalog.Now())
	default:
		a, err := c.Sender.Send(ctx, *w, d)
		if err != nil {
			return err
		}
		d = d.Attempted(a, rand.Float64())
	}
	c.log(ctx, d)
	err = c.Catalog.Attempted(ctx, d)
	if registry.KindOf(err) == registry.Conflict {
		return nil // it was asked for again meanwhile, or another janitor was as fast
	}
	return err
}

// log tells of a failure, without the URL: it may hold a token.
func (c Courier) log(ctx context.Context, d registry.Delivery) {
	if c.Log == nil || d.State == registry.DeliveryDone {
		return
	}
	c.Log.LogAttrs(ctx, slog.LevelWarn, "delivery",
		slog.String("delivery", d.ID), slog.String("webhook", d.Webhook.String()), slog.String("event", string(d.Event.Type)),
		slog.String("state", string(d.State)), slog.Int("attempts", d.Attempts),
		slog.Int("status", d.Last.Status), slog.String("error", d.Last.Failure))
}
