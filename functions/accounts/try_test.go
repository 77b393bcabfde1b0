package accounts_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

// guess tries passwords until the registry makes it wait, and returns for how many seconds.
func guess(t *testing.T, r *coretest.Registry, username string) (tries, seconds int) {
	t.Helper()
	for tries = 0; tries < 50; tries++ {
		a := signIn(t, r, username, fmt.Sprint("guess ", tries), false)
		if a.Status != 429 {
			a.WantError(t, 401, "TOKEN_INVALID")
			continue
		}
		seconds, err := strconv.Atoi(a.WantError(t, 429, "RATE_LIMIT_EXCEEDED").Header.Get("Retry-After"))
		if err != nil {
			t.Fatal(err)
		}
		return tries, seconds
	}
	t.Fatal("nothing makes a guesser wait")
	return 0, 0
}

func TestGuessingPasswordsBecomesSlowerWhetherThereIsTheNameOrNot(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	program := r.ServiceAccount(t, ownerOf(t, r, "acme"), nil)
	var want [][2]int
	for _, name := range []string{"nobody", "ada", program.Username} {
		var got [][2]int
		for range 6 {
			tries, seconds := guess(t, r, name)
			got = append(got, [2]int{tries, (seconds + 9) / 10})
			r.Clock.Advance(time.Duration(seconds) * time.Second)
		}
		if name == "nobody" {
			want = got
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is let try %v, nobody %v", name, got, want)
		}
	}
	total := 0
	for _, round := range want {
		total += round[0]
	}
	if want[0][0] != 5 || total != 10 {
		t.Errorf("tries and tens of seconds to wait are %v, which is %d in a quarter of an hour", want, total)
	}
	// Afterwards all is as it was.
	signIn(t, r, "ada", embeddedtest.Password, false).Want(t, 200)
}

func TestWhoIsMadeToWaitWaitsWithTheRightPasswordToo(t *testing.T) {
	r := coretest.Start(t)
	token := r.SignUp(t, "ada")
	program := r.ServiceAccount(t, ownerOf(t, r, "acme"), nil)
	_, seconds := guess(t, r, "ADA") // it is the same name
	guess(t, r, program.Username)
	signIn(t, r, "ada", embeddedtest.Password, false).WantError(t, 429, "RATE_LIMIT_EXCEEDED")
	// A stranger who guesses keeps out neither who is signed in, nor programs.
	r.Do(t, "GET", "/api/user", token, nil).Want(t, 200)
	changePassword(t, r, "ada", token, embeddedtest.Password, "another battery").Want(t, 200)
	signIn(t, r, program.Username, program.Token, false).Want(t, 200)
	// A changed password ends the waiting.
	signIn(t, r, "ada", "another battery", false).Want(t, 200)
	if seconds < 1 || seconds > 30 {
		t.Errorf("the first wait is %d s", seconds)
	}
}

func TestTheRightPasswordForgetsWrongOnes(t *testing.T) {
	r := coretest.Start(t)
	r.SignUp(t, "ada")
	for range 4 {
		for range 4 {
			signIn(t, r, "ada", "a wrong password", false).Want(t, 401)
		}
		signIn(t, r, "ada", embeddedtest.Password, false).Want(t, 200)
	}
}

// Nobody may sign in here, since no password can be hashed: that known and unknown names are refused
// alike shows that both have come to that.
func TestThePasswordIsHashedWhetherThereIsTheNameOrNot(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Passwords = auth.NewPasswords(0) })
	r.Person(t, "ada")
	for _, name := range []string{"ada", "nobody", "../nobody"} {
		if a := signIn(t, r, name, "a password", false).WantError(t, 429, "RATE_LIMIT_EXCEEDED"); a.Header.Get("Retry-After") == "" {
			t.Errorf("%s is not told when to come back", name)
		}
	}
}

func TestPasswordsThatAreAskedForAreNotGuessedEither(t *testing.T) {
	r := coretest.Start(t)
	r.Person(t, "root")
	token := r.SignUp(t, "ada")
	path := "/api/users/" + r.Account(t, "ada").ID.String()
	asks := []func(password string) embeddedtest.Answer{
		func(p string) embeddedtest.Answer { return changePassword(t, r, "ada", token, p, "another battery") },
		func(p string) embeddedtest.Answer {
			return r.Do(t, "PUT", path+"/change-email", token, map[string]any{"newEmail": "new@example.com", "password": p})
		},
		func(p string) embeddedtest.Answer {
			return r.Do(t, "DELETE", path, token, map[string]any{"password": p})
		},
	}
	for _, ask := range asks {
		ask("").WantError(t, 400, "VALIDATION_ERROR")
	}
	for i := range 5 {
		asks[i%len(asks)]("a wrong password").WantError(t, 400, "VALIDATION_ERROR")
	}
	for _, ask := range asks {
		ask(embeddedtest.Password).WantError(t, 429, "RATE_LIMIT_EXCEEDED")
	}
	r.Clock.Advance(registry.FailuresLife + time.Second)
	asks[0](embeddedtest.Password).Want(t, 200)
}
