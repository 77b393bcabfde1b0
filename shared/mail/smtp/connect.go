package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"github.com/boxvault/boxvault/shared/mail"
)

// conversation is a connection on which the server was greeted.
type conversation struct {
	*smtp.Client
	peer net.Addr
}

// connect opens a conversation that is as secure as the mode asks for.
//
// Required tries TLS first, as a server that speaks first answers that with its greeting, at once,
// and then is asked for STARTTLS. The other way round both would wait for the other to speak.
func (s *Sender) connect(ctx context.Context) (*conversation, error) {
	if s.config.TLS != Implicit && s.config.TLS != Required {
		return s.open(ctx)
	}
	c, err := s.openTLS(ctx)
	var greeting tls.RecordHeaderError
	if !errors.As(err, &greeting) {
		return c, err
	}
	if s.config.TLS == Required {
		return s.open(ctx)
	}
	return nil, &mail.Error{Reason: mail.Insecure, Said: "it does not begin with TLS on this port; it may want STARTTLS", Err: err}
}

func (s *Sender) openTLS(ctx context.Context) (*conversation, error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	secured := tls.Client(conn, s.tls())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, s.failed(mail.Insecure, err)
	}
	return s.greet(secured)
}

// open starts without TLS, and goes on with it if the mode says so.
func (s *Sender) open(ctx context.Context) (*conversation, error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.greet(conn)
	if err != nil || s.config.TLS == None {
		return c, err
	}
	offered, _ := c.Extension("STARTTLS")
	if !offered && s.config.TLS == Offered {
		return c, nil
	}
	if !offered {
		return nil, &mail.Error{Reason: mail.Insecure, Said: "it offers neither TLS nor STARTTLS on this port"}
	}
	if err := c.StartTLS(s.tls()); err != nil {
		return nil, s.failed(mail.Insecure, err)
	}
	return c, nil
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.config.Host, RootCAs: s.config.Roots}
}

func (s *Sender) greet(conn net.Conn) (*conversation, error) {
	client, err := smtp.NewClient(conn, s.config.Host)
	if err != nil {
		return nil, s.failed(mail.Unreachable, err)
	}
	if err := client.Hello(ownName()); err != nil {
		return nil, s.failed(mail.Unreachable, err)
	}
	return &conversation{client, conn.RemoteAddr()}, nil
}

// ownName is how we introduce ourselves. Servers refuse a name without a dot, as containers have
// it; nodemailer, which the existing server uses, says this instead.
func ownName() string {
	name, err := os.Hostname()
	if err != nil || !strings.Contains(name, ".") {
		return "[127.0.0.1]"
	}
	return name
}

// dial connects. The connection is closed when the context ends: that is what wakes a read from a
// server that is silent.
func (s *Sender) dial(ctx context.Context) (net.Conn, error) {
	address := net.JoinHostPort(s.config.Host, strconv.Itoa(s.config.Port))
	conn, err := s.config.Dial(ctx, "tcp", address)
	if err != nil {
		return nil, s.failed(mail.Unreachable, err)
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	return &patient{Conn: conn, left: maxAnswers}, nil
}

// maxAnswers is the most that is read from a server, in bytes. Answers are read into memory, and a
// server may be anybody's.
const maxAnswers = 1 << 20

// patient reads from a server, but not for ever.
type patient struct {
	net.Conn
	left int
}

// Read reads what is left to be read.
func (p *patient) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := p.Conn.Read(b[:min(len(b), p.left)])
	p.left -= n
	return n, err
}
