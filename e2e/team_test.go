package e2e

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// TestRoles is what a role in an organization is good for, from none to owner.
func TestRoles(t *testing.T) {
	t.Parallel()
	o, guest := newOwner(t, target.URL), newPerson(t, target.URL)
	o.box(t, "secret", false)
	text := "changed"
	wantKind := func(want registry.Kind, err error) {
		t.Helper()
		if registry.KindOf(err) != want {
			t.Errorf("got %v, want an error of %s", err, registry.Kinds[want].Code)
		}
	}
	_, err := guest.Box(t.Context(), o.org, "secret")
	wantKind(registry.NotFound, err)
	_, err = guest.Organization(t.Context(), o.org)
	wantKind(registry.NotFound, err)

	joined := must[api.Member](t)(o.AddMember(t.Context(), o.org, api.MemberInput{Username: guest.name}))
	must[api.Box](t)(guest.Box(t.Context(), o.org, "secret"))
	if told := must[api.Organization](t)(guest.Organization(t.Context(), o.org)); told.Role != "member" {
		t.Errorf("the organization tells the member: %+v", told)
	}
	_, err = guest.UpdateBox(t.Context(), o.org, "secret", api.BoxInput{Description: &text})
	wantKind(registry.Forbidden, err)

	must[api.Member](t)(o.SetRole(t.Context(), o.org, joined.ID, "admin"))
	must[api.Box](t)(guest.UpdateBox(t.Context(), o.org, "secret", api.BoxInput{Description: &text}))
	robot := o.serviceAccount(t)
	seen := askJSON(t, "GET", target.URL+"/api/organization/"+o.org+"/service-accounts", guest.token, nil).want(t, 200)
	if list := read[[]api.ServiceAccount](t, seen); len(list) != 1 || list[0].Username != robot.Username || list[0].Token != "" {
		t.Errorf("the admin sees service accounts %+v", list)
	}
	wantKind(registry.Forbidden, guest.DeleteOrganization(t.Context(), o.org))
}

// TestSession renews a session and ends it: its token is void at once, and that of another is not.
func TestSession(t *testing.T) {
	t.Parallel()
	o := newPerson(t, target.URL)
	user := target.URL + "/api/user"
	short := askJSON(t, "POST", target.URL+"/api/auth/refresh-token", o.token, nil).want(t, 403)
	if told := read[api.Error](t, short); told.Code != "INSUFFICIENT_PERMISSIONS" {
		t.Errorf("a session that does not stay was refused with %+v", told)
	}
	long := must[api.Session](t)(o.SignIn(t.Context(), api.SignIn{Username: o.name, Password: password, StayLoggedIn: true}))
	renewed := read[api.Session](t, askJSON(t, "POST", target.URL+"/api/auth/refresh-token", long.AccessToken, nil).want(t, 200))
	askJSON(t, "GET", user, renewed.AccessToken, nil).want(t, 200)

	if err := o.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	refused := askJSON(t, "GET", user, long.AccessToken, nil).want(t, 401)
	if told := read[api.Error](t, refused); told.Code != "TOKEN_INVALID" {
		t.Errorf("the token of the session that was ended was refused with %+v", told)
	}
	askJSON(t, "GET", user, o.token, nil).want(t, 200)
}

// TestStranger is what is told who has come by no link: a page, whether all is well, and, elsewhere
// in the API, an error in its shape.
func TestStranger(t *testing.T) {
	t.Parallel()
	front := ask(t, "GET", target.URL+"/", nil, "Accept", "text/html").want(t, 302).header.Get("Location")
	page := ask(t, "GET", target.URL+front, nil, "Accept", "text/html").want(t, 200)
	if !strings.Contains(page.header.Get("Content-Type"), "text/html") || !strings.Contains(string(page.body), "vagrant box add") {
		t.Errorf("the front page is %s", page.body)
	}
	for _, path := range []string{"/health", "/api/health"} {
		if told := read[struct{ Status string }](t, ask(t, "GET", target.URL+path, nil).want(t, 200)); told.Status != "ok" {
			t.Errorf("%s: %+v", path, told)
		}
	}
	for _, lost := range []string{"GET /api/nothing", "GET /api/nothing/here", "DELETE /api/user", "POST /acme/debian12", "GET /a/b/c/d"} {
		method, path, _ := strings.Cut(lost, " ")
		if told := read[api.Error](t, ask(t, method, target.URL+path, nil).want(t, 404)); told.Code != "NOT_FOUND" || told.Success {
			t.Errorf("%s: %+v", lost, told)
		}
	}
}
