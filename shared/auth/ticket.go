package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// ticketBytes is how much of the HMAC a token has: 160 bits, which is 40 hex characters, as the
// published examples have it.
const ticketBytes = 20

// Ticket returns the token of a ticket. It is worked out of the secret, so that neither the record
// nor the letter that waits to be sent holds it.
func (t Tokens) Ticket(ctx context.Context, ticket registry.Ticket) (string, error) {
	return t.seal(ctx, "ticket|"+string(ticket.Purpose)+"|"+ticket.ID.String())
}

// seal is what nobody else can work out of a text.
func (t Tokens) seal(ctx context.Context, text string) (string, error) {
	secret, err := t.Secret(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:ticketBytes]), nil
}

// UploadTicket is what lets its bearer send the file of an upload, which is kept at a home: it stands in a
// URL that clients use without a token.
func (t Tokens) UploadTicket(ctx context.Context, home, upload string) (string, error) {
	return t.seal(ctx, "upload|"+home+"|"+upload)
}

// CheckUploadTicket is Forbidden for what is not the ticket of an upload.
func (t Tokens) CheckUploadTicket(ctx context.Context, home, upload, ticket string) error {
	want, err := t.UploadTicket(ctx, home, upload)
	if err == nil && !hmac.Equal([]byte(want), []byte(ticket)) {
		err = registry.Errorf(registry.Forbidden, "this is no URL that was given out to upload a file to")
	}
	return err
}

// Mailed makes a letter ready to go, with the ticket that its link stands for.
func (t Tokens) Mailed(ctx context.Context, l registry.Letter) (catalog.Mailed, error) {
	token, err := t.Ticket(ctx, *l.Ticket)
	return catalog.Mailed{Letter: l, Hash: HashTicket(token)}, err
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
