package boxes_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// watched are the boxes that a person watches and sees.
func watched(t *testing.T, r *coretest.Registry, token string) (tags []string) {
	t.Helper()
	for _, page := range pages(t, r, "/api/user/watches?limit=2", token) {
		tags = append(tags, page...)
	}
	slices.Sort(tags)
	return tags
}

func TestAPersonWatchesBoxes(t *testing.T) {
	r, ada := coretest.Acme(t)
	eve := r.Person(t, "eve")
	for i := range 5 {
		box := r.Box(t, ada, "acme", fmt.Sprint("box", i), true)
		if got := create[api.Watching](t, r, box+"/watch", eve, ``); !got.Watched {
			t.Errorf("told %+v", got)
		}
		r.Do(t, "POST", box+"/watch", eve, nil).Want(t, 200)
	}
	change[api.Box](t, r, boxes+"/box0", ada, `{"name":"renamed","readme":"long"}`)
	r.Do(t, "DELETE", boxes+"/box1", ada, nil).Want(t, 200)
	for range 2 {
		if a := r.Do(t, "DELETE", boxes+"/box2/watch", eve, nil).Want(t, 200); string(a.Body) != `{"watched":false}` {
			t.Errorf("told %s", a.Body)
		}
	}
	if got := watched(t, r, eve); !slices.Equal(got, []string{"box3", "box4", "renamed"}) {
		t.Errorf("watched are %v", got)
	}
	if got := read[[]api.Watch](t, r, "/api/user/watches", eve); got[0].Tag == "" || got[0].WatchedAt.IsZero() || got[0].Readme != "" {
		t.Errorf("a watch is %+v", got[0])
	}
	r.Sweep(t)
	if got := watched(t, r, eve); len(got) != 3 {
		t.Errorf("watched are %v", got)
	}
	for _, query := range []string{"limit=31", "limit=-1", "after=%00"} {
		r.Do(t, "GET", "/api/user/watches?"+query, eve, nil).WantError(t, 400, "VALIDATION_ERROR")
	}
}

// Who may see a box no longer is not told of it any more.
func TestAPrivateBoxIsWatchedByMembers(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "secret", false)
	bob, mallory := r.Member(t, ada, "acme", "bob", "member"), r.Person(t, "mallory")
	r.Do(t, "POST", box+"/watch", mallory, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "POST", box+"/watch", "", nil).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "POST", box+"/watch", r.ServiceAccount(t, ada, nil).Token, nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	create[api.Watching](t, r, box+"/watch", bob, ``)
	if got := watched(t, r, bob); len(got) != 1 {
		t.Errorf("watched are %v", got)
	}
	r.Do(t, "DELETE", "/api/organization/acme/members/"+r.Account(t, "bob").ID.String(), ada, nil).Want(t, 200)
	if got := watched(t, r, bob); len(got) != 0 {
		t.Errorf("who has left sees %v", got)
	}
}
