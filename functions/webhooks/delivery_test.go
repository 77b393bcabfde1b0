package webhooks_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestAnEventIsDelivered(t *testing.T) {
	r, root, ada := start(t)
	to := receive(t)
	one := hook(t, r, root, platform, to.URL, "box.created")
	r.Box(t, ada, "acme", "debian", false)
	settle(t, r)
	got := to.take()
	if len(got) != 1 || got[0].Event != "box.created" || *got[0].Organization != "acme" || got[0].Actor.Username != "ada" || got[0].Data["box"] != "debian" {
		t.Fatalf("got %+v", got)
	}
	d := deliveries(t, r, root, one)[0]
	if d.ID != got[0].delivery || d.State != "delivered" || d.Attempts != 1 || d.NextAt != nil || d.Event.Event != "box.created" || d.Event.ID != got[0].ID {
		t.Errorf("listed %+v", d)
	}
	if a := d.LastAttempt; a == nil || a.Status != 200 || a.Response != "noted" || a.Error != "" {
		t.Errorf("the attempt is told as %+v", a)
	}
	if read := embeddedtest.JSON[api.Delivery](t, r.Do(t, "GET", one+"/deliveries/"+d.ID, root, nil).Want(t, 200)); read.ID != d.ID {
		t.Errorf("read %+v", read)
	}
	for _, id := range []string{"x", "20260102T150405.000Z-1-1", strings.Repeat("9", 2000)} {
		r.Do(t, "GET", one+"/deliveries/"+id, root, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "POST", one+"/deliveries/"+id+"/redeliver", root, nil).WantError(t, 404, "NOT_FOUND")
	}
}

// What is not taken is tried again when its time has come and not before, and given up within a day.
// Asked for, it is sent again as it was.
func TestAReceiverThatIsDown(t *testing.T) {
	r, root, ada := start(t)
	to := receive(t)
	to.answer(500)
	one := hook(t, r, root, platform, to.URL, "box.created")
	r.Box(t, ada, "acme", "debian", false)
	settle(t, r)
	first := to.take()[0]
	d := deliveries(t, r, root, one)[0]
	attempts := 1
	for ; d.NextAt != nil; attempts++ {
		if d.State != "pending" || d.Attempts != attempts || d.LastAttempt.Status != 500 || !strings.Contains(d.LastAttempt.Error, "answered 500") {
			t.Fatalf("after %d attempts: %+v", attempts, d)
		}
		r.Clock.Advance(d.NextAt.Sub(r.Clock.Now()) - 2*time.Second)
		if settle(t, r); len(to.take()) != 0 {
			t.Fatalf("attempt %d comes before its time", attempts+1)
		}
		r.Clock.Advance(2 * time.Second)
		settle(t, r)
		if again := to.take(); len(again) != 1 || again[0].delivery != first.delivery || again[0].signature != first.signature {
			t.Fatalf("attempt %d sends %+v, the first one was %+v", attempts+1, again, first)
		}
		d = deliveries(t, r, root, one)[0]
	}
	if gone := r.Clock.Now().Sub(d.CreatedAt); d.State != "parked" || d.Attempts != attempts || gone > 24*time.Hour || gone < 10*time.Hour {
		t.Errorf("given up after %v: %+v", gone, d)
	}
	r.Clock.Advance(48 * time.Hour)
	if settle(t, r); len(to.take()) != 0 {
		t.Error("it is sent after it was given up")
	}
	to.answer(200)
	asked := embeddedtest.JSON[api.Delivery](t, r.Do(t, "POST", one+"/deliveries/"+d.ID+"/redeliver", root, nil).Want(t, 202))
	if asked.State != "pending" || asked.Attempts != 0 || asked.NextAt == nil {
		t.Errorf("asked for again it is %+v", asked)
	}
	settle(t, r)
	if again := to.take(); len(again) != 1 || again[0].signature != first.signature {
		t.Errorf("asked for again it sends %+v", again)
	}
	if d = deliveries(t, r, root, one)[0]; d.State != "delivered" || d.Attempts != 1 {
		t.Errorf("then it is %+v", d)
	}
}

// The attempt that was waited for does not come on top of those that were asked for.
func TestOneThatWaitsIsAskedFor(t *testing.T) {
	r, root, ada := start(t)
	to := receive(t)
	to.answer(503)
	one := hook(t, r, root, platform, to.URL, "box.created")
	r.Box(t, ada, "acme", "debian", false)
	settle(t, r)
	again := one + "/deliveries/" + to.take()[0].delivery + "/redeliver"
	r.Do(t, "POST", again, root, nil).Want(t, 202)
	r.Do(t, "POST", again, root, nil).Want(t, 202)
	if settle(t, r); len(to.take()) != 1 {
		t.Error("asked for twice, it is not sent once")
	}
	to.answer(200)
	r.Clock.Advance(time.Minute)
	if settle(t, r); len(to.take()) != 1 {
		t.Error("the next attempt is not made once")
	}
	r.Clock.Advance(48 * time.Hour)
	if settle(t, r); len(to.take()) != 0 {
		t.Error("it is sent after it was delivered")
	}
	r.Do(t, "POST", again, root, nil).Want(t, 202)
	if settle(t, r); len(to.take()) != 1 {
		t.Error("what was delivered is not sent again when it is asked for")
	}
}

func TestNothingIsSentToAWebhookThatIsGone(t *testing.T) {
	r, root, ada := start(t)
	to := receive(t)
	one := hook(t, r, root, platform, to.URL, "box.created")
	r.Box(t, ada, "acme", "first", false)
	r.Do(t, "PUT", one, root, `{"active":false}`).Want(t, 200)
	r.Box(t, ada, "acme", "second", false)
	settle(t, r)
	if len(to.take()) != 0 || len(deliveries(t, r, root, one)) != 0 {
		t.Error("it is told while it is not active")
	}
	r.Do(t, "POST", one+"/ping", root, nil).WantError(t, 409, "CONFLICT")
	r.Do(t, "PUT", one, root, `{"active":true}`).Want(t, 200)

	to.answer(500)
	r.Box(t, ada, "acme", "third", false)
	settle(t, r)
	to.take()
	r.Do(t, "PUT", one, root, `{"active":false}`).Want(t, 200)
	r.Clock.Advance(time.Minute)
	settle(t, r)
	d := deliveries(t, r, root, one)[0]
	if len(to.take()) != 0 || d.State != "parked" || d.LastAttempt.Error != "the webhook is not active" {
		t.Errorf("switched off: %+v", d)
	}
	r.Do(t, "POST", one+"/deliveries/"+d.ID+"/redeliver", root, nil).WantError(t, 409, "CONFLICT")
	r.Do(t, "PUT", one, root, `{"active":true}`).Want(t, 200)
	r.Do(t, "POST", one+"/deliveries/"+d.ID+"/redeliver", root, nil).Want(t, 202)
	settle(t, r)
	r.Do(t, "DELETE", one, root, nil).Want(t, 200)
	to.take()
	r.Clock.Advance(time.Minute)
	if settle(t, r); len(to.take()) != 0 {
		t.Error("it is sent to when it was deleted")
	}
	r.Do(t, "GET", one+"/deliveries", root, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "GET", one+"/deliveries/"+d.ID, root, nil).WantError(t, 404, "NOT_FOUND")
}

// A name means what it means when something is sent, whatever was allowed when the webhook was made.
func TestNothingIsSentToPrivateAddresses(t *testing.T) {
	var log bytes.Buffer
	r, root, ada := start(t, func(o *core.Options) { o.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	to := receive(t)
	one := hook(t, r, root, platform, to.URL+"/tok3n", "box.created")
	strict := r.Core
	strict.WebhooksPrivate = false
	r.Janitor = strict.Janitor()
	r.Box(t, ada, "acme", "debian", false)
	settle(t, r)
	d := deliveries(t, r, root, one)[0]
	if len(to.take()) != 0 || d.State != "pending" || d.LastAttempt.Status != 0 || !strings.Contains(d.LastAttempt.Error, "private or reserved address") {
		t.Errorf("%+v", d.LastAttempt)
	}
	if !strings.Contains(log.String(), `"msg":"delivery"`) || !strings.Contains(log.String(), d.ID) || strings.Contains(log.String(), "tok3n") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestDeliveriesComeInPages(t *testing.T) {
	r, root, ada := start(t)
	one := hook(t, r, root, platform, receive(t).URL, "box.created")
	for i := range 7 {
		r.Box(t, ada, "acme", fmt.Sprint("box", i), false)
	}
	settle(t, r)
	all := deliveries(t, r, root, one)
	var paged []api.Delivery
	for path := one + "/deliveries?limit=3"; path != ""; {
		a := r.Do(t, "GET", path, root, nil).Want(t, 200)
		paged = append(paged, embeddedtest.JSON[[]api.Delivery](t, a)...)
		path, _, _ = strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	}
	if len(all) != 7 || len(paged) != 7 {
		t.Fatalf("%d deliveries, in pages %d", len(all), len(paged))
	}
	for i := range all {
		if all[i].ID != paged[i].ID || i > 0 && all[i].ID >= all[i-1].ID {
			t.Errorf("at place %d is %s, in pages %s", i, all[i].ID, paged[i].ID)
		}
	}
	r.Clock.Advance(31 * 24 * time.Hour)
	left, _, err := r.Core.Catalog.Deliveries(t.Context(), registry.Webhook{ID: registry.ID(all[0].Webhook)}, "", 10)
	if err != nil || len(left) != 0 {
		t.Errorf("after a month there are %d, %v", len(left), err)
	}
}

func TestWhatIsMeasured(t *testing.T) {
	r, root, ada := start(t)
	good, bad := receive(t), receive(t)
	bad.answer(500)
	hook(t, r, root, platform, good.URL, "box.created")
	one := hook(t, r, root, platform, bad.URL, "box.created")
	r.Box(t, ada, "acme", "debian", false)
	settle(t, r)
	bad.answer(410)
	r.Do(t, "POST", one+"/deliveries/"+bad.take()[0].delivery+"/redeliver", root, nil).Want(t, 202)
	settle(t, r)
	totals, err := r.Core.Catalog.Totals(t.Context())
	if err != nil || totals.Delivered != 1 || totals.DeliveriesFailed != 1 || totals.DeliveriesParked != 1 {
		t.Errorf("counted are %+v, %v", totals, err)
	}
	if d := deliveries(t, r, root, one)[0]; registry.DeliveryState(d.State) != registry.DeliveryParked {
		t.Errorf("gone: %+v", d)
	}
}
