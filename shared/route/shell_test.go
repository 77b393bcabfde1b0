package route_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

func TestWhoMayCallARow(t *testing.T) {
	for _, c := range []struct {
		access  route.Access
		token   string
		status  int
		caller  string
		warning bool
	}{
		{route.Anyone, "", 200, "", false},
		{route.Anyone, "ada", 200, "ada", false},
		{route.Anyone, "stale", 200, "", true},
		{route.Known, "", 401, "", false},
		{route.Known, "stale", 401, "", false},
		{route.Known, "ada", 200, "ada", false},
		{route.Known, "robot", 200, "robot", false},
		{route.People, "", 401, "", false},
		{route.People, "robot", 403, "", false},
		{route.People, "ada", 200, "ada", false},
	} {
		var s service
		w := serve(&s, route.Row{Access: c.access}, post("", "X-Access-Token", c.token))
		if w.Code != c.status || s.called != (c.status == 200) || s.caller.Username != c.caller {
			t.Errorf("%s with token %q: %d, called %v as %q", c.access, c.token, w.Code, s.called, s.caller.Username)
		}
		if (w.Header().Get("Warning") != "") != c.warning {
			t.Errorf("%s with token %q: Warning %q", c.access, c.token, w.Header().Get("Warning"))
		}
		if c.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Error("a 401 does not say how to sign in")
		}
	}
}

func TestAServiceAccountIsToldWhoMayCall(t *testing.T) {
	var s service
	f := wantFailure(t, serve(&s, route.Row{Access: route.People}, post("", "X-Access-Token", "robot")), registry.Forbidden)
	if f.Details["requiredRole"] != "user" || fmt.Sprint(f.Details["currentRoles"]) != "[service account]" {
		t.Errorf("details %v", f.Details)
	}
}

func TestErrorsInBothDialects(t *testing.T) {
	s := service{err: fmt.Errorf("read: %w", registry.Errorf(registry.Conflict, "it is there").With("at", 3))}
	f := wantFailure(t, serve(&s, route.Row{}, post("")), registry.Conflict)
	if f.Message != "it is there" || f.Details["at"] != 3.0 {
		t.Errorf("told %+v", f)
	}
	w := serve(&s, route.Row{Dialect: route.Vagrant}, post(""))
	if w.Code != 409 || w.Body.String() != `{"errors":["it is there"],"success":false}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAFaultIsLoggedWholeAndToldInShort(t *testing.T) {
	for name, s := range map[string]*service{
		"error":        {err: errors.New("the secret disk is on fire")},
		"panic":        {panics: "the secret disk is on fire"},
		"panic, error": {panics: errors.New("the secret disk is on fire")},
		"bad answer":   {answer: map[string]any{"secret": func() {}}},
	} {
		t.Run(name, func(t *testing.T) {
			w, log := serveLogged(s, route.Row{}, post("", "X-Request-Id", "abc123"))
			f := wantFailure(t, w, registry.Internal)
			if !strings.Contains(f.Message, "abc123") || w.Header().Get("X-Request-Id") != "abc123" {
				t.Errorf("the request id is not told: %+v", f)
			}
			if all := fmt.Sprint(f, w.Header()); strings.Contains(all, "secret") || strings.Contains(all, ".go") || strings.Contains(all, "goroutine") {
				t.Errorf("internals are told: %s", all)
			}
			line := oneLine(t, log)
			if line["level"] != "ERROR" || line["status"] != 500.0 || line["error"] == nil {
				t.Errorf("logged %v", line)
			}
			if stack, _ := line["stack"].(string); strings.HasPrefix(name, "panic") != strings.Contains(stack, "route_test.go") {
				t.Errorf("the stack of the panic is %q", stack)
			}
		})
	}
}

// That a client has gone is no fault of ours, but that something else was cancelled is.
func TestAClientThatHasGoneIsNoFault(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for ctx, want := range map[context.Context]registry.Kind{gone: registry.Timeout, t.Context(): registry.Internal} {
		s := service{err: fmt.Errorf("read records: %w", context.Canceled)}
		w, log := serveLogged(&s, route.Row{}, post("").WithContext(ctx))
		wantFailure(t, w, want)
		if line := oneLine(t, log); (line["level"] == "ERROR") != (want == registry.Internal) {
			t.Errorf("logged %v", line)
		}
	}
}

func oneLine(t *testing.T, log string) (line map[string]any) {
	t.Helper()
	if strings.Count(log, "\n") != 1 {
		t.Fatalf("a request is logged in one line, not in these:\n%s", log)
	}
	if err := json.Unmarshal([]byte(log), &line); err != nil {
		t.Fatal(err)
	}
	return line
}

func TestARequestIsLoggedInOneLineWithoutItsSecrets(t *testing.T) {
	r := httptest.NewRequest("PUT", "/box/debian?access_token=query-secret", strings.NewReader(`{"text":"body-secret"}`))
	withHeader(r, "X-Access-Token", "ada", "Authorization", "Bearer header-secret", "X-Request-Id", "id-7")
	_, log := serveLogged(&service{err: registry.Missing("box")}, route.Row{Access: route.Known}, r)
	line := oneLine(t, log)
	for field, want := range map[string]any{
		"level": "INFO", "route": "Do", "method": "PUT", "status": 404.0, "caller": "ada", "request": "id-7",
	} {
		if line[field] != want {
			t.Errorf("%s is %v, want %v", field, line[field], want)
		}
	}
	if ms, ok := line["ms"].(float64); !ok || ms < 0 {
		t.Errorf("the duration is %v", line["ms"])
	}
	if strings.Contains(log, "secret") {
		t.Errorf("a secret is in the log: %s", log)
	}
}

// Whatever a handler answers with, the log has the status that the client got.
func TestTheLoggedStatusIsTheOneSent(t *testing.T) {
	for _, c := range []struct {
		answer any
		want   int
	}{
		{map[string]int{}, 201}, {route.Redirect{URL: "http://x/"}, 302}, {route.Sketch{ContentType: "a/b"}, 200},
		{route.Document{ContentType: "a/b", ETag: `"1"`}, 201}, {accepted(202), 202}, {accepted(0), 201},
	} {
		w, log := serveLogged(&service{answer: c.answer}, route.Row{Status: 201}, post(""))
		if got := oneLine(t, log)["status"]; w.Code != c.want || got != float64(c.want) {
			t.Errorf("%T: sent %d, logged %v, want %d", c.answer, w.Code, got, c.want)
		}
	}
}

type accepted int

func (a accepted) HTTPStatus() int { return int(a) }

func TestRequestIDs(t *testing.T) {
	made := map[string]bool{}
	for sent, kept := range map[string]bool{
		"abc-123": true, "1-67891233-abcdef012345678912345678": true, strings.Repeat("a", 64): true,
		"": false, strings.Repeat("a", 65): false, "a b": false, "<script>": false, "a\tb": false, "ä": false, "JKJaXmPLvHcESHA=": true,
	} {
		w := serve(&service{}, route.Row{}, post("", "X-Request-Id", sent))
		got := w.Header().Get("X-Request-Id")
		if (got == sent) != kept || len(got) < 7 || made[got] {
			t.Errorf("%q became %q", sent, got)
		}
		made[got] = true
	}
}

func TestNoLogIsNoFault(t *testing.T) {
	h := route.Shell{Identify: identify}.Handler(route.Row{Handler: route.To((*service).Do)}, &service{})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
