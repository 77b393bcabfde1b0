package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

func TestLoginAsks(t *testing.T) {
	r := embeddedtest.Start(t)
	r.SignUp(t, "ada")
	s := sit(t, "ada\n", embeddedtest.Password)
	s.run(t.Context(), 0, "login", r.URL)
	s.wantErr("user name: password: \nsigned in to " + r.URL + " as ada\n")
	if strings.Contains(s.err.String(), embeddedtest.Password) || s.out.String() != "" {
		t.Errorf("printed %q and %q", s.out, s.err)
	}
}

func TestSignupAsks(t *testing.T) {
	r := embeddedtest.Start(t)
	s := sit(t, "ada\nada@example.com\n", embeddedtest.Password, "something else")
	s.run(t.Context(), exitUsage, "signup", r.URL)
	s.wantErr("the passwords are not the same")
	s = sit(t, "ada\nada@example.com\n", embeddedtest.Password, embeddedtest.Password)
	s.run(t.Context(), 0, "signup", r.URL)
	s.run(t.Context(), 0, "whoami")
	if !strings.HasPrefix(s.out.String(), "ada at ") {
		t.Errorf("whoami says %q", s.out)
	}
}

func TestDeleteAsks(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "no\nyes\n")
	r.Box(t, r.SignIn(t, "ada"), "acme", "debian12", false)
	s.run(t.Context(), exitFailure, "delete", "acme/debian12")
	s.wantErr("delete acme/debian12 with all its versions at " + r.URL + "? [y/N] ")
	s.wantErr("nothing was done")
	s.run(t.Context(), 0, "show", "acme/debian12")
	s.run(t.Context(), 0, "delete", "acme/debian12")
	s.run(t.Context(), 4, "show", "acme/debian12")
}

// Two registries are kept apart, and the last login is the one that is meant.
func TestLoginsAtTwoRegistries(t *testing.T) {
	first, second := embeddedtest.Start(t), embeddedtest.Start(t)
	first.SignUp(t, "ada")
	second.SignUp(t, "bob")
	s := sit(t, "", embeddedtest.Password, embeddedtest.Password)
	s.run(t.Context(), 0, "login", first.URL, "-u", "ada")
	s.run(t.Context(), 0, "login", second.URL, "-u", "bob")
	s.run(t.Context(), 0, "whoami")
	s.run(t.Context(), 0, "--url", first.URL, "whoami")
	if out := s.out.String(); !strings.HasPrefix(out, "bob at ") || !strings.Contains(out, "\nada at ") {
		t.Errorf("whoami says %q", out)
	}
	s = s.again()
	s.run(t.Context(), 0, "logout", first.URL)
	if c := s.credentials(); c.Default != second.URL || len(c.Registries) != 1 {
		t.Errorf("credentials after logout: %+v", c)
	}
}

// again is the same person in a new terminal.
func (s *session) again() *session {
	next := sit(s.t, "")
	next.config = s.config
	return next
}

func TestLogoutEndsTheSessionAtTheRegistry(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	token := s.credentials().Registries[r.URL].Token
	s.run(t.Context(), 0, "logout")
	r.Do(t, "GET", "/api/user", token, nil).Want(t, 401)
}

func TestSessionIsRenewedAndKept(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	old := s.credentials().Registries[r.URL]
	if until := time.Until(old.RenewAt); until < 24*time.Hour || !old.RenewAt.Before(old.ExpiresAt) {
		t.Errorf("a session until %s is renewed at %s", old.ExpiresAt, old.RenewAt)
	}
	r.Clock.Advance(time.Hour)
	err := s.changeCredentials(func(c *credentials) {
		due := old
		due.RenewAt = time.Now().Add(-time.Second)
		c.Registries[r.URL] = due
	})
	if err != nil {
		t.Fatal(err)
	}
	s.run(t.Context(), 0, "whoami")
	renewed := s.credentials().Registries[r.URL]
	if renewed.Token == old.Token || !renewed.ExpiresAt.After(old.ExpiresAt) || renewed.Username != "ada" {
		t.Errorf("kept %+v after %+v", renewed, old)
	}
}

func TestDamagedCredentials(t *testing.T) {
	s := sit(t, "")
	if err := writePrivate(filepath.Join(s.config, "boxvault", "credentials.json"), []byte("{")); err != nil {
		t.Fatal(err)
	}
	s.run(t.Context(), exitFailure, "whoami")
	s.wantErr("hint: remove the file and log in again")
}

// A file that others could read is replaced, and not written to.
func TestCredentialsArePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "boxvault", "credentials.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writePrivate(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%v was left", entries)
	}
}
