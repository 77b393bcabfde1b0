package cli

import (
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// A changed password ends the other sessions; the one here goes on.
func TestPasswordIsChanged(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	old := s.credentials().Registries[r.URL].Token
	s.passwords = []string{embeddedtest.Password, "another battery", "something else"}
	s.run(t.Context(), exitUsage, "account", "password")
	s.wantErr("the passwords are not the same")
	s.passwords = []string{"a wrong one", "another battery", "another battery"}
	s.run(t.Context(), exitUsage, "account", "password")
	s.wantErr("currentPassword")
	s.passwords = []string{embeddedtest.Password, "another battery", "another battery"}
	s.run(t.Context(), 0, "account", "password")
	s.run(t.Context(), 0, "whoami")
	r.Do(t, "GET", "/api/user", old, nil).Want(t, 401)
	if now := s.credentials().Registries[r.URL]; now.Token == old || now.RenewAt.IsZero() || now.Username != "ada" {
		t.Errorf("kept is %+v", now)
	}
}

func TestSignOutEverywhere(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	other := r.SignIn(t, "ada")
	s.run(t.Context(), 0, "account", "signout")
	r.Do(t, "GET", "/api/user", other, nil).Want(t, 401)
	if c := s.credentials(); len(c.Registries) != 0 || c.Default != "" {
		t.Errorf("credentials: %+v", c)
	}
}

func TestAccountIsDeleted(t *testing.T) {
	r := embeddedtest.Start(t)
	r.SignUp(t, "root")
	r.SignUp(t, "bob")
	s := sit(t, "no\nyes\n", embeddedtest.Password, embeddedtest.Password)
	s.run(t.Context(), 0, "login", r.URL, "-u", "bob")
	s.run(t.Context(), exitFailure, "account", "delete")
	s.wantErr("nothing was done")
	s.run(t.Context(), 0, "account", "delete")
	r.Do(t, "POST", "/api/auth/signin", "", map[string]any{"username": "bob", "password": embeddedtest.Password}).Want(t, 401)
}

func TestAccountIsDeletedWithoutATerminal(t *testing.T) {
	r := embeddedtest.Start(t)
	r.SignUp(t, "root")
	s := sit(t, embeddedtest.Password+"\n", embeddedtest.Password)
	r.SignUp(t, "bob")
	s.run(t.Context(), 0, "login", r.URL, "-u", "bob")
	s.Interactive = false
	s.run(t.Context(), exitUsage, "account", "delete", "-y")
	s.wantErr("there is no terminal to ask on\nhint: say --password-stdin\n")
	s.run(t.Context(), 0, "account", "delete", "-y", "--password-stdin")
	r.Do(t, "POST", "/api/auth/signin", "", map[string]any{"username": "bob", "password": embeddedtest.Password}).Want(t, 401)
}

// Where no letters are sent the registry says so, and an address changes at once.
func TestAddressAndForgottenPasswordWithoutMail(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	s.run(t.Context(), 5, "account", "forgot", "ada@example.com")
	s.wantErr("sends no mail")
	s.passwords = []string{embeddedtest.Password}
	s.run(t.Context(), 0, "account", "email", "countess@example.com")
	s.wantErr("your address is countess@example.com now")
	s.run(t.Context(), exitUsage, "account", "reset", "https://boxes.example.com/")
	s.run(t.Context(), exitUsage, "account", "reset", "nonsense")
}

// Who has mistyped too often is told how long to wait, and does not wait unknowingly.
func TestTooManyWrongPasswordsAreToldAtOnce(t *testing.T) {
	r := embeddedtest.Start(t)
	r.SignUp(t, "ada")
	s := sit(t, "", "1", "2", "3", "4", "5", embeddedtest.Password)
	for range 5 {
		s.run(t.Context(), 3, "login", r.URL, "-u", "ada")
	}
	s.run(t.Context(), exitUnreachable, "login", r.URL, "-u", "ada")
	s.wantErr("too many wrong passwords; try again in ")
}
