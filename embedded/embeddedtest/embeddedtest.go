// Package embeddedtest starts a real registry for a test, on a free port and in a folder of its
// own, and talks to it over HTTP.
package embeddedtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
)

// Registry is a registry that runs until the end of its test.
type Registry struct {
	URL   string
	Clock *Clock
	Data  string
	stop  func()
}

// Start starts a registry. Its options can be changed before; by default it listens on a free port
// of loopback and keeps its data in a folder of the test.
func Start(t testing.TB, change ...func(*embedded.Options)) *Registry {
	t.Helper()
	clock := &Clock{}
	o := embedded.Options{Addr: "127.0.0.1:0", Data: t.TempDir(), Version: "test", Now: clock.Now}
	for _, c := range change {
		c(&o)
	}
	r, err := embedded.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil && err != http.ErrServerClosed {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return &Registry{URL: r.URL(), Clock: clock, Data: o.Data, stop: stop}
}

// Stop stops the registry before its test ends. Its data stays for another one.
func (r *Registry) Stop() { r.stop() }

// Clock is the time a registry goes by: the real one, and what was added to it.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance lets time pass.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// Answer is what the registry answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes a request. A token is sent as x-access-token; a body that is no io.Reader is sent as
// JSON. Redirects are not followed.
func (r *Registry) Do(t testing.TB, method, path, token string, body any) Answer {
	t.Helper()
	req, err := http.NewRequest(method, r.URL+path, encode(t, body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("X-Access-Token", token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return r.Send(t, req)
}

func encode(t testing.TB, body any) io.Reader {
	t.Helper()
	switch body := body.(type) {
	case nil:
		return nil
	case io.Reader:
		return body
	case string:
		return strings.NewReader(body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(raw)
}

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Send makes a request that was made ready elsewhere.
func (r *Registry) Send(t testing.TB, req *http.Request) Answer {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: raw}
}

// Want fails the test unless the answer has the status.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

// WantError fails the test unless the answer is an error of that status and code.
func (a Answer) WantError(t testing.TB, status int, code string) Answer {
	t.Helper()
	if got := JSON[struct{ Error string }](t, a.Want(t, status)).Error; got != code {
		t.Fatalf("error %q, want %q: %s", got, code, a.Body)
	}
	return a
}

// Put sends bytes to a URL that needs no token, and returns the status of the answer.
func Put(t testing.TB, url string, body []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// JSON decodes an answer.
func JSON[T any](t testing.TB, a Answer) (v T) {
	t.Helper()
	if err := json.Unmarshal(a.Body, &v); err != nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	return v
}

// Password is every test account's.
const Password = "correct horse battery"

// SignUp makes an account and returns the token of a session.
func (r *Registry) SignUp(t testing.TB, username string) string {
	t.Helper()
	r.Do(t, "POST", "/api/auth/signup", "", map[string]any{
		"username": username, "email": username + "@example.com", "password": Password,
	}).Want(t, 201)
	return r.SignIn(t, username)
}

// SignIn returns the token of a new session.
func (r *Registry) SignIn(t testing.TB, username string) string {
	t.Helper()
	a := r.Do(t, "POST", "/api/auth/signin", "", map[string]any{"username": username, "password": Password}).Want(t, 200)
	return JSON[struct{ AccessToken string }](t, a).AccessToken
}

// Organization makes an organization.
func (r *Registry) Organization(t testing.TB, token, name string) {
	t.Helper()
	r.Do(t, "POST", "/api/organization", token, map[string]any{"name": name}).Want(t, 201)
}

// Box makes a box and returns its path in the API.
func (r *Registry) Box(t testing.TB, token, organization, name string, public bool) string {
	t.Helper()
	path := "/api/organization/" + organization + "/box"
	r.Do(t, "POST", path, token, map[string]any{"name": name, "isPublic": public}).Want(t, 201)
	return path + "/" + name
}
