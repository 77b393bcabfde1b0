package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/shared/gateway"
)

// get is an event that a ServeMux answers, made by hand.
func get(path string) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{RouteKey: "$default", RawPath: path}
	e.RequestContext.HTTP.Method = http.MethodGet
	e.RequestContext.RequestID = "ATfSmjLgPHcESJw="
	return e
}

func TestContextOfTheInvocation(t *testing.T) {
	deadline := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	var got context.Context
	h := gateway.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Context() }))
	if _, err := h(ctx, get("/")); err != nil {
		t.Fatal(err)
	}
	if d, ok := got.Deadline(); !ok || !d.Equal(deadline.Add(-time.Second)) { // which is left to answer in
		t.Errorf("the handler's deadline is %v, the invocation's %v", d, deadline)
	}
	cancel()
	if !errors.Is(got.Err(), context.Canceled) {
		t.Error("the handler's context outlives the invocation")
	}
}

// TestPanic would end the test's process if the handler's panic got out.
func TestPanic(t *testing.T) {
	log := captureLog(t)
	h := gateway.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "session=abc123")
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("half an ans"))
		panic("lost a box")
	}))
	response, err := h(t.Context(), get("/"))
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusInternalServerError || strings.Contains(response.Body, "half") || len(response.Cookies) > 0 {
		t.Errorf("answered %+v", response)
	}
	for _, want := range []string{"lost a box", "ATfSmjLgPHcESJw=", "gateway_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not have %q: %s", want, log)
		}
	}
	if strings.Contains(response.Body, "lost") {
		t.Errorf("the fault was told to the client: %s", response.Body)
	}
}

func TestAbortIsNotLogged(t *testing.T) {
	log := captureLog(t)
	h := gateway.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	response, err := h(t.Context(), get("/"))
	if err != nil || response.StatusCode != http.StatusInternalServerError || log.Len() > 0 {
		t.Errorf("answered %+v, %v, logged %q", response, err, log)
	}
}

// TestStatusThatIsNone: net/http panics on one, rather than to send it.
func TestStatusThatIsNone(t *testing.T) {
	captureLog(t)
	for _, status := range []int{-1, 0, 99, 1000} {
		h := gateway.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		response, err := h(t.Context(), get("/"))
		if err != nil || response.StatusCode != http.StatusInternalServerError {
			t.Errorf("status %d: answered %+v, %v", status, response, err)
		}
	}
}

func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func TestNoHTTPRequest(t *testing.T) {
	h := gateway.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") }))
	e := get("/")
	e.Body, e.IsBase64Encoded = "no base64!", true
	if _, err := h(t.Context(), e); err == nil {
		t.Error("a body that does not decode was taken")
	}
}

// TestHostOfTheEnvironment: the library lets a variable choose the host of every request.
func TestHostOfTheEnvironment(t *testing.T) {
	t.Setenv("GO_API_HOST", "http://elsewhere.example.com/base")
	h := gateway.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got := r.URL.String(); got != "https://boxes.example.com/acme" || r.Host != "boxes.example.com" {
			t.Errorf("the request is for %s at %s", got, r.Host)
		}
	}))
	e := get("/acme")
	e.Headers = map[string]string{"host": "boxes.example.com"}
	if _, err := h(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// TestBodyNotAllowed: a handler learns what net/http would have told it.
func TestBodyNotAllowed(t *testing.T) {
	h := gateway.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		if _, err := w.Write([]byte("x")); !errors.Is(err, http.ErrBodyNotAllowed) {
			t.Errorf("the write returned %v", err)
		}
	}))
	if _, err := h(t.Context(), get("/")); err != nil {
		t.Fatal(err)
	}
}
