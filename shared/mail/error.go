package mail

import "errors"

// Error tells why a message was not sent, in words for who runs the registry.
type Error struct {
	Reason Reason
	// Said is what the other side, or the network, said about it: one line, without secrets.
	Said string
	// Permanent: this message will never be taken, whenever it is sent.
	Permanent bool
	Err       error // what caused it; may be nil
}

// Reason is what went wrong, as a phrase.
type Reason string

// The reasons.
const (
	Invalid          Reason = "the message is not valid"
	Unreachable      Reason = "could not connect to the mail server"
	Insecure         Reason = "no secure connection with the mail server"
	Unauthenticated  Reason = "the mail server refused user name and password"
	SenderRefused    Reason = "the mail server refused the sender"
	RecipientRefused Reason = "the mail server refused the recipient"
	MessageRefused   Reason = "the mail server refused the message"
	BrokenOff        Reason = "the conversation with the mail server broke off"
)

// Error returns the reason and what was said.
func (e *Error) Error() string {
	if e.Said == "" {
		return string(e.Reason)
	}
	return string(e.Reason) + ": " + e.Said
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Permanent reports whether the message of a Send that failed will never be taken. All other
// failures may pass: a server that is down, a mailbox that is full, a password that is mended.
func Permanent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Permanent
}
