package catalog_test

import (
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

var thePlatform registry.Organization

func (e *env) webhooks(o registry.Organization) (all catalog.Webhooks) {
	e.Helper()
	var err error
	if o.ID == 0 {
		all, err = e.PlatformWebhooks(e.Context(), catalog.WantedDelivery{})
	} else {
		all, _, err = e.WebhookAccess(e.Context(), 0, o.Name, catalog.WantedDelivery{})
	}
	e.must(err)
	return all
}

func (e *env) webhook(o registry.Organization, events ...registry.EventType) registry.Webhook {
	e.Helper()
	w, err := e.CreateWebhook(e.Context(), e.webhooks(o), registry.Webhook{ID: registry.NewID(), URL: "https://example.com/", Events: events, Active: true})
	e.must(err)
	return w
}

// deliveries is what the webhook is to be sent, the newest first.
func (e *env) deliveries(w registry.Webhook) []registry.Delivery {
	e.Helper()
	list, _, err := e.Deliveries(e.Context(), w, "", 100)
	e.must(err)
	return list
}

func TestAnEventIsDispatchedToThoseWhoAskedForItOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		o := e.organization("acme", e.account("ada"))
		other := e.organization("other", e.account("bob"))
		hears := []registry.Webhook{
			e.webhook(thePlatform, registry.AllEvents), e.webhook(thePlatform, "box.created"), e.webhook(o, "box.created", "box.deleted"),
		}
		deaf := []registry.Webhook{e.webhook(thePlatform, "box.deleted"), e.webhook(o, "user.created"), e.webhook(other, registry.AllEvents)}
		event := registry.Event{ID: 7, Type: "box.created", At: e.now, OrganizationID: o.ID, Organization: "acme", Home: o.Home, Data: map[string]any{"box": "debian"}}
		e.due()
		for range 2 {
			e.must(e.Dispatch(e.Context(), event))
		}
		hears = append(hears, e.webhook(o, registry.AllEvents))
		e.must(e.Dispatch(e.Context(), event)) // again, with one more
		due := e.due()
		if len(due) != len(hears) {
			e.Errorf("%d attempts are due for %d webhooks", len(due), len(hears))
		}
		for _, w := range hears {
			list := e.deliveries(w)
			if len(list) != 1 || list[0].Event.ID != 7 || list[0].State != registry.DeliveryPending || list[0].Home != w.Home {
				e.Errorf("%v is told %+v", w.Events, list)
			}
			of := func(d catalog.Due) bool { return d.Kind == catalog.DueDelivery && d.Delivery.Webhook == w.ID }
			if !slices.ContainsFunc(due, of) {
				e.Errorf("no attempt is due for %v", w.Events)
			}
		}
		for _, w := range deaf {
			if list := e.deliveries(w); len(list) != 0 {
				e.Errorf("%v is told %+v", w.Events, list)
			}
		}
	})
}

// An attempt is due once, until the one before it is written down.
func TestAttemptsFollowEachOther(t *testing.T) {
	onEachStore(t, func(e *env) {
		w := e.webhook(thePlatform, registry.AllEvents)
		e.due()
		_, err := e.Ping(e.Context(), w)
		e.must(err)
		first := e.due()[0].Delivery
		d, to, ok, err := e.Attempt(e.Context(), *first)
		if err != nil || !ok || to == nil || to.ID != w.ID || d.Event.Type != registry.WebhookPinged {
			e.Fatalf("%+v to %+v, %v, %v", d, to, ok, err)
		}
		failed := d.Attempted(registry.Attempt{At: e.now, Status: 500}, 0)
		e.must(e.Attempted(e.Context(), failed))
		e.wantKind(e.Attempted(e.Context(), failed), registry.Conflict)
		if _, _, ok, err := e.Attempt(e.Context(), *first); ok || err != nil {
			e.Errorf("the same attempt is to be made again: %v", err)
		}
		if due := e.due(); len(due) != 0 {
			e.Errorf("before its time is due %+v", due)
		}
		e.now = e.now.Add(10 * time.Second)
		second := e.due()[0].Delivery
		d, _, ok, err = e.Attempt(e.Context(), *second)
		if err != nil || !ok || d.Attempts != 1 {
			e.Fatalf("then %+v, %v, %v", d, ok, err)
		}
		asked, err := e.Redeliver(e.Context(), d)
		e.must(err)
		if _, _, ok, _ := e.Attempt(e.Context(), *second); ok || asked.Attempts != 0 {
			e.Errorf("asked for, it is still to be attempted as before")
		}
		e.must(e.DeleteWebhook(e.Context(), e.webhooks(thePlatform), *to))
		if _, to, ok, err := e.Attempt(e.Context(), *e.due()[0].Delivery); !ok || to != nil || err != nil {
			e.Errorf("to a deleted webhook: %+v, %v, %v", to, ok, err)
		}
	})
}

// The webhooks of a later organization are at the same home: they hear nothing of the earlier one, whose
// own are not sent to any more.
func TestWebhooksEndWithTheirOrganization(t *testing.T) {
	onEachStore(t, func(e *env) {
		before := e.organization("acme", e.account("ada"))
		old := e.webhook(before, registry.AllEvents)
		_, err := e.Ping(e.Context(), old)
		e.must(err)
		stale := e.webhooks(before)
		e.must(e.DeleteOrganization(e.Context(), before))
		var attempts []catalog.DueAttempt
		for _, d := range e.due() {
			switch d.Kind {
			case catalog.DueOrganization:
				e.must(e.ClearOrganization(e.Context(), d))
			case catalog.DueDelivery:
				attempts = append(attempts, *d.Delivery)
			}
		}
		o := e.organization("acme", e.account("bob"))
		if list := e.webhooks(o).List; len(list) != 0 {
			e.Errorf("the new organization has the webhooks %+v", list)
		}
		fresh := e.webhook(o, registry.AllEvents)
		_, err = e.CreateWebhook(e.Context(), stale, registry.Webhook{ID: 1})
		e.wantKind(err, registry.Conflict)
		_, err = e.ChangeWebhook(e.Context(), stale, old)
		e.wantKind(err, registry.Conflict)
		e.must(e.Dispatch(e.Context(), registry.Event{ID: 7, Type: "box.created", At: e.now, OrganizationID: before.ID, Home: before.Home}))
		if list := e.deliveries(fresh); len(list) != 0 {
			e.Errorf("the new webhook is told %+v", list)
		}
		if len(attempts) != 1 {
			e.Fatalf("due are %+v", attempts)
		}
		if _, to, ok, err := e.Attempt(e.Context(), attempts[0]); !ok || to != nil || err != nil {
			e.Errorf("to the old webhook: %+v, %v, %v", to, ok, err)
		}
	})
}

// Of two changes to the webhooks of an organization that read the same, one is refused; of a new one
// for an organization that has changed, too.
func TestWebhooksThatClash(t *testing.T) {
	e := onFile(t)
	o := e.organization("acme", e.account("ada"))
	w := e.webhook(o, registry.AllEvents)
	before := e.webhooks(o)
	e.webhook(o, registry.AllEvents)
	w.Description = "mine"
	_, err := e.ChangeWebhook(e.Context(), before, w)
	e.wantKind(err, registry.Conflict)
	if !registry.Retryable(err) {
		e.Errorf("%v", err)
	}
	before = e.webhooks(o)
	e.must(e.SaveOrganization(e.Context(), before.Organization, registry.OrganizationUpdated))
	_, err = e.CreateWebhook(e.Context(), before, registry.Webhook{ID: 1, Events: []registry.EventType{registry.AllEvents}})
	e.wantKind(err, registry.Conflict)
	list := e.webhooks(o).List
	if len(list) != 2 || list[0].Description+list[1].Description != "" {
		e.Errorf("%+v", list)
	}
}
