package main_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Credentials of a container are good for some hours, and a relay runs for months.
func TestCredentialsComeFromTheContainerAndAreAskedForAgain(t *testing.T) {
	w := newWorld(t)
	w.given.changes()
	table, used := keysOf(t, *w.table.Options().BaseEndpoint)
	p := start(t, append(without(w.env, "AWS_ENDPOINT_URL_DYNAMODB="), "AWS_ENDPOINT_URL_DYNAMODB="+table))
	before, _ := w.given.seen()
	none := strings.Replace(architecture, "debian", "none", 1)
	for range 2 {
		w.Send(t, request(t, "POST", p.url+none+"/file/upload", w.owner, strings.NewReader("a file"))).WantError(t, 404, "NOT_FOUND")
	}
	after, wrong := w.given.seen()
	if before == 0 || after == before || wrong > 0 {
		t.Errorf("they were asked for %d times, %d at the start, and %d times without the ticket", after, before, wrong)
	}
	if seen := used(); len(seen) < 2 {
		t.Errorf("the table is asked by %q, of %d keys that were given", seen, after)
	}
}

// keysOf stands before a server and tells by which keys it was asked.
func keysOf(t *testing.T, server string) (at string, used func() []string) {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	seen := map[string]bool{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		_, signer, _ := strings.Cut(r.In.Header.Get("Authorization"), "Credential=")
		key, _, _ := strings.Cut(signer, "/")
		mu.Lock()
		defer mu.Unlock()
		seen[key] = true
	}}
	return serve(t, proxy), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Sorted(maps.Keys(seen))
	}
}

// without is an environment that lacks what begins so.
func without(env []string, beginnings ...string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(entry, b) })
	})
}

func TestTheRelaySaysWhyItCannotStart(t *testing.T) {
	w := newWorld(t)
	for want, env := range map[string][]string{
		"BOXVAULT_TABLE is not set":    without(w.env, "BOXVAULT_TABLE="),
		"AWS_REGION is not set":        without(w.env, "AWS_REGION="),
		"there are no AWS credentials": append(without(w.env, "AWS_CONTAINER_"), "AWS_EC2_METADATA_DISABLED=true"),
		"no: write an origin":          append(w.env, "BOXVAULT_ORIGINS=no"),
	} {
		p := start(t, env)
		if <-p.ended; p.err == nil || len(p.lines()) != 1 || !strings.Contains(p.lines()[0], want) {
			t.Errorf("it ends with %v and says %q, not %q", p.err, p.lines(), want)
		}
	}
}

// The load balancer asks for nothing but the process: a table that is out of reach for a while must not end uploads.
func TestHealthLooksAtNoStore(t *testing.T) {
	w := newWorld(t)
	p := start(t, append(without(w.env, "AWS_ENDPOINT_URL_DYNAMODB="), "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1"))
	w.Send(t, request(t, "GET", p.url+"/health", "", nil)).Want(t, http.StatusNoContent)
}

// Paths that no row of the relay has are answered as the functions do, pages of other origins as API Gateway
// does, and each request is a line that CloudWatch makes metrics of, with the client's address and without health.
func TestTheRelayAnswersAsTheAPI(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	req := request(t, "GET", p.url+architecture+"/file/upload", "", nil)
	req.Header.Set("CloudFront-Viewer-Address", "2001:db8::1:46532")
	w.Send(t, request(t, "GET", p.url+"/health", "", nil)).Want(t, http.StatusNoContent)
	w.Send(t, req).WantError(t, 404, "NOT_FOUND")
	w.Send(t, request(t, "POST", p.url+architecture+"/file/upload", "", strings.NewReader("x"))).WantError(t, 401, "TOKEN_INVALID")

	preflight := request(t, "OPTIONS", p.url+architecture+"/file/upload", "", nil)
	preflight.Header.Set("Origin", "https://pages.example")
	preflight.Header.Set("Access-Control-Request-Method", "POST")
	if a := w.Send(t, preflight); a.Header.Get("Access-Control-Allow-Origin") != "https://pages.example" {
		t.Errorf("a preflight is answered %d %v", a.Status, a.Header)
	}
	p.terminate(t)
	<-p.ended
	var requests []string
	for _, text := range p.lines() {
		var line struct {
			Msg, Route, Address, Class string
			AWS                        any `json:"_aws"`
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Msg == "request" && line.AWS == nil {
			t.Errorf("%v: %s", err, text)
		}
		if line.Msg == "request" {
			requests = append(requests, line.Route+" "+line.Class+" "+line.Address)
		}
	}
	if want := []string{"NotFound 4xx 2001:db8::1", "UploadRaw 4xx 127.0.0.1"}; !slices.Equal(requests, want) {
		t.Errorf("logged are %q, want %q", requests, want)
	}
}
