package accounts_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

// invited starts a registry that is joined by invitation, with one for new@example.com to acme.
func invited(t *testing.T, role string) (r *coretest.Registry, owner string, made api.Invited) {
	t.Helper()
	r, owner = coretest.Acme(t, func(o *core.Options) { o.Signup = auth.SignupInvite })
	body := map[string]string{"email": "new@example.com", "organizationName": "acme", "inviteRole": role}
	made = embeddedtest.JSON[api.Invited](t, r.Do(t, "POST", "/api/auth/invite", owner, body).Want(t, 200))
	return r, owner, made
}

func signUpWith(t *testing.T, r *coretest.Registry, token, username, email string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/signup", "", map[string]any{
		"username": username, "email": email, "password": embeddedtest.Password, "invitationToken": token,
	})
}

// Who is invited becomes a member with the account, even where nobody else may sign up.
func TestSignUpWithAnInvitation(t *testing.T) {
	for _, mailed := range []bool{true, false} {
		r, owner, made := invited(t, "admin")
		token := made.Token
		if mailed {
			token = r.MailedToken(t, registry.LetterInvitation, "new@example.com")
		}
		a := signUpWith(t, r, token, "new", "NEW@example.com").Want(t, 201)
		told := embeddedtest.JSON[struct{ Data api.User }](t, a).Data
		if told.Verified != mailed || told.Organization == nil || *told.Organization != "acme" || len(told.Organizations) != 1 || told.Organizations[0].Role != "admin" {
			t.Errorf("told %s", a.Body)
		}
		me := embeddedtest.JSON[api.User](t, r.Do(t, "GET", "/api/user", r.SignIn(t, "new"), nil).Want(t, 200))
		if me.Verified != mailed || len(me.Organizations) != 1 || !me.Organizations[0].IsPrimary || len(me.Roles) != 1 {
			t.Errorf("is %+v", me)
		}
		o := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", "/api/organization/acme", owner, nil))
		if o.Members != 2 {
			t.Errorf("%d members are counted", o.Members)
		}
		wrongToken(t, signUpWith(t, r, token, "newer", "new@example.com"))
		log := string(r.Do(t, "GET", "/api/organization/acme/audit", owner, nil).Want(t, 200).Body)
		for _, event := range []string{"invitation.accepted", "member.added"} {
			if !strings.Contains(log, event) {
				t.Errorf("the audit log has no %s", event)
			}
		}
	}
}

func wrongToken(t *testing.T, a embeddedtest.Answer) {
	t.Helper()
	details := embeddedtest.JSON[api.Error](t, a.WantError(t, 400, "VALIDATION_ERROR")).Details
	if details["invitationToken"] == nil || len(details) != 1 {
		t.Errorf("told %s", a.Body)
	}
}

func TestSignUpWithAnInvitationThatIsNotGood(t *testing.T) {
	r, owner, made := invited(t, "")
	for _, token := range []string{"x", strings.Repeat("0", 40), strings.ToUpper(made.Token) + "A", strings.Repeat("a", 4000), "a\x00"} {
		wrongToken(t, signUpWith(t, r, token, "new", "new@example.com"))
	}
	other := signUpWith(t, r, made.Token, "new", "other@example.com")
	wrongToken(t, other)
	if strings.Contains(string(other.Body), "new@example.com") {
		t.Errorf("the address is told: %s", other.Body)
	}
	signUpWith(t, r, made.Token, "ADA", "new@example.com").WantError(t, 409, "CONFLICT") // and the token is still good
	r.Do(t, "PUT", "/api/organization/acme", owner, `{"name":"newco"}`).Want(t, 200)
	signUpWith(t, r, made.Token, "new", "new@example.com").Want(t, 201)
	if o := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", "/api/organization/newco", r.SignIn(t, "new"), nil).Want(t, 200)); o.Members != 2 {
		t.Errorf("%d members are counted", o.Members)
	}
}

// Of many who sign up with one invitation at once one has an account in the end.
func TestManySignUpsWithOneInvitationAtOnce(t *testing.T) {
	r, owner, made := invited(t, "")
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			switch a := signUpWith(t, r, made.Token, fmt.Sprint("new", i), "new@example.com"); a.Status {
			case 201:
				done.Add(1)
			case 400, 409:
			default:
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	if members := embeddedtest.JSON[[]api.Member](t, r.Do(t, "GET", "/api/organization/acme/users", owner, nil)); done.Load() != 1 || len(members) != 2 {
		t.Errorf("%d signed up, members are %+v", done.Load(), members)
	}
}

// Many people come into one organization at once.
func TestManySignUpsWithInvitationsToOneOrganization(t *testing.T) {
	r, owner, _ := invited(t, "")
	var wg sync.WaitGroup
	for i := range 4 {
		email := fmt.Sprintf("p%d@example.com", i)
		made := embeddedtest.JSON[api.Invited](t, r.Do(t, "POST", "/api/auth/invite", owner,
			map[string]string{"email": email, "organizationName": "acme"}).Want(t, 200))
		wg.Go(func() {
			if a := signUpWith(t, r, made.Token, fmt.Sprint("p", i), email); a.Status != 201 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	if o := embeddedtest.JSON[api.Organization](t, r.Do(t, "GET", "/api/organization/acme", owner, nil)); o.Members != 5 {
		t.Errorf("%d members are counted", o.Members)
	}
}
