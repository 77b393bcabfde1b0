package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestPasswords(t *testing.T) {
	passwords := auth.NewPasswords(1)
	hash, err := passwords.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(hash, "correct") {
		t.Errorf("the hash is %s", hash)
	}
	if again, err := passwords.Hash(t.Context(), "correct horse"); err != nil || again == hash {
		t.Errorf("two hashes of a password are the same (%v)", err)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horse ": false, "Correct horse": false, "": false} {
		if ok, err := passwords.Check(t.Context(), hash, password); err != nil || ok != want {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
}

// The hash of nobody is never right, not even for the password that would be empty.
func TestThePasswordOfNobody(t *testing.T) {
	for _, password := range []string{"", "anything"} {
		if ok, err := auth.NewPasswords(1).Check(t.Context(), "", password); ok || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
}

// A hash made elsewhere, of another cost or damaged, is a fault and no wrong password.
func TestAHashOfAnotherForm(t *testing.T) {
	passwords := auth.NewPasswords(1)
	good, err := passwords.Hash(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range []string{
		"x", "$2a$10$abc", strings.Replace(good, "m=19456", "m=8", 1), strings.Replace(good, "argon2id", "argon2i", 1), good + "$", good[:40], good[:len(good)-1] + "!",
	} {
		if ok, err := passwords.Check(t.Context(), stored, "x"); ok || err == nil {
			t.Errorf("%s: %v, %v", stored, ok, err)
		}
	}
}

// Who has gone does not wait for a turn.
func TestHashingEndsWithTheRequest(t *testing.T) {
	passwords := auth.NewPasswords(2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		for range 3 {
			_, _ = passwords.Hash(t.Context(), "someone else's")
		}
	}()
	var given error
	for given == nil { // until it finds the turn taken
		_, given = passwords.Hash(ctx, "x")
	}
	if !errors.Is(given, context.Canceled) {
		t.Error(given)
	}
	<-busy
}

// A queue that is full turns away, and tells when to come back: it does not grow.
func TestHashingTurnsAwayWhatWouldWaitTooLong(t *testing.T) {
	passwords := auth.NewPasswords(2)
	const crowd = 12
	outcomes := make(chan error, crowd)
	begin := make(chan struct{})
	for range crowd {
		go func() {
			<-begin
			_, err := passwords.Check(t.Context(), "", "x")
			outcomes <- err
		}()
	}
	close(begin)
	done := 0
	for range crowd {
		err := <-outcomes
		var told *registry.Error
		switch {
		case err == nil:
			done++
		case !errors.As(err, &told) || told.Kind != registry.RateLimited || told.Details[registry.RetryAfter] == nil:
			t.Errorf("turned away with %v", err)
		}
	}
	if done == 0 {
		t.Error("nobody had a turn")
	}
	if _, err := auth.NewPasswords(0).Hash(t.Context(), "x"); registry.KindOf(err) != registry.RateLimited {
		t.Errorf("without a place to wait: %v", err)
	}
}
