package client

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestParseURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://boxes.example.com":    "https://boxes.example.com",
		"HTTPS://Boxes.Example.com/":   "https://boxes.example.com",
		"boxes.example.com":            "https://boxes.example.com",
		"localhost:3000":               "http://localhost:3000",
		"127.0.0.1:3000":               "http://127.0.0.1:3000",
		"[::1]:3000":                   "http://[::1]:3000",
		"https://example.com/Registry": "https://example.com/Registry",
	} {
		if got, err := ParseURL(in); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "https://", "ftp://example.com", "https://ada:secret@example.com", "https://example.com?a=b", "https://exa mple.com"} {
		if got, err := ParseURL(in); err == nil {
			t.Errorf("%q was taken for %s", in, got)
		}
	}
}

// Every kind of error comes back as it went out.
func TestKindsAreReadBothWays(t *testing.T) {
	for kind, k := range registry.Kinds {
		if got := kindOf(k.Code, k.Status); got != registry.Kind(kind) {
			t.Errorf("%s came back as %s", k.Code, registry.Kinds[got].Code)
		}
	}
	if got := kindOf("SOMETHING_NEW", 404); got != registry.NotFound {
		t.Errorf("an unknown code with 404 is %s", registry.Kinds[got].Code)
	}
	if got := kindOf("", 418); got != registry.Internal {
		t.Errorf("418 is %s", registry.Kinds[got].Code)
	}
}

func TestNextPage(t *testing.T) {
	for link, want := range map[string]string{
		"":                                     "",
		`</api/x?after=b&limit=2>; rel="next"`: "after=b&limit=2",
		`<https://elsewhere.example/api/x?after=b>; rel="next"`:              "after=b",
		`</api/x?limit=2>; rel="first", </api/x?after=c&limit=2>;rel="next"`: "after=c&limit=2",
		`</api/x?after=b>; rel="prev"`:                                       "",
	} {
		query, more := nextPage(http.Header{"Link": {link}})
		if query != want || more != (want != "") {
			t.Errorf("%s: %q, %t", link, query, more)
		}
	}
}

func TestPagesGoOnToTheEnd(t *testing.T) {
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	var want []string
	for i := range 5 {
		name := fmt.Sprintf("box%d", i)
		r.Box(t, token, "acme", name, false)
		want = append(want, name)
	}
	c, err := New(r.URL, token)
	if err != nil {
		t.Fatal(err)
	}
	first := get(organizationPath("acme") + "/box")
	first.query = "limit=2"
	var got []string
	for box, err := range pages[api.Box](t.Context(), c, first) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, box.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "soon": 0, "Sun, 01 Nov 2026 12:01:00 GMT": time.Minute,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestPausesGrowAndVary(t *testing.T) {
	for attempt, bound := range map[int]time.Duration{1: firstPause, 2: 2 * firstPause, 3: 4 * firstPause, 20: longestPause} {
		seen := map[time.Duration]bool{}
		for range 100 {
			d := jittered(attempt)
			if d < bound/2 || d >= bound {
				t.Fatalf("pause %d is %s, want between %s and %s", attempt, d, bound/2, bound)
			}
			seen[d] = true
		}
		if len(seen) < 50 {
			t.Errorf("pause %d has %d values in 100", attempt, len(seen))
		}
	}
}
