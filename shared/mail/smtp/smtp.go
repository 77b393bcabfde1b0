package smtp

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/boxvault/boxvault/shared/mail"
)

// Sender sends each message over a connection of its own.
type Sender struct {
	config Config
	from   *netmail.Address
	secret *strings.Replacer // takes the password out of what a server says
}

var _ mail.Sender = (*Sender)(nil)

// New returns a Sender for a server. Its error names every field that is wrong; it connects to
// nothing.
func New(c Config) (*Sender, error) {
	if err := c.Check().Err(); err != nil {
		return nil, err
	}
	from, err := parseFrom(c.From)
	if err != nil {
		return nil, err
	}
	c.TLS = cmp.Or(c.TLS, Required)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Sender{config: c, from: from, secret: secretOf(c)}, nil
}

// secretOf knows the password as it is, and as AUTH PLAIN and AUTH LOGIN send it.
func secretOf(c Config) *strings.Replacer {
	if c.Pass == "" {
		return strings.NewReplacer()
	}
	const hidden = "***"
	return strings.NewReplacer(
		c.Pass, hidden,
		base64.StdEncoding.EncodeToString([]byte("\x00"+c.User+"\x00"+c.Pass)), hidden,
		base64.StdEncoding.EncodeToString([]byte(c.Pass)), hidden,
	)
}

// Send sends a message, see mail.Sender. It ends with the context or at Config.Timeout; its error
// then is the context's too.
func (s *Sender) Send(ctx context.Context, m mail.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	raw, err := s.compose(m)
	if err != nil {
		return &mail.Error{Reason: mail.Invalid, Said: err.Error(), Permanent: true, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel() // and so is every connection of this Send, see dial
	c, err := s.connect(ctx)
	if err == nil {
		err = s.deliver(c, m.To, raw)
	}
	return interrupted(ctx, err)
}

// compose makes the message as it is sent: RFC 5322, text and HTML as alternatives, in UTF-8.
func (s *Sender) compose(m mail.Message) ([]byte, error) {
	_, domain, _ := strings.Cut(s.from.Address, "@")
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	msg.ToMailAddress(&netmail.Address{Address: m.To})
	msg.Subject(m.Subject)
	msg.SetDateWithValue(s.config.Now())
	msg.SetMessageIDWithValue(rand.Text() + "@" + domain) // the library's own would have this machine's name
	msg.SetGenHeader("Auto-Submitted", "auto-generated")  // no answers from who is on holiday (RFC 3834)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var raw bytes.Buffer
	_, err := msg.WriteTo(&raw)
	return raw.Bytes(), err
}
