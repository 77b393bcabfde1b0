package route_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

func TestOneRequestTooManyIsToldWhenToComeBack(t *testing.T) {
	s := &service{}
	shell := route.Shell{Identify: identify, Limits: &limit.Limiter{Quotas: limit.Quotas{Address: 2, Account: 1}}}
	h := shell.Handler(route.Row{Access: route.Known, Handler: route.To((*service).Do)}, s)
	ask := func(token string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, post("", "X-Access-Token", token))
		return w
	}
	if w := ask("ada"); w.Code != 200 || w.Header().Get("RateLimit-Limit") != "1" || w.Header().Get("RateLimit-Remaining") != "0" || w.Header().Get("RateLimit-Reset") != "60" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w := ask("ada")
	if f := wantFailure(t, w, registry.RateLimited); f.Details["retryAfter"] != 60.0 || w.Header().Get("Retry-After") != "60" {
		t.Errorf("%v, details %v", w.Header(), f.Details)
	}
	wantFailure(t, ask("stale"), registry.Unauthenticated)
	wantFailure(t, ask(""), registry.Unauthenticated)
	wantFailure(t, ask("stale"), registry.RateLimited)
	wantFailure(t, ask("stale too"), registry.RateLimited)
	if w := ask("robot"); w.Code != 200 {
		t.Errorf("a caller is held back by what others do at its address: %d", w.Code)
	}
}

func TestTheBytesOfAnUploadDoNotCount(t *testing.T) {
	shell := route.Shell{Identify: identify, Limits: &limit.Limiter{Quotas: limit.Quotas{Address: 1, Account: 1}}}
	h := shell.Handler(route.Row{Access: route.Known, Handler: route.To((*streamer).Raw)}, &streamer{})
	for range 5 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, withHeader(httptest.NewRequest("PUT", "/", strings.NewReader("chunk")), "X-Access-Token", "ada"))
		if w.Code != 200 || w.Header().Get("RateLimit-Limit") != "" {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
	}
	for i, want := range []int{401, 429} { // but whoever has no token does not send bytes for nothing
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, httptest.NewRequest("PUT", "/", strings.NewReader("chunk"))); w.Code != want {
			t.Errorf("stranger %d: %d", i, w.Code)
		}
	}
}
