package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

// TestSearch finds boxes by what they are: what is new is found a moment after it was made, private
// ones by their members alone.
func TestSearch(t *testing.T) {
	t.Parallel()
	o, stranger := newOwner(t, target.URL), newPerson(t, target.URL)
	o.box(t, "debian12", true)
	o.box(t, "secret", false)
	o.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 10})
	o.wantFound(t, o.Client, client.Search{Text: o.org + " deb", Provider: "virtualbox", Architecture: "amd64"}, "debian12")
	o.wantFound(t, o.Client, client.Search{Text: o.org}, "debian12", "secret")
	o.wantFound(t, stranger.Client, client.Search{Text: o.org}, "debian12")
	for _, path := range []string{"/api/discover/debian12", "/api/discover"} {
		list := read[[]api.FoundBox](t, ask(t, "GET", target.URL+path+"?organization="+o.org, nil).want(t, 200))
		if len(list) != 1 || list[0].Name != "debian12" || list[0].Version != "1.0.0" {
			t.Errorf("%s: %+v", path, list)
		}
	}
	if err := o.DeleteBox(t.Context(), o.org, "debian12"); err != nil {
		t.Fatal(err)
	}
	o.wantFound(t, stranger.Client, client.Search{Text: o.org})
}

// TestSearchPages goes through 120 boxes page by page while others are added: each is there once.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	var want []string
	for i := range 120 {
		want = append(want, fmt.Sprintf("old%03d", i))
		o.box(t, want[i], i%2 == 0)
	}
	o.wantFound(t, o.Client, client.Search{Organization: o.org}, want...)
	for _, order := range []string{"asc", "desc"} {
		query := url.Values{"organization": {o.org}, "q": {""}, "sort": {"created"}, "order": {order}, "limit": {"7"}}
		got, next := []string{}, "/api/search?"+query.Encode()
		for page := 0; next != ""; page++ {
			a := askJSON(t, "GET", target.URL+next, o.token, nil).want(t, 200)
			for _, b := range read[[]api.FoundBox](t, a) {
				if strings.HasPrefix(b.Name, "old") {
					got = append(got, b.Name)
				}
			}
			if page < 20 { // the pages that go by age would never end
				o.box(t, fmt.Sprintf("new-%s-%d", order, page), page%2 == 0)
			}
			next, _, _ = strings.Cut(strings.TrimPrefix(a.header.Get("Link"), "<"), ">")
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("in the order %s there are %q", order, got)
		}
	}
}

// wantFound waits until somebody finds just the boxes of the organization that have these names.
func (o owner) wantFound(t *testing.T, who *client.Client, s client.Search, want ...string) {
	t.Helper()
	slices.Sort(want)
	s.Organization = o.org
	var got []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		got = nil
		for b, err := range who.Search(t.Context(), s) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, b.Name)
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			return
		}
	}
	t.Fatalf("%+v finds %q, want %q", s, got, want)
}
