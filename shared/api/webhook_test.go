package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func wantJSON(t *testing.T, told any, want string) {
	t.Helper()
	if raw, err := json.Marshal(told); err != nil || string(raw) != want {
		t.Errorf("%s, %v\nwant %s", raw, err, want)
	}
}

func TestAWebhookIsToldWithoutItsSecret(t *testing.T) {
	hook := registry.Webhook{
		ID: 7, URL: "https://example.com", Secret: "a-secret", Events: []registry.EventType{"box.uploaded", "*"},
		Active: true, CreatedAt: noon, UpdatedAt: noon,
	}
	const times = `"createdAt":"2026-11-22T12:00:00Z","updatedAt":"2026-11-22T12:00:00Z"}`
	wantJSON(t, api.FromWebhook(hook), `{"id":7,"url":"https://example.com","events":["box.uploaded","*"],"organization":null,"description":"","active":true,`+times)
	hook.OrganizationID, hook.Organization = 3, "acme"
	wantJSON(t, api.FromWebhook(hook), `{"id":7,"url":"https://example.com","events":["box.uploaded","*"],"organization":"acme","description":"","active":true,`+times)
}

func TestADeliveryIsToldWithItsLastAttempt(t *testing.T) {
	e := registry.Event{ID: 11, Type: registry.BoxUploaded, At: noon, Data: map[string]any{"box": "debian"}}
	d := registry.NewDelivery(registry.Webhook{ID: 7}, e, noon)
	const about = `{"id":"20261122T120000.000Z-11-7","webhookId":7,"event":{"id":11,"event":"box.uploaded","timestamp":"2026-11-22T12:00:00Z"},`
	wantJSON(t, api.FromDelivery(d), about+`"state":"pending","attempts":0,"lastAttempt":null,"nextAttemptAt":"2026-11-22T12:00:00Z","createdAt":"2026-11-22T12:00:00Z"}`)
	d = d.Attempted(registry.Attempt{At: noon, Took: 1500 * time.Microsecond, Status: 410, Excerpt: "bye", Failure: "the receiver answered 410 Gone"}, 0)
	wantJSON(t, api.FromDelivery(d), about+`"state":"parked","attempts":1,"lastAttempt":{"at":"2026-11-22T12:00:00Z","durationMs":1,"status":410,`+
		`"response":"bye","error":"the receiver answered 410 Gone"},"nextAttemptAt":null,"createdAt":"2026-11-22T12:00:00Z"}`)
}

func TestAnEventIsToldWithoutWhereItsActorWas(t *testing.T) {
	e := registry.Event{ID: 11, By: registry.Author{Account: 1, Username: "ada", Address: "a-secret", Request: "a-secret"}}
	if raw, err := json.Marshal(api.FromEvent(e)); err != nil || strings.Contains(string(raw), "a-secret") || !strings.Contains(string(raw), `"username":"ada"`) {
		t.Errorf("%s, %v", raw, err)
	}
}
