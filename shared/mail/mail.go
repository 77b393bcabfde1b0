// Package mail is the port by which the registry writes to people. What it writes is made in
// letters; smtp and ses send it.
package mail

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boxvault/boxvault/shared/registry"
)

// Sender sends messages. It is safe for use at the same time.
type Sender interface {
	// Send hands a message over to a mail server, and returns when that has taken it. Its error is
	// an *Error. When it is not Permanent, the same message can be sent again later; the reader
	// may then get it twice, as a server can take a message and its answer still be lost.
	Send(ctx context.Context, m Message) error
}

// Message is a letter to one person. Who it is from, and every header but the subject, is the
// Sender's business.
type Message struct {
	To      string // a bare address: name@host
	Subject string // one line
	Text    string // the body for who reads plain text
	HTML    string // the same body as a document in HTML; may be empty
}

// The most that a message has. No letter of the registry comes near.
const (
	maxSubject = 500     // characters
	maxBody    = 1 << 20 // bytes, of each body
)

// Check says what is wrong with a message, as a Permanent error. Every Sender asks it first, so
// that nothing in a message becomes a header or a command.
func (m Message) Check() error {
	var wrong registry.Fields
	wrong.Check("to", registry.CheckEmail(m.To))
	wrong.Check("subject", checkSubject(m.Subject))
	wrong.Check("text", checkBody(m.Text))
	wrong.Check("html", checkBody(m.HTML))
	if m.Text == "" {
		wrong.Add("text", "must not be empty")
	}
	if err := wrong.Err(); err != nil {
		return &Error{Reason: Invalid, Said: err.Error(), Permanent: true, Err: err}
	}
	return nil
}

func checkSubject(subject string) error {
	switch {
	case strings.TrimSpace(subject) == "":
		return errors.New("must not be empty")
	case utf8.RuneCountInString(subject) > maxSubject:
		return errors.New("is too long")
	case !utf8.ValidString(subject) || strings.ContainsFunc(subject, unprintable):
		return errors.New("must be one line of text")
	case strings.Contains(subject, "=?"): // a reader would decode it, RFC 2047, into anything
		return errors.New("must not have =? in it")
	}
	return nil
}

// unprintable also finds what some reader could take for the end of a line.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}

func checkBody(body string) error {
	switch {
	case len(body) > maxBody:
		return errors.New("is too long")
	case !utf8.ValidString(body) || strings.ContainsRune(body, 0):
		return errors.New("must be text")
	}
	return nil
}
