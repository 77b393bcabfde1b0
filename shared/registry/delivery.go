package registry

import (
	"errors"
	"regexp"
	"time"
)

// Delivery is an event on its way to a webhook. It holds the event, so that every attempt sends
// the same bytes whatever became of the event since.
type Delivery struct {
	// ID is made of event and webhook: working out twice who is to be told makes no second
	// delivery. IDs sort in the order of the events, and every attempt carries the same one.
	ID      string `json:"id"`
	Webhook ID     `json:"webhook"`
	// Home is where the webhook's organization is kept; empty is the platform.
	Home  string        `json:"home,omitempty"`
	Event Event         `json:"event"`
	State DeliveryState `json:"state"`
	// Attempts counts those since the delivery was made, or asked for again.
	Attempts int `json:"attempts,omitempty"`
	// Last is how the last attempt ended; nil before the first.
	Last *Attempt `json:"last,omitempty"`
	// NextAt is when the next attempt is due; zero when none is.
	NextAt    time.Time `json:"nextAt,omitzero"`
	CreatedAt time.Time `json:"createdAt"`

	Revision
}

// DeliveryState is where a delivery is in its life.
type DeliveryState string

// The states: pending → delivered | parked, and back when it is asked for again.
const (
	DeliveryPending DeliveryState = "pending"   // waits for its next attempt
	DeliveryDone    DeliveryState = "delivered" // the receiver answered 2xx
	DeliveryParked  DeliveryState = "parked"    // given up, until someone asks for it again
)

// Attempt is one attempt to deliver.
type Attempt struct {
	At   time.Time     `json:"at"`
	Took time.Duration `json:"took"` // nanoseconds
	// Status is that of the answer; 0 when there was none.
	Status int `json:"status,omitempty"`
	// Excerpt is the beginning of the answer's body, in the receiver's words: not to be trusted.
	Excerpt string `json:"excerpt,omitempty"`
	// Failure says why it was not delivered, for people.
	Failure string `json:"failure,omitempty"`
}

// Delivered reports whether the receiver has taken it.
func (a Attempt) Delivered() bool { return a.Status/100 == 2 }

// NewDelivery makes a delivery of an event to a webhook, due at once.
func NewDelivery(w Webhook, e Event, now time.Time) Delivery {
	id := e.At.UTC().Format("20060102T150405.000Z") + "-" + e.ID.String() + "-" + w.ID.String()
	return Delivery{
		ID: id, Webhook: w.ID, Home: w.Home, Event: e,
		State: DeliveryPending, NextAt: now, CreatedAt: now,
	}
}

var deliveryID = regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}Z-\d{1,16}-\d{1,16}$`)

// CheckDeliveryID says what is wrong with what is to be the ID of a delivery.
func CheckDeliveryID(id string) error {
	if !deliveryID.MatchString(id) {
		return errors.New("must be the id of a delivery")
	}
	return nil
}

// gone is the status by which a receiver says that it wants no more of it.
const gone = 410

// Attempted returns the delivery as it is after an attempt. Whatever is no 2xx is tried again, 4xx
// too: a receiver answers 401 or 404 for as long as it is set up wrongly, and then it wants what
// it has missed. Only 410 Gone is final. random is from [0,1), for RetryWait.
func (d Delivery) Attempted(a Attempt, random float64) Delivery {
	d.Attempts++
	d.Last = &a
	d.NextAt = time.Time{}
	wait, again := RetryWait(d.Attempts, random)
	switch {
	case a.Delivered():
		d.State = DeliveryDone
	case !again || a.Status == gone:
		d.State = DeliveryParked
	default:
		d.NextAt = a.At.Add(a.Took + wait)
	}
	return d
}

// Parked returns the delivery as it is when it is given up without an attempt.
func (d Delivery) Parked(why string, now time.Time) Delivery {
	d.State, d.Last, d.NextAt = DeliveryParked, &Attempt{At: now, Failure: why}, time.Time{}
	return d
}

// Again returns the delivery as it is when someone asks for it again: due at once, with all its
// attempts before it.
func (d Delivery) Again(now time.Time) Delivery {
	d.State, d.Attempts, d.NextAt = DeliveryPending, 0, now
	return d
}

// The waits between attempts: 10 s, doubled each time up to 4½ hours. Sixteen attempts are over
// within a day even when no wait is shortened and each one times out.
const (
	firstWait   = 10 * time.Second
	longestWait = 4*time.Hour + 30*time.Minute
	maxAttempts = 16
)

// RetryWait is how long to wait after that many failed attempts, 1 or more; not ok when it is time
// to give up. random, from [0,1), shortens the wait by up to a half, so that all that failed
// together does not come back together.
func RetryWait(attempts int, random float64) (wait time.Duration, ok bool) {
	if attempts >= maxAttempts {
		return 0, false
	}
	half := min(firstWait<<(attempts-1), longestWait) / 2
	return half + time.Duration(random*float64(half)), true
}
