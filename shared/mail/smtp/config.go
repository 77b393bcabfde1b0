// Package smtp sends mail over SMTP, RFC 5321, with TLS as RFC 8314 and RFC 3207 have it.
package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// Config names a mail server and says how to talk to it.
type Config struct {
	Host string
	Port int
	TLS  TLS // empty is Required
	// User and Pass sign in, where User is not empty. They are sent over TLS only, or to loopback.
	User, Pass string
	// From is who the mail is from: an address, or a name and an address as in a header:
	// `BoxVault <boxvault@example.com>`.
	From string
	// Timeout is for the whole of a Send; 0 is DefaultTimeout.
	Timeout time.Duration
	// Dial connects to the address that it is given, or says why not; nil is a net.Dialer's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are the authorities that the server's certificate may be from; nil are the system's.
	Roots *x509.CertPool
	// Now dates the messages; nil is time.Now.
	Now func() time.Time
}

// DefaultTimeout is for servers that think about a message for long: greylisting, spam filters.
const DefaultTimeout = 30 * time.Second

// TLS says how a connection is secured. A certificate that is not valid is refused in every mode.
type TLS string

// The modes.
const (
	// Required is whichever of Implicit and StartTLS the server speaks, and never neither.
	Required TLS = "required"
	Implicit TLS = "implicit" // TLS from the first byte, as on port 465
	StartTLS TLS = "starttls" // as on port 587; the server must offer it
	// Offered is StartTLS where the server offers it, else none: good against listeners only.
	Offered TLS = "offered"
	None    TLS = "none"
)

// Secure gives nodemailer's `secure` a mode. There, true is implicit TLS, and false STARTTLS where it
// is offered (https://nodemailer.com/smtp). As people write true for port 587 too, where servers
// speak STARTTLS, true is either of them here.
func Secure(secure bool) TLS {
	if secure {
		return Required
	}
	return Offered
}

// Check returns what is wrong with each field, by its name in lower case. No note has a value.
func (c Config) Check() registry.Fields {
	var wrong registry.Fields
	wrong.Check("host", checkHost(c.Host))
	if c.Port < 1 || c.Port > 65535 {
		wrong.Add("port", "must be a number from 1 to 65535")
	}
	switch c.TLS {
	case "", Required, Implicit, StartTLS, Offered, None:
	default:
		wrong.Add("tls", "must be required, implicit, starttls, offered or none")
	}
	_, err := parseFrom(c.From)
	wrong.Check("from", err)
	return wrong
}

// String tells everything but the password.
func (c Config) String() string {
	return fmt.Sprintf("smtp server %s port %d, tls %s, user %q, from %q", c.Host, c.Port, c.TLS, c.User, c.From)
}

// GoString is String: %#v shows no password either.
func (c Config) GoString() string { return c.String() }

func checkHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if host == "" || len(host) > 253 || strings.TrimLeft(host, hostLetters) != "" {
		return errors.New("must be the name or address of a mail server")
	}
	return nil
}

// hostLetters are what names of hosts are made of; some have underscores, whatever RFC 952 says.
const hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

func parseFrom(from string) (*mail.Address, error) {
	address, err := mail.ParseAddress(from)
	if err != nil || registry.CheckEmail(address.Address) != nil {
		return nil, errors.New("must be an e-mail address, or a name with one: BoxVault <boxvault@example.com>")
	}
	return address, nil
}
