package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// TestInvitation is how people come into a registry where nobody signs up uninvited: one makes an
// account by the link, one has an account and accepts with it, one is invited no more.
func TestInvitation(t *testing.T) {
	t.Parallel()
	at := registryWith(t, "--signup", "invite")
	ada := newOwner(t, at)
	invite := func(name string) api.Invited {
		t.Helper()
		return must[api.Invited](t)(ada.Invite(t.Context(), api.InviteInput{Email: name + "@example.com", OrganizationName: ada.org}))
	}
	bob := api.SignUp{Username: unique("bob"), Password: password}
	bob.Email = bob.Username + "@example.com"
	stranger := newClient(t, at, "")
	if target.cloud == nil { // where anybody may sign up
		if _, err := stranger.SignUp(t.Context(), bob); registry.KindOf(err) != registry.Forbidden {
			t.Fatalf("who is not invited: %v", err)
		}
	}

	made := invite(bob.Username)
	page := ask(t, "GET", made.Link, nil, "Accept", "text/html").want(t, 200)
	if printed := "boxvault signup " + at + " --invitation " + made.Token; !strings.Contains(string(page.body), printed) {
		t.Errorf("the page of the invitation is %s", page.body)
	}
	if open := must[api.OpenInvitation](t)(stranger.OpenInvitation(t.Context(), made.Token)); open.OrganizationName != ada.org || open.Email != bob.Email {
		t.Errorf("the invitation is %+v", open)
	}
	u := user{command{dir: t.TempDir()}, bob.Username}
	u.run(t, "bash", "-ec", target.Binary+" signup "+at+" --invitation "+made.Token+" -u "+bob.Username+
		` --password-stdin <<<"`+password+`"`).ok(t)
	if mine := u.boxvault(t, "org", "list").ok(t).stdout; !strings.Contains(mine, ada.org) {
		t.Errorf("the new member's organizations are\n%s", mine)
	}
	if _, err := stranger.OpenInvitation(t.Context(), made.Token); registry.KindOf(err) != registry.NotFound {
		t.Errorf("an invitation that was used: %v", err)
	}

	// Another organization invites the account that is there now.
	other := unique("other")
	must[api.Organization](t)(ada.CreateOrganization(t.Context(), api.OrganizationInput{Name: &other}))
	made = must[api.Invited](t)(ada.Invite(t.Context(), api.InviteInput{Email: bob.Email, OrganizationName: other, InviteRole: "admin"}))
	if _, err := ada.AcceptInvitation(t.Context(), made.Token); registry.KindOf(err) != registry.Forbidden {
		t.Errorf("somebody else's invitation: %v", err)
	}
	must[api.Session](t)(stranger.SignIn(t.Context(), api.SignIn{Username: bob.Username, Password: password}))
	if joined := must[api.Joined](t)(stranger.AcceptInvitation(t.Context(), made.Token)); joined.Organization != other || joined.Role != "admin" {
		t.Errorf("joined %+v", joined)
	}

	made = invite(unique("carl"))
	list := must[[]api.Invitation](t)(ada.Invitations(t.Context(), ada.org))
	if len(list) != 1 || strings.Contains(fmt.Sprint(list), made.Token) {
		t.Fatalf("the invitations are %+v", list)
	}
	if err := ada.WithdrawInvitation(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	if gone := ask(t, "GET", made.Link, nil).want(t, 200); strings.Contains(string(gone.body), made.Token) {
		t.Errorf("the page of an invitation that was withdrawn is %s", gone.body)
	}
}
