package webhooks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/webhook"
)

const (
	platform = "/api/admin/webhooks"
	acme     = "/api/organization/acme/webhooks"
	secret   = "webhook-secret"
)

// receiver is a server that webhooks lead to. It verifies what comes.
type receiver struct {
	URL string

	mu     sync.Mutex
	got    []told
	status int
}

// told is what a receiver got.
type told struct {
	delivery, signature string
	api.WebhookEvent
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: 200}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		one := told{delivery: req.Header.Get(webhook.DeliveryHeader), signature: req.Header.Get(webhook.SignatureHeader)}
		if err != nil || json.Unmarshal(body, &one.WebhookEvent) != nil || !webhook.Verify(secret, body, one.signature) {
			t.Errorf("got %s with the signature %s, %v", body, one.signature, err)
		}
		if event := req.Header.Get(webhook.EventHeader); event != one.Event {
			t.Errorf("the header names the event %s, the body %s", event, one.Event)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, one)
		w.WriteHeader(r.status)
		fmt.Fprint(w, "noted")
	}))
	t.Cleanup(s.Close)
	r.URL = s.URL
	return r
}

// answer has the receiver answer with a status from now on.
func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// take returns what came since the last time.
func (r *receiver) take() []told {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// events are the events that came since the last time, in the order of their names.
func (r *receiver) events() (names []string) {
	for _, one := range r.take() {
		names = append(names, one.Event)
	}
	slices.Sort(names)
	return names
}

// near allows receivers on this machine.
func near(o *core.Options) { o.WebhooksPrivate = true }

// start starts a registry with the platform admin root and the organization acme of ada.
func start(t *testing.T, change ...func(*core.Options)) (r *coretest.Registry, root, ada string) {
	t.Helper()
	r = coretest.Start(t, append([]func(*core.Options){near}, change...)...)
	root, ada = r.Person(t, "root"), r.Person(t, "ada")
	r.Organization(t, ada, "acme")
	settle(t, r)
	return r, root, ada
}

// settle has the janitor work until nothing is due any more.
func settle(t *testing.T, r *coretest.Registry) {
	t.Helper()
	for r.Sweep(t) > 0 {
	}
}

// make a webhook for all events at a URL; what it costs to tell of its making is done.
func hook(t *testing.T, r *coretest.Registry, token, list, url string, events ...string) (path string) {
	t.Helper()
	if events == nil {
		events = []string{"*"}
	}
	made := embeddedtest.JSON[api.Webhook](t, r.Do(t, "POST", list, token,
		map[string]any{"url": url, "events": events, "secret": secret}).Want(t, 201))
	settle(t, r)
	return fmt.Sprint(list, "/", made.ID)
}

// deliveries lists what was sent to a webhook, the newest first.
func deliveries(t *testing.T, r *coretest.Registry, token, hook string) []api.Delivery {
	t.Helper()
	return embeddedtest.JSON[[]api.Delivery](t, r.Do(t, "GET", hook+"/deliveries", token, nil).Want(t, 200))
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

// stuck starts a receiver that answers nobody until it is released.
func stuck(t *testing.T) (url string, release func()) {
	t.Helper()
	released := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-released
	}))
	release = sync.OnceFunc(func() { close(released) })
	t.Cleanup(func() {
		release()
		s.Close()
	})
	return s.URL, release
}

// work has the janitor work by itself until the test, or the function returned, ends it.
func work(t *testing.T, r *coretest.Registry) (end func()) {
	t.Helper()
	woken, ended := make(chan struct{}, 1), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	r.Core.Catalog.Wake = func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
	go func() {
		defer close(ended)
		r.Janitor.Run(ctx, woken, time.Minute, func(err error) {
			if ctx.Err() == nil {
				t.Error(err)
			}
		})
	}()
	end = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	t.Cleanup(end)
	return end
}

// until waits for something, for as long as a busy machine may take.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	deadline := time.Now().Add(8 * time.Second) // before the slow receiver is given up
	for !so() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not so", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}
