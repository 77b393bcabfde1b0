package registry_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

// Every constant of the type EventType can be asked for.
func TestAWebhookCanAskForEveryEvent(t *testing.T) {
	names := declaredEvents(t)
	if len(names) < 40 {
		t.Fatalf("event.go declares %q", names)
	}
	events, err := registry.ParseEvents(names)
	if err != nil || len(events) != len(names) {
		t.Fatalf("%d of %d events: %v", len(events), len(names), err)
	}
	_, err = registry.ParseEvents([]string{"no.event"})
	_, list, _ := strings.Cut(err.Error(), "events are ")
	if known := strings.Split(list, ", "); len(known) != len(names)+1 || known[0] != "*" {
		t.Errorf("%d names are offered for %d events", len(known)-1, len(names))
	}
}

// declaredEvents reads the values of the constant block that begins with UserCreated.
func declaredEvents(t *testing.T) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "EventType" {
			name, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			names = append(names, name)
		}
		return false
	})
	return names
}

func TestTheEventsOfAWebhook(t *testing.T) {
	events, err := registry.ParseEvents([]string{"box.uploaded", "user.created", "box.uploaded", "*", "*"})
	if want := []registry.EventType{"box.uploaded", "user.created", "*"}; err != nil || !reflect.DeepEqual(events, want) {
		t.Errorf("%q, %v", events, err)
	}
	for _, names := range [][]string{nil, {}, {""}, {"box.uploaded", "box"}, {"box.*"}, {"BOX.UPLOADED"}, {" box.uploaded"}, {"\x00"}} {
		if events, err := registry.ParseEvents(names); err == nil || !strings.Contains(err.Error(), "box.uploaded, boxes.deleted, certificate.replaced") {
			t.Errorf("%q: %q, %v", names, events, err)
		}
	}
}

func TestWhatAWebhookHearsOf(t *testing.T) {
	uploads := []registry.EventType{registry.BoxUploaded, registry.BoxDeleted}
	all := []registry.EventType{registry.AllEvents}
	uploaded := registry.Event{Type: registry.BoxUploaded, OrganizationID: 1}
	created := registry.Event{Type: registry.UserCreated}
	for name, c := range map[string]struct {
		hook  registry.Webhook
		event registry.Event
		want  bool
	}{
		"its event":                         {registry.Webhook{OrganizationID: 1, Events: uploads, Active: true}, uploaded, true},
		"any event of its organization":     {registry.Webhook{OrganizationID: 1, Events: all, Active: true}, uploaded, true},
		"of another organization":           {registry.Webhook{OrganizationID: 2, Events: all, Active: true}, uploaded, false},
		"of no organization":                {registry.Webhook{OrganizationID: 1, Events: all, Active: true}, created, false},
		"the platform's, of all":            {registry.Webhook{Events: uploads, Active: true}, uploaded, true},
		"the platform's, of none":           {registry.Webhook{Events: all, Active: true}, created, true},
		"another event":                     {registry.Webhook{Events: uploads, Active: true}, created, false},
		"its event, but it is switched off": {registry.Webhook{OrganizationID: 1, Events: uploads}, uploaded, false},
		"any event, but it is switched off": {registry.Webhook{Events: all}, uploaded, false},
		"nothing":                           {registry.Webhook{Active: true}, uploaded, false},
	} {
		if got := c.hook.Matches(c.event); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSecretsOfWebhooks(t *testing.T) {
	for _, secret := range []string{"webhook-secret", "12345678", "mit Umlaut: ü", strings.Repeat("x", 256), registry.NewWebhookSecret()} {
		if err := registry.CheckWebhookSecret(secret); err != nil {
			t.Errorf("%q %v", secret, err)
		}
	}
	for _, secret := range []string{"", "1234567", strings.Repeat("x", 257), "with\x00zero", "two\nlines", "tab\tulator"} {
		if registry.CheckWebhookSecret(secret) == nil {
			t.Errorf("%q is accepted", secret)
		}
	}
	if a, b := registry.NewWebhookSecret(), registry.NewWebhookSecret(); a == b || len(a) < 26 {
		t.Errorf("made %q and %q", a, b)
	}
}
