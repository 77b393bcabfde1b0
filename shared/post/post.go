// Package post has the letters on the janitor's list sent: it writes a mail of each, with the token
// that its link is made of, and hands it to a mail server.
package post

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/registry"
)

// Office sends letters. All of its fields must be set.
type Office struct {
	Sender mail.Sender
	// Tokens makes the tokens in links.
	Tokens auth.Tokens
	// URL is how the readers of letters reach the registry, without a slash at the end.
	URL string
	Log *slog.Logger
	Now func() time.Time
}

// maxAge is how long a letter is tried.
const maxAge = 24 * time.Hour

// Send sends a letter of the janitor's list. An error says that it may be tried again later; what is of
// no use any more is dropped, with a line in the log that names no reader. The error neither.
func (o Office) Send(ctx context.Context, d catalog.Due) error {
	l := *d.Letter
	switch {
	case nobodys(l):
		return nil
	case o.Now().Sub(l.At) > maxAge:
		o.drop(ctx, l, "it is too old")
		return nil
	case l.Ticket != nil && !o.Now().Before(l.Ticket.ExpiresAt):
		o.drop(ctx, l, "its link has expired")
		return nil
	}
	m, err := o.write(ctx, l)
	if gone := (auth.GoneKey{}); errors.As(err, &gone) && o.Now().Sub(l.At) > keyring.Late { // nobody can be late any more
		o.drop(ctx, l, err.Error())
		return nil
	}
	if err == nil {
		err = o.Sender.Send(ctx, m)
	}
	if mail.Permanent(err) {
		o.drop(ctx, l, said(err))
		return nil
	}
	if err != nil {
		return errors.New(string(l.Kind) + ": " + said(err))
	}
	return nil
}

// nobodys is a letter to an address that somebody named who did not know whether it is an account's.
func nobodys(l registry.Letter) bool {
	return l.Ticket != nil && l.Ticket.Purpose != registry.PurposeInvite && l.Ticket.Account == 0
}

func (o Office) drop(ctx context.Context, l registry.Letter, why string) {
	o.Log.LogAttrs(ctx, slog.LevelWarn, "a letter was dropped", slog.String("letter", string(l.Kind)), slog.String("why", why))
}

// said is what went wrong, without anybody's address: servers repeat it.
func said(err error) string {
	var e *mail.Error
	if !errors.As(err, &e) {
		return fmt.Sprintf("%v", err)
	}
	if strings.Contains(e.Said, "@") {
		return string(e.Reason)
	}
	return e.Error()
}
