package core

import (
	"context"
	"errors"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/janitor"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/webhook"
)

// Janitor does what requests leave behind, with all that follows from events.
func (c Core) Janitor() *janitor.Janitor {
	j := janitor.New(c.Catalog, c.Blobs, c.Uploads)
	j.Work[catalog.DueEvent] = c.tell
	sender := webhook.NewSender(webhook.Options{AllowPrivate: c.WebhooksPrivate, Now: c.Now})
	j.Work[catalog.DueDelivery] = webhook.Courier{Catalog: c.Catalog, Sender: sender, Log: c.Log}.Deliver
	j.Work[catalog.DueRecount] = c.recount
	j.Work[catalog.DueFetch] = drop // of mirrors that were switched off
	if c.Mirrors != nil {
		j.Work[catalog.DueFetch] = c.Mirrors.Fetch
	}
	j.Work[catalog.DueLetter] = c.Mail.Letters
	if c.Mail.Letters == nil {
		j.Work[catalog.DueLetter] = drop
	}
	return j
}

// drop is what becomes of letters where there is no mail, and of what nobody fetches any more.
func drop(context.Context, catalog.Due) error { return nil }

// recount adds up the downloads of a box, and has it found by them.
func (c Core) recount(ctx context.Context, d catalog.Due) error {
	b, err := c.Catalog.Recount(ctx, d)
	if registry.KindOf(err) == registry.NotFound { // it was deleted meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	return c.Catalog.Reindex(ctx, b.Ref())
}

// listeners are told of every event, each of them at least once.
func (c Core) listeners() []func(context.Context, registry.Event) error {
	return []func(context.Context, registry.Event) error{
		c.Catalog.Dispatch, c.Catalog.ReindexAfter, c.joining,
	}
}

// tell hands an event to everyone who is to know of it. One that fails keeps no other from hearing
// of it; all hear of it again then.
func (c Core) tell(ctx context.Context, d catalog.Due) error {
	var failed []error
	for _, listen := range c.listeners() {
		failed = append(failed, listen(ctx, *d.Event))
	}
	return errors.Join(failed...)
}
