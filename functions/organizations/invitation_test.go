package organizations_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

const active = "/api/invitations/active/acme"

func invite(t *testing.T, r *coretest.Registry, token, email, role string) api.Invited {
	t.Helper()
	body := map[string]string{"email": email, "organizationName": "acme", "inviteRole": role}
	return embeddedtest.JSON[api.Invited](t, r.Do(t, "POST", "/api/auth/invite", token, body).Want(t, 200))
}

func invitations(t *testing.T, r *coretest.Registry, token string) []api.Invitation {
	t.Helper()
	return embeddedtest.JSON[[]api.Invitation](t, r.Do(t, "GET", active, token, nil).Want(t, 200))
}

func accept(t *testing.T, r *coretest.Registry, token, caller string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/invitations/"+token+"/accept", caller, nil)
}

func validate(t *testing.T, r *coretest.Registry, token string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "GET", "/api/auth/validate-invitation/"+token, "", nil)
}

func TestAnInvitationIsAnsweredAsPublished(t *testing.T) {
	r, tokens := cast(t)
	made := invite(t, r, tokens["admin"], "New@example.com", "")
	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(made.Token) || made.Message != "Invitation sent successfully!" {
		t.Errorf("made %+v", made)
	}
	if want := r.URL + "/register?token=" + made.Token + "&organization=acme"; made.Link != want {
		t.Errorf("the link is %s, want %s", made.Link, want)
	}
	expires := time.UnixMilli(made.Expires)
	o := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", acme, tokens["owner"], nil))
	list := invitations(t, r, tokens["admin"])
	if len(list) != 1 || made.OrganizationID != o.ID {
		t.Fatalf("made %+v, listed %+v", made, list)
	}
	i := list[0]
	if i.Email != "New@example.com" || i.InvitedRole != "member" || i.InvitedBy != "eve" || i.OrganizationName != "acme" ||
		!i.Expires.Truncate(time.Millisecond).Equal(expires) || expires.Sub(i.CreatedAt).Round(time.Hour) != registry.InvitationLife {
		t.Errorf("listed %+v", i)
	}
	if told := embeddedtest.JSON[api.OpenInvitation](t, validate(t, r, made.Token).Want(t, 200)); told.Email != i.Email || told.OrganizationName != "acme" || told.InvitedRole != "member" {
		t.Errorf("validated %+v", told)
	}
	l := r.LettersTo(t, registry.LetterInvitation, i.Email)
	if len(l) != 1 || l[0].By != "eve" || l[0].Organization != "acme" || l[0].Role != registry.RoleMember {
		t.Errorf("the letters are %+v", l)
	}
	raw := string(r.Do(t, "GET", active, tokens["admin"], nil).Body)
	log := string(r.Do(t, "GET", acme+"/audit", tokens["owner"], nil).Want(t, 200).Body)
	for _, token := range []string{made.Token, r.MailedToken(t, registry.LetterInvitation, i.Email)} {
		if strings.Contains(raw, token) || strings.Contains(log, token) {
			t.Errorf("a token is told: %s %s", raw, log)
		}
	}
	if !strings.Contains(log, "invitation.created") {
		t.Errorf("the audit log has %s", log)
	}
}

func TestWhoMayInviteWhom(t *testing.T) {
	r, tokens := cast(t)
	r.Person(t, "new")
	body := func(role string) string {
		return `{"email":"new@example.com","organizationName":"acme","inviteRole":"` + role + `"}`
	}
	made := invite(t, r, tokens["owner"], "other@example.com", "")
	id := invitations(t, r, tokens["owner"])[0].ID
	for _, c := range []struct {
		method, path, body string
		want               [6]int
	}{
		{"POST", "/api/auth/invite", body("member"), [6]int{401, 404, 403, 200, 200, 200}},
		{"POST", "/api/auth/invite", body("admin"), [6]int{401, 404, 403, 403, 200, 200}},
		{"POST", "/api/auth/invite", body("moderator"), [6]int{401, 404, 403, 403, 200, 200}},
		{"POST", "/api/auth/invite", body("owner"), [6]int{401, 400, 400, 400, 400, 400}},
		{"POST", "/api/auth/invite", `{"email":"BOB@example.com","organizationName":"acme"}`, [6]int{401, 404, 403, 409, 409, 409}},
		{"GET", active, "", [6]int{401, 404, 403, 200, 200, 200}},
		{"GET", "/api/auth/validate-invitation/" + made.Token, "", [6]int{200, 200, 200, 200, 200, 200}},
		{"POST", "/api/auth/invitations/" + made.Token + "/accept", "", [6]int{401, 403, 403, 403, 403, 403}},
		{"DELETE", fmt.Sprint("/api/invitations/", id), "", [6]int{401, 404, 403, 200, 404, 404}},
		{"DELETE", "/api/invitations/7", "", [6]int{401, 404, 404, 404, 404, 404}},
	} {
		for i, role := range []string{"stranger", "outsider", "member", "admin", "owner", "platform admin"} {
			if a := r.Do(t, c.method, c.path, tokens[role], c.body); a.Status != c.want[i] {
				t.Errorf("%s %s %s as %s: %d, want %d: %s", c.method, c.path, c.body, role, a.Status, c.want[i], a.Body)
			}
		}
	}
	outsider := r.Do(t, "DELETE", fmt.Sprint("/api/invitations/", invitations(t, r, tokens["owner"])[0].ID), tokens["outsider"], nil)
	if none := r.Do(t, "DELETE", "/api/invitations/7", tokens["outsider"], nil); string(none.Body) != string(outsider.Body) {
		t.Errorf("an outsider can tell an invitation from none: %s %s", outsider.Body, none.Body)
	}
}

func TestEverythingThatIsWrongWithAnInvitationIsToldAtOnce(t *testing.T) {
	r, ada := coretest.Acme(t)
	a := r.Do(t, "POST", "/api/auth/invite", ada, `{"email":"a b","inviteRole":"king"}`).WantError(t, 400, "VALIDATION_ERROR")
	details := embeddedtest.JSON[api.Error](t, a).Details
	for _, field := range []string{"email", "organizationName", "inviteRole"} {
		if details[field] == nil {
			t.Errorf("nothing is told of %s: %v", field, details)
		}
	}
	for _, email := range []string{"", "x", "Ada <ada@example.com>", "a@b\r\nBcc: c@d", strings.Repeat("a", 250) + "@example.com", "a\x00@b"} {
		r.Do(t, "POST", "/api/auth/invite", ada, map[string]string{"email": email, "organizationName": "acme"}).WantError(t, 400, "VALIDATION_ERROR")
	}
	for _, token := range []string{"x", strings.Repeat("0", 40), strings.Repeat("A", 40), strings.Repeat("a", 5000), "%00", "..%2f"} {
		validate(t, r, token).WantError(t, 404, "NOT_FOUND")
		accept(t, r, token, ada).WantError(t, 404, "NOT_FOUND")
	}
}

// Just the invited address joins, with the invited role, once.
func TestAnInvitationIsAccepted(t *testing.T) {
	for _, mailed := range []bool{true, false} {
		r, tokens := cast(t)
		guest := r.Person(t, "Guest")
		token := invite(t, r, tokens["owner"], "GUEST@example.com", "admin").Token
		if mailed {
			token = r.MailedToken(t, registry.LetterInvitation, "GUEST@example.com")
		}
		refused := accept(t, r, token, tokens["outsider"]).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
		if strings.Contains(strings.ToLower(string(refused.Body)), "guest@") {
			t.Errorf("the address is told: %s", refused.Body)
		}
		joined := embeddedtest.JSON[api.Joined](t, accept(t, r, token, guest).Want(t, 200))
		if joined.Organization != "acme" || joined.Role != "admin" || members(t, r, guest)["Guest"] != "admin" {
			t.Errorf("joined %+v", joined)
		}
		// Who invites has seen the one token, and may read the mail of nobody.
		if got := r.Account(t, "guest").Verified; got != mailed {
			t.Errorf("by letter: %t, the address is proven: %t", mailed, got)
		}
		accept(t, r, token, guest).WantError(t, 404, "NOT_FOUND")
		validate(t, r, token).WantError(t, 404, "NOT_FOUND")
		validate(t, r, r.MailedToken(t, registry.LetterInvitation, "GUEST@example.com")).WantError(t, 404, "NOT_FOUND")
		if list := invitations(t, r, tokens["owner"]); len(list) != 0 {
			t.Errorf("listed %+v", list)
		}
		o := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", acme, guest, nil).Want(t, 200))
		if o.Members != 4 {
			t.Errorf("%d members are counted", o.Members)
		}
	}
}
