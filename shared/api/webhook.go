package api

import (
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// WebhookInput makes or changes a webhook; what is null or left out stays as it is.
type WebhookInput struct {
	URL *string `json:"url,omitempty"`
	// Events are names of events, or "*" for all.
	Events []string `json:"events,omitempty"`
	// Secret signs the deliveries; the registry makes one for a webhook that comes without.
	Secret      *string `json:"secret,omitempty"`
	Description *string `json:"description,omitempty"`
	// Active false keeps a webhook without telling it anything; left out, a new one is active.
	Active *bool `json:"active,omitempty"`
}

// Webhook tells about a webhook. Secret is there once, when the registry has made it.
type Webhook struct {
	ID     int64    `json:"id"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Secret string   `json:"secret,omitempty"`
	// Organization is whose events it is told; null for the platform's webhooks.
	Organization *string   `json:"organization"`
	Description  string    `json:"description"`
	Active       bool      `json:"active"`
	CreatedAt    time.Time `json:"createdAt"`
	UpdatedAt    time.Time `json:"updatedAt"`

	Revised
}

// Delivery tells about an event on its way to a webhook.
type Delivery struct {
	ID      string        `json:"id"` // sent as X-BoxVault-Delivery
	Webhook int64         `json:"webhookId"`
	Event   DeliveryEvent `json:"event"`
	State   string        `json:"state"` // pending, delivered or parked
	// Attempts counts those since the delivery was made, or asked for again.
	Attempts    int              `json:"attempts"`
	LastAttempt *DeliveryAttempt `json:"lastAttempt"`   // null before the first
	NextAt      *time.Time       `json:"nextAttemptAt"` // null when none is due
	CreatedAt   time.Time        `json:"createdAt"`
}

// DeliveryEvent is the event of a Delivery, without what it tells.
type DeliveryEvent struct {
	ID        int64     `json:"id"`
	Event     string    `json:"event"`
	Timestamp time.Time `json:"timestamp"`
}

// DeliveryAttempt is how an attempt to deliver ended.
type DeliveryAttempt struct {
	At     time.Time `json:"at"`
	Millis int64     `json:"durationMs"`
	Status int       `json:"status"` // of the answer; 0 when there was none
	// Response is the beginning of the answer, in the receiver's words.
	Response string `json:"response"`
	Error    string `json:"error,omitempty"` // why it was not delivered
}

// WebhookEvent is the body that a webhook gets.
type WebhookEvent struct {
	ID        int64     `json:"id"`
	Event     string    `json:"event"`
	Timestamp time.Time `json:"timestamp"`
	// Organization is null for what belongs to none.
	Organization   *string `json:"organization"`
	OrganizationID int64   `json:"organizationId,omitempty"`
	// Actor is who made the change; null when the registry did.
	Actor *Actor         `json:"actor"`
	Data  map[string]any `json:"data"`
	// Omitted names members of Data that were too large to be sent.
	Omitted []string `json:"omitted,omitempty"`
}

// Actor is who made a change.
type Actor struct {
	ID               int64  `json:"id"`
	Username         string `json:"username"`
	IsServiceAccount bool   `json:"isServiceAccount"`
}

// FromWebhook tells about a webhook, without its secret.
func FromWebhook(w registry.Webhook) Webhook {
	told := Webhook{
		ID: int64(w.ID), URL: w.URL, Description: w.Description, Active: w.Active,
		Events:    each(w.Events, func(e registry.EventType) string { return string(e) }),
		CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt, Revised: At(w.Revision),
	}
	if w.OrganizationID != 0 {
		told.Organization = &w.Organization
	}
	return told
}

// FromDelivery tells about a delivery.
func FromDelivery(d registry.Delivery) Delivery {
	told := Delivery{
		ID: d.ID, Webhook: int64(d.Webhook), State: string(d.State), Attempts: d.Attempts, CreatedAt: d.CreatedAt,
		Event: DeliveryEvent{ID: int64(d.Event.ID), Event: string(d.Event.Type), Timestamp: d.Event.At.UTC()},
	}
	if a := d.Last; a != nil {
		told.LastAttempt = &DeliveryAttempt{
			At: a.At, Millis: a.Took.Milliseconds(), Status: a.Status, Response: a.Excerpt, Error: a.Failure,
		}
	}
	if !d.NextAt.IsZero() {
		told.NextAt = &d.NextAt
	}
	return told
}

// FromEvent tells a webhook of an event. Where the actor was and by which request is told to
// nobody outside.
func FromEvent(e registry.Event) WebhookEvent {
	told := WebhookEvent{
		ID: int64(e.ID), Event: string(e.Type), Timestamp: e.At.UTC(),
		OrganizationID: int64(e.OrganizationID), Data: e.Data,
	}
	if e.Organization != "" {
		told.Organization = &e.Organization
	}
	if told.Data == nil {
		told.Data = map[string]any{}
	}
	switch {
	case e.By.ServiceAccount != 0:
		told.Actor = &Actor{ID: int64(e.By.ServiceAccount), Username: e.By.Username, IsServiceAccount: true}
	case e.By.Account != 0:
		told.Actor = &Actor{ID: int64(e.By.Account), Username: e.By.Username}
	}
	return told
}
