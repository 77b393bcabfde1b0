package registry_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

var begun = time.Date(2026, 11, 22, 6, 36, 0, 0, time.UTC)

func newDelivery() registry.Delivery {
	return registry.NewDelivery(registry.Webhook{ID: 7}, registry.Event{ID: 11, At: begun}, begun)
}

func TestADeliveryIsTheSameWhoeverMakesIt(t *testing.T) {
	a, later := newDelivery(), begun.Add(time.Hour)
	b := registry.NewDelivery(registry.Webhook{ID: 7, URL: "https://example.com"}, registry.Event{ID: 11, At: begun.In(time.FixedZone("", 3600))}, later)
	if a.ID != "20261122T063600.000Z-11-7" || a.ID != b.ID {
		t.Errorf("%s and %s", a.ID, b.ID)
	}
	if a.State != registry.DeliveryPending || !a.NextAt.Equal(begun) || a.Attempts != 0 || a.Last != nil {
		t.Errorf("%+v", a)
	}
	other := registry.NewDelivery(registry.Webhook{ID: 8}, registry.Event{ID: 11, At: begun}, begun)
	next := registry.NewDelivery(registry.Webhook{ID: 7}, registry.Event{ID: 2, At: begun.Add(time.Millisecond)}, begun)
	if other.ID == a.ID || next.ID <= a.ID {
		t.Errorf("%s, of another webhook %s, of the next event %s", a.ID, other.ID, next.ID)
	}
}

func TestWhatBecomesOfADelivery(t *testing.T) {
	for _, c := range []struct {
		status int
		before int // attempts
		want   registry.DeliveryState
	}{
		{200, 0, registry.DeliveryDone}, {204, 5, registry.DeliveryDone}, {299, 15, registry.DeliveryDone},
		{0, 0, registry.DeliveryPending}, {302, 0, registry.DeliveryPending}, {401, 3, registry.DeliveryPending},
		{404, 3, registry.DeliveryPending}, {429, 3, registry.DeliveryPending}, {500, 14, registry.DeliveryPending},
		{410, 0, registry.DeliveryParked}, {500, 15, registry.DeliveryParked}, {0, 15, registry.DeliveryParked},
	} {
		d := newDelivery()
		d.Attempts = c.before
		attempt := registry.Attempt{At: begun, Took: time.Second, Status: c.status}
		d = d.Attempted(attempt, 0.5)
		if d.State != c.want || d.Attempts != c.before+1 || !reflect.DeepEqual(d.Last, &attempt) {
			t.Errorf("status %d after %d attempts: %+v", c.status, c.before, d)
		}
		if due := !d.NextAt.IsZero(); due != (c.want == registry.DeliveryPending) || due && !d.NextAt.After(begun.Add(time.Second)) {
			t.Errorf("%s, and next at %v", d.State, d.NextAt)
		}
	}
}

// Whatever the chances: retried for a day, and then no more.
func TestADeliveryIsRetriedForADay(t *testing.T) {
	for _, random := range []float64{0, 0.5, math.Nextafter(1, 0)} {
		d, now := newDelivery(), begun
		for d.State == registry.DeliveryPending {
			now = d.NextAt
			d = d.Attempted(registry.Attempt{At: now, Took: 10 * time.Second, Failure: "no answer"}, random)
		}
		if d.State != registry.DeliveryParked || d.Attempts < 12 || d.Attempts > 16 || !d.NextAt.IsZero() {
			t.Errorf("%+v", d)
		}
		if took := now.Add(10 * time.Second).Sub(begun); took > 24*time.Hour || took < 11*time.Hour {
			t.Errorf("given up after %v", took)
		}
	}
}

func TestWaitsGrowAndAreSpread(t *testing.T) {
	longest := time.Duration(0)
	for attempt := 1; ; attempt++ {
		least, ok := registry.RetryWait(attempt, 0)
		most, _ := registry.RetryWait(attempt, math.Nextafter(1, 0))
		if !ok {
			break
		}
		if most < longest || least < most*49/100 || least > most*51/100 {
			t.Errorf("after attempt %d from %v to %v; before at most %v", attempt, least, most, longest)
		}
		longest = most
	}
	if first, _ := registry.RetryWait(1, 0); first != 5*time.Second || longest > 5*time.Hour {
		t.Errorf("from %v to %v", first, longest)
	}
	if _, ok := registry.RetryWait(math.MaxInt, 0); ok {
		t.Error("it is never given up")
	}
}

func TestADeliveryThatIsAskedForAgain(t *testing.T) {
	d := newDelivery()
	d.Attempts = 15
	d = d.Attempted(registry.Attempt{At: begun, Status: 500}, 0)
	later := begun.Add(48 * time.Hour)
	again := d.Again(later)
	if again.State != registry.DeliveryPending || !again.NextAt.Equal(later) || again.ID != d.ID || again.Last == nil {
		t.Errorf("%+v", again)
	}
	if again = again.Attempted(registry.Attempt{At: later, Status: 500}, 0); again.State != registry.DeliveryPending {
		t.Errorf("given up after one attempt: %+v", again)
	}
}

func TestADeliveryIsReadAsItWasWritten(t *testing.T) {
	d := newDelivery()
	d.Event.Data = map[string]any{"box": "debian"}
	d = d.Attempted(registry.Attempt{At: begun, Took: time.Second, Status: 500, Excerpt: "<no>"}, 0)
	raw, err := json.Marshal(d)
	var read registry.Delivery
	if err == nil {
		err = json.Unmarshal(raw, &read)
	}
	if err != nil || !reflect.DeepEqual(read, d) {
		t.Errorf("%v: %+v, want %+v", err, read, d)
	}
}
