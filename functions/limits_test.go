package functions_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/route"
)

func TestStrangersShareTheQuotaOfTheirAddressAndCallersHaveTheirOwn(t *testing.T) {
	r, ada := coretest.Acme(t, func(o *core.Options) { o.Limits = limit.Quotas{Address: 3, Account: 9} })
	bob := r.Person(t, "bob")
	ci := r.ServiceAccount(t, ada, nil).Token
	for i, path := range []string{"/health", "/acme/none", "/nothing"} {
		a := r.Ask(t, "GET", path, "", nil)
		if a.Header.Get("RateLimit-Limit") != "3" || a.Header.Get("RateLimit-Remaining") != fmt.Sprint(2-i) || a.Header.Get("Retry-After") != "" {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
	a := r.Ask(t, "GET", "/health", "", nil).WantError(t, 429, "RATE_LIMIT_EXCEEDED")
	if wait := a.Header.Get("Retry-After"); wait != "20" || !strings.Contains(string(a.Body), `"retryAfter":20`) {
		t.Errorf("Retry-After is %s: %s", wait, a.Body)
	}
	r.Ask(t, "GET", "/api/user", "made up", nil).WantError(t, 429, "RATE_LIMIT_EXCEEDED")
	vagrant := r.Ask(t, "GET", "/acme/none", "", nil).Want(t, 429)
	if !strings.Contains(string(vagrant.Body), `{"errors":["too many requests`) {
		t.Errorf("Vagrant is told %s", vagrant.Body)
	}
	for _, token := range []string{ada, bob, ci} {
		r.Ask(t, "GET", "/api/user", token, nil).Want(t, 200)
	}
	r.Clock.Advance(20 * time.Second)
	r.Ask(t, "GET", "/health", "", nil).Want(t, 200)
	r.Ask(t, "GET", "/health", "", nil).Want(t, 429)
}

// Sessions are cheap to make: they share what their account has.
func TestMoreSessionsAreNoMoreRequests(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Limits.Account = 4 })
	r.SignUp(t, "ada")
	for i := range 6 {
		want := 200
		if i >= 4 {
			want = 429
		}
		r.Ask(t, "GET", "/api/user", r.SignIn(t, "ada"), nil).Want(t, want)
	}
}

func TestPasswordsAreTriedAtALowerRate(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Limits.Sensitive = 3 })
	r.SignUp(t, "ada") // and in
	try := func(status int) {
		t.Helper()
		r.Do(t, "POST", "/api/auth/signin", "", `{"username":"ada","password":"a guess"}`).Want(t, status)
	}
	try(401)
	try(429)
	r.Do(t, "POST", "/api/auth/service-account", "", `{"clientId":"ada","clientSecret":"x"}`).Want(t, 429)
	if a := r.Ask(t, "GET", "/health", "", nil).Want(t, 200); a.Header.Get("RateLimit-Limit") != "1200" {
		t.Errorf("the rest has the limit %v", a.Header)
	}
	r.Clock.Advance(time.Minute)
	try(401)
}

// A route that anyone may try tokens or passwords on, or that sends letters, says so.
func TestRoutesToGuessOnAreSensitive(t *testing.T) {
	for _, row := range functions.Routes() {
		for _, pattern := range row.Patterns() {
			if row.Access == route.Anyone && strings.HasPrefix(pattern, "POST /api/auth/") && !row.Sensitive {
				t.Errorf("%s takes what can be guessed, and is not Sensitive", row.Name)
			}
		}
	}
}

func TestAnUploadInChunksDoesNotUseUpTheQuota(t *testing.T) {
	r, ada := coretest.Acme(t, func(o *core.Options) { o.Limits.Account = 3 })
	r.Box(t, ada, "acme", "debian", false)
	const size, chunks = 5 << 20, 4
	whole := coretest.BoxFile(t, "virtualbox", strings.Repeat("x", (chunks-1)*size))
	for i := range chunks {
		part := whole[i*size : min((i+1)*size, len(whole))]
		a := r.Upload(t, ada, architecture, part, "X-Chunk-Index", fmt.Sprint(i), "X-Total-Chunks", fmt.Sprint(chunks)).Want(t, 200)
		if a.Header.Get("RateLimit-Limit") != "" {
			t.Errorf("chunk %d counts: %v", i, a.Header)
		}
	}
	link := embeddedtest.JSON[struct{ DownloadURL string }](t, r.Ask(t, "POST", file+"/get-download-link", ada, nil).Want(t, 200)).DownloadURL
	for range 5 {
		if got := r.Fetch(t, link); len(got) != len(whole) {
			t.Fatalf("%d bytes came back", len(got))
		}
	}
	r.Ask(t, "GET", "/api/user", ada, nil).Want(t, 429)
}

func TestClientsBehindATrustedProxyAreToldApart(t *testing.T) {
	for trusted, want := range map[string]int{"127.0.0.0/8,::1": 200, "192.0.2.0/24": 429} {
		r := coretest.Start(t, func(o *core.Options) {
			proxies, err := route.ParseProxies(trusted)
			if err != nil {
				t.Fatal(err)
			}
			o.Limits.Address, o.Proxies = 1, proxies
		})
		r.Ask(t, "GET", "/health", "", nil, "X-Forwarded-For", "203.0.113.1").Want(t, 200)
		r.Ask(t, "GET", "/health", "", nil, "X-Forwarded-For", "203.0.113.2").Want(t, want)
		r.Ask(t, "GET", "/health", "", nil, "X-Forwarded-For", "203.0.113.2, 203.0.113.1").Want(t, 429)
	}
}
