package boxes_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

func names(list []api.Box) (all []string) {
	for _, b := range list {
		all = append(all, b.Name)
	}
	return all
}

// page follows the Link headers from a first page to the last.
func pages(t *testing.T, r *coretest.Registry, path, token string) (all [][]string) {
	t.Helper()
	for path != "" {
		a := r.Do(t, "GET", path, token, nil).Want(t, 200)
		all = append(all, names(embeddedtest.JSON[[]api.Box](t, a)))
		path = ""
		if link := a.Header.Get("Link"); link != "" {
			path = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		}
		if len(all) > 50 {
			t.Fatal("the pages do not come to an end")
		}
	}
	return all
}

// Every third box is public; a page is full as long as there is more to see.
func TestAListIsPagedOverWhatTheCallerMaySee(t *testing.T) {
	r, ada := coretest.Acme(t)
	var all, public []string
	for i := range 12 {
		name := fmt.Sprintf("box%02d", i)
		r.Box(t, ada, "acme", name, i%3 == 1)
		all = append(all, name)
		if i%3 == 1 {
			public = append(public, name)
		}
	}
	for _, limit := range []int{1, 2, 3, 5, 12, 1000} {
		for token, want := range map[string][]string{ada: all, "": public} {
			got := pages(t, r, fmt.Sprint(boxes, "?limit=", limit), token)
			if !slices.Equal(slices.Concat(got...), want) {
				t.Errorf("limit %d: %v, want %v", limit, got, want)
			}
			for i, page := range got {
				if last := i == len(got)-1; len(page) > limit || !last && len(page) < limit {
					t.Errorf("limit %d: page %d of %v", limit, i, got)
				}
			}
		}
	}
	if got := pages(t, r, boxes+"?after=BOX09", ada); !slices.Equal(slices.Concat(got...), []string{"box10", "box11"}) {
		t.Errorf("behind box09 come %v", got)
	}
	if got := pages(t, r, boxes+"?after=zzz", ""); len(slices.Concat(got...)) != 0 {
		t.Errorf("behind the last come %v", got)
	}
}

func TestAListHasNeitherVersionsNorReadmes(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	change[api.Box](t, r, box, ada, `{"readme":"# long","shortDescription":"short"}`)
	publish(t, r, ada, box, "x")
	a := r.Do(t, "GET", boxes, "", nil).Want(t, 200)
	if list := embeddedtest.JSON[[]api.Box](t, a); len(list) != 1 || list[0].ShortDescription != "short" || strings.Contains(string(a.Body), "versions") || strings.Contains(string(a.Body), "long") {
		t.Errorf("%s", a.Body)
	}
}

func TestAnOrganizationThatShowsNothingIsThereForItsMembersOnly(t *testing.T) {
	r, ada := coretest.Acme(t)
	if a := r.Do(t, "GET", boxes, ada, nil).Want(t, 200); string(a.Body) != "[]" {
		t.Errorf("%s", a.Body)
	}
	r.Box(t, ada, "acme", "private", false)
	r.Organization(t, ada, "attic")
	r.Do(t, "PUT", "/api/organization/attic", ada, `{"name":"cellar"}`).Want(t, 200)
	missing := r.Do(t, "GET", "/api/organization/none/box", "", nil).WantError(t, 404, "NOT_FOUND")
	for _, path := range []string{boxes, boxes + "?after=a", boxes + "?after=z", "/api/organization/attic/box"} {
		hidden := r.Do(t, "GET", path, "", nil).WantError(t, 404, "NOT_FOUND")
		if string(hidden.Body) != string(missing.Body) {
			t.Errorf("%s: %s and %s", path, hidden.Body, missing.Body)
		}
	}
}
