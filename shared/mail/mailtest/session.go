package mailtest

import (
	"errors"
	"io"
	"slices"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
)

// Step is a point at which a server answers.
type Step string

// The steps. The argument that Options.Answer gets is in brackets.
const (
	Hello     Step = "hello"     // [the client's name]
	Auth      Step = "auth"      // [the user]
	Sender    Step = "sender"    // [the address]
	Recipient Step = "recipient" // [the address]
	Data      Step = "data"      // [the message, all of it]
	Taken     Step = "taken"     // [] after the message was taken: the answer to what comes next
)

// What Options.Answer may return beside Refuse.
var (
	ErrBreakOff = errors.New("break off")
	ErrHang     = errors.New("hang")
)

// Refuse is an answer such as 550, "5.1.1 no such user".
func Refuse(code int, text string) error {
	return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.NoEnhancedCode, Message: text}
}

// session is what a client does between two hellos.
type session struct {
	server   *Server
	conn     *gosmtp.Conn
	from, to string
	user     string
	taken    bool
}

func (s *Server) session(c *gosmtp.Conn) (gosmtp.Session, error) {
	s.mu.Lock()
	s.sessions++
	s.mu.Unlock()
	opened := &session{server: s, conn: c}
	return opened, opened.answer(Hello, c.Hostname())
}

func (s *session) answer(step Step, argument string) error {
	if s.server.options.Answer == nil {
		return nil
	}
	err := s.server.options.Answer(step, argument)
	switch err {
	case ErrBreakOff:
		_ = s.conn.Conn().Close()
	case ErrHang:
		<-s.server.stopped
	}
	return err
}

// AuthMechanisms are those that EHLO offers.
func (s *session) AuthMechanisms() []string {
	switch {
	case s.server.options.User == "":
		return nil
	case s.server.options.Mechanisms == nil:
		return []string{sasl.Plain, sasl.Login}
	}
	return s.server.options.Mechanisms
}

// Auth begins to sign in.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	if !slices.Contains(s.AuthMechanisms(), mechanism) {
		return nil, gosmtp.ErrAuthUnknownMechanism
	}
	if mechanism == sasl.Login {
		return &login{check: s.signIn}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.signIn(user, password) }), nil
}

func (s *session) signIn(user, password string) error {
	if err := s.answer(Auth, user); err != nil {
		return err
	}
	if user != s.server.options.User || password != s.server.options.Password {
		return gosmtp.ErrAuthFailed
	}
	s.user = user
	return nil
}

// login is AUTH LOGIN, draft-murchison-sasl-login, which the library has for clients only.
type login struct {
	check func(user, password string) error
	asked int
	user  string
}

// Next asks for the name, then for the password.
func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

// Mail begins a message.
func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	if s.user != s.server.options.User {
		return Refuse(530, "5.7.0 sign in first")
	}
	s.from = from
	return s.answer(Sender, from)
}

// Rcpt says who a message is for.
func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.to = to
	return s.answer(Recipient, to)
}

// Data takes a message.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.answer(Data, string(raw)); err != nil {
		return err
	}
	m, err := read(raw)
	if err != nil {
		return Refuse(554, "5.6.0 "+err.Error())
	}
	m.From, m.To, m.User = s.from, s.to, s.user
	_, m.Encrypted = s.conn.TLSConnectionState()
	s.taken = true
	s.server.add(m)
	return nil
}

// Reset is called once the answer to a message is on its way.
func (s *session) Reset() {
	if s.taken {
		s.taken = false
		_ = s.answer(Taken, "")
	}
}

// Logout ends the session.
func (s *session) Logout() error { return nil }
