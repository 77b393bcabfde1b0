package smtp

import (
	"context"
	"errors"
	"net"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wneessen/go-mail/smtp"

	"github.com/boxvault/boxvault/shared/mail"
)

// deliver hands a message over. Once the server has taken it, nothing that follows is an error:
// the message would be sent again.
func (s *Sender) deliver(c *conversation, to string, raw []byte) error {
	if err := s.signIn(c); err != nil {
		return err
	}
	if err := c.Mail(path(s.from.Address)); err != nil {
		return s.failed(mail.SenderRefused, err)
	}
	if err := c.Rcpt(path(to)); err != nil {
		return s.failed(mail.RecipientRefused, err)
	}
	w, err := c.Data()
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return s.failed(mail.MessageRefused, err)
	}
	_ = c.Quit()
	return nil
}

// path is an address as MAIL and RCPT have it.
func path(address string) string { return (&netmail.Address{Address: address}).String() }

func (s *Sender) signIn(c *conversation) error {
	if s.config.User == "" {
		return nil
	}
	_, encrypted := c.TLSConnectionState()
	if !encrypted && !loopback(c.peer) {
		return &mail.Error{Reason: mail.Insecure, Said: "user name and password are not sent without TLS"}
	}
	auth := s.auth(c)
	if auth == nil {
		return &mail.Error{Reason: mail.Unauthenticated, Said: "it does not offer AUTH PLAIN or AUTH LOGIN"}
	}
	if err := c.Auth(auth); err != nil {
		return s.failed(mail.Unauthenticated, err)
	}
	return nil
}

// auth returns a mechanism that the server offers, or nil. Both send the password as it is, so
// that whoever calls has seen to TLS.
func (s *Sender) auth(c *conversation) smtp.Auth {
	_, list := c.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(list))
	switch {
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", s.config.User, s.config.Pass, s.config.Host, true)
	case slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(s.config.User, s.config.Pass, s.config.Host, true)
	}
	return nil
}

func loopback(peer net.Addr) bool {
	tcp, ok := peer.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// failed makes an error of one that came at the step that the reason names. A server's answer
// keeps the reason; when the connection fails, only the first steps have one of their own.
func (s *Sender) failed(reason mail.Reason, err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		said := s.words(strconv.Itoa(answer.Code) + " " + answer.Msg)
		return &mail.Error{Reason: reason, Said: said, Permanent: final(reason, answer)}
	}
	if reason != mail.Unreachable && reason != mail.Insecure {
		reason = mail.BrokenOff
	}
	return &mail.Error{Reason: reason, Said: s.words(err.Error()), Err: err}
}

// final reports whether an answer is about this message and for good: 5yz, RFC 5321, 4.2.1. Of
// class 5.7.z (RFC 3463, 3.8), and 530, is what a server says when it does not trust the sender: the
// message is as good as any other once that is mended.
func final(reason mail.Reason, answer *textproto.Error) bool {
	aboutMessage := reason == mail.RecipientRefused || reason == mail.MessageRefused
	trust := answer.Code == 530 || strings.HasPrefix(answer.Msg, "5.7.")
	return aboutMessage && answer.Code/100 == 5 && !trust
}

// words is what a server said, made fit to be shown: one line, not too long, no password.
func (s *Sender) words(said string) string {
	const enough = 300
	line := strings.Join(strings.FieldsFunc(s.secret.Replace(said), unprintable), " ")
	return string([]rune(line)[:min(utf8.RuneCountInString(line), enough)])
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }

// interrupted is err, unless the context ended the conversation before the server answered.
func interrupted(ctx context.Context, err error) error {
	var e *mail.Error
	if !errors.As(err, &e) || e.Err == nil || ctx.Err() == nil {
		return err
	}
	said := "it was given up"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		said = "there was no answer in time"
	}
	if e.Reason != mail.Unreachable {
		e.Reason = mail.BrokenOff
	}
	return &mail.Error{Reason: e.Reason, Said: said, Err: ctx.Err()}
}
