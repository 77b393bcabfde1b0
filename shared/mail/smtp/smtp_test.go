package smtp_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
)

var hello = mail.Message{To: "ada@example.com", Subject: "Hello", Text: "Hello Ada", HTML: "<p>Hello Ada</p>"}

// at is the configuration for a server.
func at(s *mailtest.Server, mode smtp.TLS) smtp.Config {
	return smtp.Config{Host: s.Host, Port: s.Port, TLS: mode, Roots: s.Roots,
		From: "BoxVault <boxvault@example.com>", Timeout: time.Minute}
}

func send(t *testing.T, c smtp.Config, m mail.Message) error {
	t.Helper()
	sender, err := smtp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return sender.Send(t.Context(), m)
}

func reasonOf(err error) mail.Reason {
	var e *mail.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestEveryModeOnEveryServer(t *testing.T) {
	plain := mailtest.Start(t, mailtest.Options{TLS: mailtest.Plain})
	starttls := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS})
	implicit := mailtest.Start(t, mailtest.Options{TLS: mailtest.Implicit})
	const insecure = mail.Insecure
	for _, c := range []struct {
		what   string
		mode   smtp.TLS
		server *mailtest.Server
		want   mail.Reason // empty: it is sent
	}{
		{"required, none there", smtp.Required, plain, insecure},
		{"required, STARTTLS there", smtp.Required, starttls, ""},
		{"required, implicit there", smtp.Required, implicit, ""},
		{"nothing said, none there", "", plain, insecure},
		{"nothing said, STARTTLS there", "", starttls, ""},
		{"nothing said, implicit there", "", implicit, ""},
		{"implicit, none there", smtp.Implicit, plain, insecure},
		{"implicit, STARTTLS there", smtp.Implicit, starttls, insecure},
		{"implicit, implicit there", smtp.Implicit, implicit, ""},
		{"starttls, none there", smtp.StartTLS, plain, insecure},
		{"starttls, STARTTLS there", smtp.StartTLS, starttls, ""},
		{"offered, none there", smtp.Offered, plain, ""},
		{"offered, STARTTLS there", smtp.Offered, starttls, ""},
		{"none, none there", smtp.None, plain, ""},
		{"none, STARTTLS there", smtp.None, starttls, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			before := len(c.server.Messages())
			err := send(t, at(c.server, c.mode), hello)
			if reasonOf(err) != c.want || (err != nil) != (c.want != "") {
				t.Fatalf("error %v, want the reason %q", err, c.want)
			}
			if err != nil {
				return
			}
			encrypted := c.server.Wait(t, before+1)[before].Encrypted
			if want := c.server != plain && c.mode != smtp.None; encrypted != want {
				t.Errorf("encrypted: %v", encrypted)
			}
		})
	}
}

func TestSeedsExampleWorksOnBothKindsOfServers(t *testing.T) {
	for _, kind := range []mailtest.TLS{mailtest.StartTLS, mailtest.Implicit} {
		server := mailtest.Start(t, mailtest.Options{TLS: kind, User: "smtp-user", Password: "smtp-password"})
		c := at(server, smtp.Secure(true))
		c.User, c.Pass = "smtp-user", "smtp-password"
		if err := send(t, c, hello); err != nil {
			t.Fatal(err)
		}
		if m := server.Wait(t, 1)[0]; m.User != "smtp-user" || !m.Encrypted {
			t.Errorf("user %q, encrypted %v", m.User, m.Encrypted)
		}
	}
}

func TestCertificateOfNobodyIsRefused(t *testing.T) {
	for kind, modes := range map[mailtest.TLS][]smtp.TLS{
		mailtest.StartTLS: {smtp.Required, smtp.StartTLS, smtp.Offered},
		mailtest.Implicit: {smtp.Required, smtp.Implicit},
	} {
		for _, mode := range modes {
			server := mailtest.Start(t, mailtest.Options{TLS: kind})
			c := at(server, mode)
			c.Roots = nil
			err := send(t, c, hello)
			if reasonOf(err) != mail.Insecure || !strings.Contains(err.Error(), "certificate") || mail.Permanent(err) {
				t.Errorf("%s: error %v", mode, err)
			}
			if len(server.Messages()) > 0 {
				t.Errorf("%s: it was sent", mode)
			}
		}
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	err = send(t, smtp.Config{Host: "127.0.0.1", Port: port, From: "a@example.com"}, hello)
	if reasonOf(err) != mail.Unreachable || mail.Permanent(err) {
		t.Errorf("error %v", err)
	}
}

func TestDialMayRefuse(t *testing.T) {
	refused := errors.New("the address is private")
	c := smtp.Config{Host: "mail.example.com", Port: 25, From: "a@example.com"}
	var asked string
	c.Dial = func(_ context.Context, network, address string) (net.Conn, error) {
		asked = network + " " + address
		return nil, refused
	}
	err := send(t, c, hello)
	if reasonOf(err) != mail.Unreachable || !errors.Is(err, refused) || asked != "tcp mail.example.com:25" {
		t.Errorf("error %v, asked for %q", err, asked)
	}
}
