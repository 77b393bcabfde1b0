package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/webhook"
)

const webhookSecret = "webhook-secret" // as it is printed

// TestWebhookAsPublished makes the webhook with the published command, but for host and token, and
// has the published Node handler, as it is printed, receive what it is told.
func TestWebhookAsPublished(t *testing.T) {
	t.Parallel()
	need(t, "bash", "curl", "node")
	p := serve(t, t.TempDir(), "--webhooks-allow-private")
	o := newOwner(t, p.URL) // the first one is the platform admin
	url, printed := startHandler(t, tool(t, "node/node_modules"))
	command := words{
		"http://localhost:3000": p.URL, "ADMIN_TOKEN": o.token, "https://your-app.com": url,
	}.in(string(must[[]byte](t)(os.ReadFile("testdata/webhook.sh"))))
	out := shell(t).run(t, "bash", "-c", strings.Replace(command, "curl", "curl -sS --fail-with-body", 1)).ok(t)
	if made := decode[api.Webhook](t, out.stdout); made.URL != url+"/webhooks/boxvault" || len(made.Events) != 3 || made.Secret != "" {
		t.Errorf("made %+v", made)
	}

	o.box(t, "debian12", false)
	o.publish(t, "debian12", "1.2.0", Box{Provider: "virtualbox"})
	if err := o.DeleteBox(t.Context(), o.org, "debian12"); err != nil {
		t.Fatal(err)
	}
	stranger := newPerson(t, p.URL)
	want := []string{
		"Box deleted: " + o.org + "/debian12", "Box uploaded: " + o.org + "/debian12 v1.2.0", "New user: " + stranger.name,
	}
	until(t, "the handler prints three lines", func() bool { return strings.Count(printed.String(), "\n") >= 1+len(want) })
	got := strings.Split(strings.TrimSpace(printed.String()), "\n")[1:] // behind the URL
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the handler printed %q, want %q", got, want)
	}
}

// startHandler starts the published receiver, which lacks a port to run.
func startHandler(t *testing.T, modules string) (url string, printed *output) {
	t.Helper()
	const listen = `
app.listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`
	source := string(must[[]byte](t)(os.ReadFile("../shared/webhook/testdata/handler.js"))) + listen
	c := shell(t)
	c.env = []string{"NODE_PATH=" + modules, "WEBHOOK_SECRET=" + webhookSecret}
	cmd := c.prepare(t, "node", "-e", source)
	printed = &output{}
	cmd.Stdout, cmd.Stderr = printed, printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(cmd) })
	until(t, "the handler listens", func() bool { return strings.Contains(printed.String(), "\n") })
	return strings.TrimSpace(printed.String()), printed
}

func end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

func shell(t *testing.T) command { return command{dir: t.TempDir()} }

// TestKillBetweenEventAndDelivery kills the registry whenever it has acknowledged something: each
// receiver is told of all of it all the same, once it can be reached.
func TestKillBetweenEventAndDelivery(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := serve(t, data, "--webhooks-allow-private")
	o := newOwner(t, p.URL)
	down := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	url, secret := "http://"+down.Addr().String(), webhookSecret
	down.Close()
	hook := must[api.Webhook](t)(o.CreateWebhook(t.Context(), o.org, api.WebhookInput{URL: &url, Secret: &secret, Events: []string{"box.created"}}))
	const rounds = 4
	for round := range rounds {
		o.box(t, roundBox(round), false)
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		p = serve(t, data, "--webhooks-allow-private")
		o.Client = newClient(t, p.URL, o.token)
	}
	told := receiveAt(t, strings.TrimPrefix(url, "http://"))
	until(t, "all boxes are told", func() bool { return len(told.seen("box")) == rounds })
	until(t, "all deliveries are done", func() bool {
		for d, err := range o.Deliveries(t.Context(), o.org, hook.ID) {
			if err != nil || d.State != "delivered" {
				return false
			}
		}
		return true
	})
}

// TestWebhooksWithTheCommand has an organization's webhook made, tried and looked at with the
// boxvault command, and the platform's by its API.
func TestWebhooksWithTheCommand(t *testing.T) {
	t.Parallel()
	needs(t, Loopback)
	registry, root := withAdmin(t, "--webhooks-allow-private") // as up.sh deploys it
	o, told := newOwner(t, registry), receiveAt(t, "127.0.0.1:0")
	told.tryWith(t, root, registry, "")
	told.tryWith(t, o, registry, o.org)
}

func (r *told) tryWith(t *testing.T, o owner, registry, organization string) {
	t.Helper()
	c := shell(t)
	c.env = []string{"BOXVAULT_URL=" + registry, "BOXVAULT_TOKEN=" + o.token}
	boxvault := func(args ...string) ran {
		t.Helper()
		return c.run(t, target.Binary, append([]string{"webhook"}, append(args, "--organization", organization)...)...).ok(t)
	}
	secret := webhookSecret
	other := must[api.Webhook](t)(o.CreateWebhook(t.Context(), organization, api.WebhookInput{URL: &r.url, Secret: &secret, Events: []string{"user.deleted"}}))
	text := "changed"
	must[api.Webhook](t)(o.UpdateWebhook(t.Context(), organization, other.ID, api.WebhookInput{Description: &text}))
	if read := must[api.Webhook](t)(o.Webhook(t.Context(), organization, other.ID)); read.Description != text {
		t.Errorf("changed to %+v", read)
	}
	id := fmt.Sprint(other.ID)
	if list := boxvault("list").stdout; !strings.Contains(list, id) {
		t.Errorf("listed are\n%s", list)
	}
	sent := decode[api.Delivery](t, boxvault("ping", id, "--json").stdout)
	delivered := func() bool {
		return must[api.Delivery](t)(o.Delivery(t.Context(), organization, other.ID, sent.ID)).State == "delivered"
	}
	until(t, "the ping is delivered", delivered)
	if list := boxvault("deliveries", id).stdout; !strings.Contains(list, "webhook.pinged") {
		t.Errorf("deliveries are\n%s", list)
	}
	before := r.count(sent.ID)
	boxvault("redeliver", id, sent.ID)
	until(t, "it comes once more", func() bool { return r.count(sent.ID) == before+1 })
	boxvault("delete", id, "--yes")
}

// told is what a receiver was told.
type told struct {
	url string

	mu         sync.Mutex
	deliveries map[string]int
	data       map[string]map[string]bool // values of the events' data, by name
}

// receiveAt receives deliveries at an address, and verifies them.
func receiveAt(t *testing.T, address string) *told {
	t.Helper()
	r := &told{deliveries: map[string]int{}, data: map[string]map[string]bool{}}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		var e api.WebhookEvent
		if err != nil || json.Unmarshal(body, &e) != nil || !webhook.Verify(webhookSecret, body, req.Header.Get(webhook.SignatureHeader)) {
			t.Errorf("got %s with the headers %v, %v", body, req.Header, err)
		}
		r.note(req.Header.Get(webhook.DeliveryHeader), e)
	}))
	s.Listener.Close()
	s.Listener = must[net.Listener](t)(net.Listen("tcp", address))
	s.Start()
	t.Cleanup(s.Close)
	r.url = s.URL
	return r
}

func (r *told) note(delivery string, e api.WebhookEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deliveries[delivery]++
	for name, value := range e.Data {
		if r.data[name] == nil {
			r.data[name] = map[string]bool{}
		}
		r.data[name][fmt.Sprint(value)] = true
	}
}

func (r *told) count(delivery string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.deliveries[delivery]
}

// seen are the values that a member of the events' data had.
func (r *told) seen(name string) map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := map[string]bool{}
	for value := range r.data[name] {
		seen[value] = true
	}
	return seen
}
