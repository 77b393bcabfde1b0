package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/registry"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// by makes and reads tickets with these keys, of which the last one signs.
func by(ring ...keyring.Key) auth.Tokens {
	return auth.Tokens{Keys: keyringtest.Fixed(ring), Now: func() time.Time { return noon }}
}

var (
	unnamed = keyring.Key{ID: keyring.Unnamed, Since: keyring.Ever, Secret: []byte("a secret without a name, 32 bytes")}
	next    = keyring.Key{ID: "next", Since: noon, Secret: []byte("a secret with a name, of 32 bytes")}
)

// sealed is what a version before rings made of a text.
func sealed(text string) string {
	mac := hmac.New(sha256.New, unnamed.Secret)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:20])
}

func TestAnUploadTicketIsGoodAsLongAsItsKeyIsThere(t *testing.T) {
	for about, tokens := range map[string]auth.Tokens{"an old key": by(unnamed), "a new one": by(unnamed, next)} {
		ticket, err := tokens.UploadTicket(t.Context(), "home", "upload")
		if err != nil {
			t.Fatal(err)
		}
		if err := by(unnamed, next).CheckUploadTicket(t.Context(), "home", "upload", ticket); err != nil {
			t.Errorf("that of %s: %v", about, err)
		}
		if err := by(keyringtest.Ring("another secret of 32 bytes or more")...).CheckUploadTicket(t.Context(), "home", "upload", ticket); registry.KindOf(err) != registry.Forbidden {
			t.Errorf("that of %s, which is gone: %v", about, err)
		}
	}
	if err := by(unnamed, next).CheckUploadTicket(t.Context(), "home", "upload", sealed("upload|home|upload")); err != nil {
		t.Errorf("that of a version before rings: %v", err)
	}
}

func TestUploadTicketsThatAreNotOurs(t *testing.T) {
	tokens := by(unnamed, next)
	good, err := tokens.UploadTicket(t.Context(), "home", "upload")
	if err != nil {
		t.Fatal(err)
	}
	_, seal, _ := strings.Cut(good, ".")
	for _, ticket := range []string{"", ".", "next", "next.", seal, "." + seal, "first." + seal, "other." + seal, good + ".", good + "0", good[:len(good)-1]} {
		if err := tokens.CheckUploadTicket(t.Context(), "home", "upload", ticket); registry.KindOf(err) != registry.Forbidden {
			t.Errorf("%q: %v", ticket, err)
		}
	}
	if err := tokens.CheckUploadTicket(t.Context(), "home", "another", good); registry.KindOf(err) != registry.Forbidden {
		t.Errorf("for another upload: %v", err)
	}
}

// A letter may be sent by a process that knows more keys by then, or only other ones.
func TestALetterHasTheTokenThatItsTicketIsFoundBy(t *testing.T) {
	ticket := registry.NewTicket(registry.PurposeVerify, 7, "ada@example.com", noon, time.Hour)
	mailed, err := by(unnamed).Mailed(t.Context(), registry.Letter{Ticket: &ticket})
	if err != nil {
		t.Fatal(err)
	}
	if token, err := by(unnamed, next).Ticket(t.Context(), *mailed.Letter.Ticket); err != nil || auth.HashTicket(token) != mailed.Hash {
		t.Errorf("after a rotation its token is %s, %v", token, err)
	}
	again, err := by(unnamed).Mailed(t.Context(), registry.Letter{Ticket: &ticket})
	if err != nil || again.Hash == mailed.Hash {
		t.Errorf("who knows key and ticket knows the token, %v", err)
	}
	gone := auth.GoneKey{}
	if _, err := by(next).Ticket(t.Context(), *mailed.Letter.Ticket); !errors.As(err, &gone) || gone.ID != keyring.Unnamed {
		t.Errorf("when its key is gone: %v", err)
	}
	if token, err := by(unnamed, next).Ticket(t.Context(), ticket); err != nil || token != sealed("ticket|"+string(ticket.Purpose)+"|"+ticket.ID.String()) {
		t.Errorf("a letter of a version before rings has the token %s, %v", token, err)
	}
}

// late is a process that read the ring of one key, and cannot any more.
func late(t *testing.T, now func() time.Time) auth.Tokens {
	t.Helper()
	down := false
	cache := &keyring.Cache{Now: now, Read: func(context.Context) (keyring.Ring, error) {
		if down {
			return nil, errDown
		}
		return keyring.Ring{unnamed}, nil
	}}
	if _, err := cache.Ring(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	down = true
	return auth.Tokens{Keys: cache.Ring, Now: now}
}

var errDown = errors.New("the keys cannot be read")

// A session that another process made is good: who is told otherwise signs in again, who is told of a fault comes again.
func TestWhatIsSignedByAKeyThatCouldNotBeReadIsNotRefused(t *testing.T) {
	now := noon
	tokens := late(t, func() time.Time { return now })
	now = now.Add(keyring.Ahead)
	token, _, err := by(unnamed, next).ForAccount(t.Context(), registry.Account{ID: 7}, true)
	if err != nil {
		t.Fatal(err)
	}
	upload, err := by(unnamed, next).UploadTicket(t.Context(), "home", "upload")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second one does not try
		if _, err := identify(auth.Identifier{Tokens: tokens}, token); !errors.Is(err, errDown) {
			t.Errorf("the session: %v", err)
		}
		if err := tokens.CheckUploadTicket(t.Context(), "home", "upload", upload); !errors.Is(err, errDown) {
			t.Errorf("the upload: %v", err)
		}
		if _, err := tokens.Ticket(t.Context(), registry.Ticket{Key: next.ID}); !errors.Is(err, errDown) {
			t.Errorf("the letter: %v", err)
		}
	}
}
