package catalog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

var thePlatform registry.Organization

func (e *env) webhook(o registry.Organization, events ...registry.EventType) registry.Webhook {
	e.Helper()
	w, err := e.CreateWebhook(e.Context(), o, registry.Webhook{ID: registry.NewID(), URL: "https://example.com/", Events: events, Active: true})
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
		event := registry.Event{ID: 7, Type: "box.created", At: e.now, OrganizationID: o.ID, Organization: "acme", Data: map[string]any{"box": "debian"}}
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
			if len(list) != 1 || list[0].Event.ID != 7 || list[0].State != registry.DeliveryPending || list[0].WebhookOf != w.OrganizationID {
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
		e.must(e.DeleteWebhook(e.Context(), thePlatform, w.ID, func(registry.Webhook) error { return nil }))
		if _, to, ok, err := e.Attempt(e.Context(), *e.due()[0].Delivery); !ok || to != nil || err != nil {
			e.Errorf("to a deleted webhook: %+v, %v, %v", to, ok, err)
		}
	})
}

// Of two changes to the webhooks of an organization that read the same, one is refused; of a new one
// for an organization that has changed, too.
func TestWebhooksThatClash(t *testing.T) {
	e := onFile(t)
	o := e.organization("acme", e.account("ada"))
	w := e.webhook(o, registry.AllEvents)
	_, err := e.ChangeWebhook(e.Context(), o, w.ID, func(mine *registry.Webhook) error {
		mine.Description = "mine"
		e.webhook(o, registry.AllEvents)
		return nil
	})
	e.wantKind(err, registry.Conflict)
	if !registry.Retryable(err) {
		e.Errorf("%v", err)
	}
	e.must(e.SaveOrganization(e.Context(), o, registry.OrganizationUpdated))
	_, err = e.CreateWebhook(e.Context(), o, registry.Webhook{ID: 1, Events: []registry.EventType{registry.AllEvents}})
	e.wantKind(err, registry.Conflict)
	list, err := e.Webhooks(e.Context(), o)
	if err != nil || len(list) != 2 || fmt.Sprint(list[0].Description, list[1].Description) != "" {
		e.Errorf("%+v, %v", list, err)
	}
}
