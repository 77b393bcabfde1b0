package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tab is a page in a real browser, driven over the Chrome DevTools Protocol
// (https://chromedevtools.github.io/devtools-protocol), which needs no more than two pipes.
type tab struct {
	to      io.Writer
	session string

	mu      sync.Mutex
	next    int
	waiting map[int]chan reply
	events  []event
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// event is something that happened in the browser.
type event struct {
	Method string
	Params json.RawMessage
}

// newTab opens a browser, which ends with the test.
func newTab(t *testing.T) *tab {
	t.Helper()
	need(t, "chromium")
	theirs, ours := pipe(t), pipe(t)
	cmd := exec.Command("chromium", "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
		"--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run", "--window-size=1200,900")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	cmd.SysProcAttr = endWithParent()
	cmd.ExtraFiles = []*os.File{theirs.out, ours.in} // 3 and 4
	b := &tab{to: theirs.in, waiting: map[int]chan reply{}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.out.Close()
	ours.in.Close()
	t.Cleanup(func() { b.end(cmd) })
	go b.read(ours.out)
	made := call[struct{ TargetID string }](t, b, "Target.createTarget", map[string]any{"url": "about:blank"})
	b.session = call[struct{ SessionID string }](t, b, "Target.attachToTarget", map[string]any{"targetId": made.TargetID, "flatten": true}).SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		call[any](t, b, domain+".enable", nil)
	}
	return b
}

// end has the browser end by itself, so that none of its processes writes into its folder any more.
func (b *tab) end(cmd *exec.Cmd) {
	stuck := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	_, _ = io.WriteString(b.to, `{"id":0,"method":"Browser.close"}`+"\x00")
	_ = cmd.Wait()
}

type pipeEnds struct{ out, in *os.File }

func pipe(t *testing.T) pipeEnds {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return pipeEnds{out, in}
}

// read takes messages, each of which ends with a zero, until the browser has ended.
func (b *tab) read(from *os.File) {
	defer from.Close()
	in := bufio.NewReader(from)
	for {
		raw, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m struct {
			ID int
			event
			reply
		}
		if json.Unmarshal(raw[:len(raw)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if waits := b.waiting[m.ID]; waits != nil {
			waits <- m.reply
			delete(b.waiting, m.ID)
		} else {
			b.events = append(b.events, m.event)
		}
		b.mu.Unlock()
	}
}

// call calls a method of the protocol.
func call[T any](t *testing.T, b *tab, method string, params any) (result T) {
	t.Helper()
	answered := make(chan reply, 1)
	b.mu.Lock()
	b.next++
	id := b.next
	b.waiting[id] = answered
	b.mu.Unlock()
	message := map[string]any{"id": id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	must[int](t)(b.to.Write(append(must[[]byte](t)(json.Marshal(message)), 0)))
	var got reply
	until(t, "the browser has answered "+method, func() bool {
		select {
		case got = <-answered:
			return true
		default:
			return false
		}
	})
	if got.Error != nil {
		t.Fatalf("%s: %s", method, got.Error.Message)
	}
	return decode[T](t, string(got.Result))
}

// open goes to a URL.
func (b *tab) open(t *testing.T, url string) {
	t.Helper()
	call[any](t, b, "Page.navigate", map[string]any{"url": url})
}

// is reports whether a JavaScript expression is true in the page.
func (b *tab) is(t *testing.T, expression string) bool {
	t.Helper()
	got := call[struct {
		Result struct{ Value any }
	}](t, b, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true})
	return got.Result.Value == true
}

// click clicks on the element that a selector finds, once it is there.
func (b *tab) click(t *testing.T, selector string) {
	t.Helper()
	found := "document.querySelector(" + quote(t, selector) + ")"
	until(t, selector+" is in the page", func() bool { return b.is(t, found+" !== null") })
	b.is(t, found+".click()")
}

// enter puts text into the field that a selector finds, as a keyboard does.
func (b *tab) enter(t *testing.T, selector, text string) {
	t.Helper()
	b.is(t, "document.querySelector("+quote(t, selector)+").focus()")
	call[any](t, b, "Input.insertText", map[string]any{"text": text})
}

// wantText waits until an element has a text.
func (b *tab) wantText(t *testing.T, selector, text string) {
	t.Helper()
	until(t, selector+" has the text "+text, func() bool {
		return b.is(t, "Array.from(document.querySelectorAll("+quote(t, selector)+")).some(e => e.textContent.includes("+quote(t, text)+"))")
	})
}

// happened lists the events of a kind.
func (b *tab) happened(method string) []event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.events), func(e event) bool { return e.Method != method })
}

func quote(t *testing.T, text string) string {
	t.Helper()
	return string(must[[]byte](t)(json.Marshal(text)))
}

// wantQuiet says what the browser asked of anybody but the registry, and what it complained about. That the API
// refuses something is no fault of a page.
func (b *tab) wantQuiet(t *testing.T, registry string) {
	t.Helper()
	for _, e := range b.happened("Network.requestWillBeSent") {
		sent := decode[struct{ Request struct{ URL string } }](t, string(e.Params))
		if url := sent.Request.URL; !strings.HasPrefix(url, registry+"/") && !strings.HasPrefix(url, "data:") {
			t.Errorf("the page asks %s", url)
		}
	}
	for _, e := range b.happened("Runtime.exceptionThrown") {
		t.Errorf("a script failed: %s", e.Params)
	}
	for _, e := range b.happened("Log.entryAdded") {
		entry := decode[struct {
			Entry struct{ Level, Source, Text string }
		}](t, string(e.Params)).Entry
		if entry.Level != "verbose" && !(entry.Source == "network" && strings.Contains(entry.Text, "status of 4")) {
			t.Errorf("the browser says: %s", entry.Text)
		}
	}
}

// looks gives the page a screen of that width in CSS pixels, with a light or a dark scheme.
func (b *tab) looks(t *testing.T, width int, scheme string) {
	t.Helper()
	call[any](t, b, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600})
	call[any](t, b, "Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	})
}
