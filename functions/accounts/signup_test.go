package accounts_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
)

func signUp(t *testing.T, r *coretest.Registry, username, email string) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/auth/signup", "", map[string]any{"username": username, "email": email, "password": embeddedtest.Password})
}

func TestEverythingThatIsWrongWithASignUpIsToldAtOnce(t *testing.T) {
	r := coretest.Start(t)
	a := r.Do(t, "POST", "/api/auth/signup", "", map[string]any{
		"username": "-ada-", "email": "ada", "password": "short", "name": strings.Repeat("x", 256),
	}).WantError(t, 400, "VALIDATION_ERROR")
	details := embeddedtest.JSON[api.Error](t, a).Details
	for _, field := range []string{"username", "email", "password", "name"} {
		if details[field] == nil {
			t.Errorf("nothing is told of %s: %v", field, details)
		}
	}
	r.Do(t, "POST", "/api/auth/signup", "", nil).WantError(t, 400, "VALIDATION_ERROR")
	if used, err := r.Core.Catalog.HasAccounts(t.Context()); used || err != nil {
		t.Errorf("an account was made all the same (%v)", err)
	}
}

func TestTheFirstAccountBecomesPlatformAdmin(t *testing.T) {
	r := coretest.Start(t)
	for i, want := range [][]string{{"user", "admin"}, {"user"}, {"user"}} {
		name := fmt.Sprint("person", i)
		a := signUp(t, r, name, name+"@example.com").Want(t, 201)
		done := embeddedtest.JSON[struct {
			Success bool
			Data    api.User
		}](t, a)
		if !done.Success || done.Data.Username != name || !slices.Equal(done.Data.Roles, want) {
			t.Errorf("%s is told %s", name, a.Body)
		}
		if strings.Contains(string(a.Body), "argon2") {
			t.Error("the answer has the hash of the password")
		}
	}
}

func TestUsernamesAndAddressesAreTakenOnceWhateverTheirCase(t *testing.T) {
	r := coretest.Start(t)
	signUp(t, r, "Ada", "Ada@Example.com").Want(t, 201)
	signUp(t, r, "aDA", "other@example.com").WantError(t, 409, "CONFLICT")
	signUp(t, r, "other", "ADA@example.COM").WantError(t, 409, "CONFLICT")
	signUp(t, r, "other", "other@example.com").Want(t, 201) // nothing is left of the refused ones
	if got := r.Account(t, "ADA"); got.Username != "Ada" || got.Email != "Ada@Example.com" {
		t.Errorf("the spelling is not kept: %+v", got)
	}
}

func TestOfSignUpsAtOnceJustOneIsTheFirst(t *testing.T) {
	for _, n := range []int{2, 12} {
		r := coretest.Start(t)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				if a := signUp(t, r, fmt.Sprint("p", i), fmt.Sprintf("p%d@example.com", i)); a.Status != 201 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		admins := 0
		for i := range n {
			if r.Account(t, fmt.Sprint("p", i)).Admin {
				admins++
			}
		}
		if admins != 1 {
			t.Errorf("of %d that signed up at once %d are platform admin", n, admins)
		}
	}
}

func TestSignUpByInvitation(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Signup = auth.SignupInvite })
	signUp(t, r, "ada", "ada@example.com").Want(t, 201)
	signUp(t, r, "bob", "bob@example.com").WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	// Who may not sign up does not learn who has.
	signUp(t, r, "ada", "ada@example.com").WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
}
