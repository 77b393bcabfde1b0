package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/registry"
)

// ticketBytes is how much of the HMAC a token has: 160 bits, which is 40 hex characters, as the
// published examples have it.
const ticketBytes = 20

// GoneKey is the error about something that was made with a key which is not known any more.
type GoneKey struct{ ID string }

// Error names the key.
func (e GoneKey) Error() string { return fmt.Sprintf("the key %q is not known any more", e.ID) }

// Ticket returns the token of a ticket. It is worked out of the key that the ticket names, so that
// the letter that waits to be sent does not hold it, and of the ticket's salt, so that the key alone is not enough.
// GoneKey when there is no such key.
func (t Tokens) Ticket(ctx context.Context, ticket registry.Ticket) (string, error) {
	ring, err := t.Keys(ctx, ticket.Key)
	if err != nil {
		return "", err
	}
	key, ok := ring.Named(ticket.Key)
	if !ok {
		return "", GoneKey{ticket.Key}
	}
	text := "ticket|" + string(ticket.Purpose) + "|" + ticket.ID.String()
	if ticket.Salt != "" { // letters of a version before salts
		text += "|" + ticket.Salt
	}
	return seal(key, text), nil
}

// seal is what nobody else can work out of a text.
func seal(key keyring.Key, text string) string {
	mac := hmac.New(sha256.New, key.Secret)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:ticketBytes])
}

// UploadTicket is what lets its bearer send the file of an upload, which is kept at a home: it stands in a
// URL that clients use without a token. The key's id is in front, with a dot.
func (t Tokens) UploadTicket(ctx context.Context, home, upload string) (string, error) {
	key, err := t.signer(ctx)
	return key.ID + "." + uploadSeal(key, home, upload), err
}

func uploadSeal(key keyring.Key, home, upload string) string {
	return seal(key, "upload|"+home+"|"+upload)
}

// CheckUploadTicket is Forbidden for what is not the ticket of an upload.
func (t Tokens) CheckUploadTicket(ctx context.Context, home, upload, ticket string) error {
	id, given, named := strings.Cut(ticket, ".")
	if !named {
		id, given = "", ticket
	}
	ring, err := t.Keys(ctx, id)
	if err != nil {
		return err
	}
	key, ok := ring.Named(id)
	if !ok || !hmac.Equal([]byte(uploadSeal(key, home, upload)), []byte(given)) {
		return registry.Errorf(registry.Forbidden, "this is no URL that was given out to upload a file to")
	}
	return nil
}

// Mailed makes a letter ready to go, with the ticket that its link stands for: made with the key that signs now,
// whichever does when the letter is sent.
func (t Tokens) Mailed(ctx context.Context, l registry.Letter) (catalog.Mailed, error) {
	key, err := t.signer(ctx)
	if err != nil {
		return catalog.Mailed{}, err
	}
	ticket := *l.Ticket
	ticket.Key, ticket.Salt = key.ID, rand.Text()
	l.Ticket = &ticket
	token, err := t.Ticket(ctx, ticket)
	return catalog.Mailed{Letter: l, Hash: HashTicket(token)}, err
}

// NewTicket returns a token that is shown to who asked for it, and kept nowhere.
func NewTicket() string {
	raw := make([]byte, ticketBytes)
	_, _ = rand.Read(raw) // never fails
	return hex.EncodeToString(raw)
}

var ticketForm = regexp.MustCompile(`^[0-9a-f]{40}$`)

// HashTicket is how the token of a ticket is stored: SHA-256, hex. What cannot be a token has a hash
// that no ticket has.
func HashTicket(token string) string {
	if !ticketForm.MatchString(token) {
		return "none"
	}
	return HashSecret(token)
}
