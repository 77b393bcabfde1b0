package organizations_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// open lets everyone ask to join acme.
func open(t *testing.T, r *coretest.Registry, owner string) {
	t.Helper()
	r.Do(t, "PUT", acme+"/access-mode", owner, `{"accessMode":"request_to_join"}`).Want(t, 200)
}

func ask(t *testing.T, r *coretest.Registry, token string) api.JoinRequest {
	t.Helper()
	return embeddedtest.JSON[api.JoinRequest](t, r.Do(t, "POST", acme+"/requests", token, `{"message":"let me in"}`).Want(t, 201))
}

func requests(t *testing.T, r *coretest.Registry, path, token string) []api.JoinRequest {
	t.Helper()
	return embeddedtest.JSON[[]api.JoinRequest](t, r.Do(t, "GET", path, token, nil).Want(t, 200))
}

func TestWhoMayAskToJoin(t *testing.T) {
	r, tokens := cast(t)
	outsider := tokens["outsider"]
	r.Do(t, "POST", acme+"/requests", outsider, `{}`).WantError(t, 404, "NOT_FOUND") // private: it does not exist
	r.Do(t, "PUT", acme+"/access-mode", tokens["admin"], `{"accessMode":"invite_only"}`).Want(t, 200)
	r.Do(t, "POST", acme+"/requests", outsider, `{}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	open(t, r, tokens["owner"])
	for _, body := range []string{`{"accessMode":"public"}`, `{}`, `{"accessMode":"private","defaultRole":"owner"}`} {
		r.Do(t, "PUT", acme+"/access-mode", tokens["owner"], body).WantError(t, 400, "VALIDATION_ERROR")
	}
	r.Do(t, "POST", acme+"/requests", tokens["member"], `{}`).WantError(t, 409, "CONFLICT")
	made := ask(t, r, outsider)
	if made.Organization != "acme" || made.Status != "pending" || made.User.Username != "mallory" || made.Message != "let me in" {
		t.Errorf("asked %+v", made)
	}
	r.Do(t, "POST", acme+"/requests", outsider, `{}`).WantError(t, 409, "CONFLICT")
	r.Do(t, "GET", acme+"/requests", tokens["member"], nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	r.Do(t, "GET", acme+"/requests", outsider, nil).WantError(t, 404, "NOT_FOUND")
	if list := requests(t, r, acme+"/requests", tokens["admin"]); len(list) != 1 || list[0].ID != made.ID {
		t.Errorf("the admin sees %+v", list)
	}
	if list := requests(t, r, "/api/user/requests", outsider); len(list) != 1 || list[0].ID != made.ID || list[0].Organization != "acme" {
		t.Errorf("who asked sees %+v", list)
	}
}

// A request is decided once, and who was turned down or thought better of it may ask again.
func TestARequestIsDecided(t *testing.T) {
	r, tokens := cast(t)
	outsider := tokens["outsider"]
	open(t, r, tokens["owner"])
	path := func(id int64, what string) string { return fmt.Sprint(acme, "/requests/", id, "/", what) }
	for range 2 {
		id := ask(t, r, outsider).ID
		r.Do(t, "POST", path(id, "deny"), outsider, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "POST", path(id, "deny"), tokens["member"], nil).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		r.Do(t, "POST", path(id, "deny"), tokens["admin"], nil).Want(t, 200)
		r.Do(t, "POST", path(id, "approve"), tokens["admin"], nil).WantError(t, 404, "NOT_FOUND")
	}
	id := ask(t, r, outsider).ID
	r.Do(t, "DELETE", fmt.Sprint("/api/user/requests/", id), tokens["member"], nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "DELETE", fmt.Sprint("/api/user/requests/", id), outsider, nil).Want(t, 200)
	r.Do(t, "DELETE", fmt.Sprint("/api/user/requests/", id), outsider, nil).WantError(t, 404, "NOT_FOUND")

	id = ask(t, r, outsider).ID
	r.Do(t, "POST", path(id, "approve"), tokens["admin"], `{"assignedRole":"admin"}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	for _, role := range []string{"owner", "king"} {
		r.Do(t, "POST", path(id, "approve"), tokens["owner"], fmt.Sprintf(`{"assignedRole":%q}`, role)).WantError(t, 400, "VALIDATION_ERROR")
	}
	m := embeddedtest.JSON[api.Member](t, r.Do(t, "POST", path(id, "approve"), tokens["admin"], nil).Want(t, 200))
	if m.Username != "mallory" || m.Role != "member" || members(t, r, outsider)["mallory"] != "member" {
		t.Errorf("became %+v", m)
	}
	r.Do(t, "POST", path(id, "approve"), tokens["admin"], nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "DELETE", acme+"/users/mallory", tokens["admin"], nil).Want(t, 200)
	ask(t, r, outsider) // after having been a member
}

// Of several who decide at once, one does.
func TestARequestThatIsDecidedByManyAtOnce(t *testing.T) {
	r, tokens := cast(t)
	open(t, r, tokens["owner"])
	id := ask(t, r, tokens["outsider"]).ID
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		what := []string{"approve", "deny"}[i%2]
		wg.Go(func() {
			switch a := r.Do(t, "POST", fmt.Sprint(acme, "/requests/", id, "/", what), tokens["owner"], nil); a.Status {
			case 200:
				done.Add(1)
			case 404, 409:
			default:
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Errorf("it was decided %d times", done.Load())
	}
}

// Members that come at once are all let in, and counted.
func TestMembersWhoComeAtOnce(t *testing.T) {
	r, ada := coretest.Acme(t)
	for i := range 4 {
		r.Person(t, fmt.Sprint("p", i))
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			r.Do(t, "POST", acme+"/members", ada, fmt.Sprintf(`{"username":"p%d"}`, i)).Want(t, 201)
		})
	}
	wg.Wait()
	if o := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", acme, ada, nil)); o.Members != 5 {
		t.Errorf("%d members are counted", o.Members)
	}
}
