package webhook

import (
	"bufio"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// listen is what testdata/handler.js, the published example of a receiver, lacks to run.
const listen = `
app.listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`

// handler starts the published receiver as it is printed, and returns its URL and what it prints.
func handler(t *testing.T) (url string, printed *bufio.Scanner) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the published receiver is not tried")
	}
	modules := must[string](t)(filepath.Abs("../../build/tools/node/node_modules"))
	if _, err := os.Stat(filepath.Join(modules, "express")); err != nil {
		t.Skip("express is not in build/tools/node (`make tools` installs it): the published receiver is not tried")
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", string(must[[]byte](t)(os.ReadFile("testdata/handler.js")))+listen)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules, "WEBHOOK_SECRET="+secret)
	cmd.Stderr = os.Stderr
	out := must[io.ReadCloser](t)(cmd.StdoutPipe())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() }) // the context has ended it by then
	printed = bufio.NewScanner(out)
	printed.Buffer(nil, 1<<20)
	if !printed.Scan() {
		t.Fatal("the receiver did not start")
	}
	return printed.Text(), printed
}

func TestThePublishedReceiverAcceptsWhatWeSend(t *testing.T) {
	url, printed := handler(t)
	s := NewSender(Options{AllowPrivate: true, Timeout: time.Minute, Now: time.Now}) // other tests run beside it
	random := rand.New(rand.NewPCG(11, 12))
	events := []registry.Event{
		uploaded(),
		{ID: 2, Type: registry.BoxDeleted, At: at, Data: map[string]any{"organization": "<my>&\u2028", "box": "📦"}},
		{ID: 3, Type: registry.UserCreated, At: at, Data: map[string]any{"username": "ada", "10": 1, "2": 1e21}},
		{ID: 4, Type: registry.VersionCreated, At: at, Data: map[string]any{"notes": make([]int, 200_000)}},
	}
	for range 200 {
		e := hostileEvent(random)
		e.Type = registry.BoxUpdated
		events = append(events, e)
	}
	w := registry.Webhook{ID: 1, URL: url + "/webhooks/boxvault", Secret: secret}
	for _, e := range events {
		a := must[registry.Attempt](t)(s.Send(t.Context(), w, registry.NewDelivery(w, e, at)))
		if a.Status != 200 || a.Excerpt != "OK" {
			t.Fatalf("the receiver answers %+v to %s", a, body(t, e))
		}
	}
	for _, want := range []string{"Box uploaded: myorg/debian v1.0.0", "Box deleted: <my>&\u2028/📦", "New user: ada"} {
		if printed.Scan(); printed.Text() != want {
			t.Errorf("the receiver printed %q, want %q", printed.Text(), want)
		}
	}
	w.Secret = "another secret"
	a := must[registry.Attempt](t)(s.Send(t.Context(), w, registry.NewDelivery(w, uploaded(), at)))
	if a.Status != 401 || a.Excerpt != "Invalid signature" {
		t.Errorf("signed with another secret: %+v", a)
	}
}
