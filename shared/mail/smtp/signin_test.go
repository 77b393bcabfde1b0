package smtp_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
)

func TestSigningIn(t *testing.T) {
	for _, c := range []struct {
		what       string
		mechanisms []string
		pass       string
		want       mail.Reason
	}{
		{"PLAIN and LOGIN", nil, "pa:ss @w0rd", ""},
		{"PLAIN", []string{"PLAIN"}, "pa:ss @w0rd", ""},
		{"LOGIN", []string{"LOGIN"}, "pa:ss @w0rd", ""},
		{"a wrong password over PLAIN", []string{"PLAIN"}, "wrong", mail.Unauthenticated},
		{"a wrong password over LOGIN", []string{"LOGIN"}, "wrong", mail.Unauthenticated},
		{"a mechanism that is not known", []string{"X-OTHER"}, "pa:ss @w0rd", mail.Unauthenticated},
	} {
		t.Run(c.what, func(t *testing.T) {
			server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS, User: "ada", Password: "pa:ss @w0rd", Mechanisms: c.mechanisms})
			config := at(server, smtp.StartTLS)
			config.User, config.Pass = "ada", c.pass
			err := send(t, config, hello)
			if reasonOf(err) != c.want || mail.Permanent(err) {
				t.Fatalf("error %v, want the reason %q, for now", err, c.want)
			}
			if err == nil && server.Wait(t, 1)[0].User != "ada" {
				t.Errorf("signed in as %q", server.Messages()[0].User)
			}
		})
	}
}

func TestServerThatWantsNobodyToSignInIsNoPlaceForAPassword(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS})
	c := at(server, smtp.StartTLS)
	c.User, c.Pass = "ada", "secret"
	if err := send(t, c, hello); reasonOf(err) != mail.Unauthenticated {
		t.Errorf("error %v", err)
	}
}

func TestServerThatWantsSigningInRefusesStrangersForNow(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS, User: "ada", Password: "secret"})
	if err := send(t, at(server, smtp.StartTLS), hello); reasonOf(err) != mail.SenderRefused || mail.Permanent(err) {
		t.Errorf("error %v", err)
	}
}

// elsewhere is a connection whose other end is not on this machine, as far as anyone can tell.
type elsewhere struct{ net.Conn }

func (elsewhere) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 587} }

func TestPasswordGoesOverPlainTextToLoopbackOnly(t *testing.T) {
	for _, mode := range []smtp.TLS{smtp.None, smtp.Offered} {
		attempts := 0
		server := mailtest.Start(t, mailtest.Options{User: "ada", Password: "secret", Answer: func(step mailtest.Step, _ string) error {
			if step == mailtest.Auth {
				attempts++
			}
			return nil
		}})
		c := at(server, mode)
		c.User, c.Pass = "ada", "secret"
		if err := send(t, c, hello); err != nil || attempts != 1 {
			t.Errorf("%s to loopback: error %v, %d attempts", mode, err, attempts)
		}
		c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			return elsewhere{conn}, err
		}
		if err := send(t, c, hello); reasonOf(err) != mail.Insecure || attempts != 1 {
			t.Errorf("%s to elsewhere: error %v, %d attempts", mode, err, attempts)
		}
	}
}

func TestNoErrorHasThePassword(t *testing.T) {
	const password = "hunter2-hunter2"
	echo := "you said " + password + ", AGFkYQBodW50ZXIyLWh1bnRlcjI=, aHVudGVyMi1odW50ZXIy"
	for _, step := range []mailtest.Step{mailtest.Hello, mailtest.Auth, mailtest.Sender, mailtest.Recipient, mailtest.Data} {
		server := mailtest.Start(t, mailtest.Options{TLS: mailtest.Implicit, User: "ada", Password: password, Answer: func(at mailtest.Step, _ string) error {
			if at == step {
				return mailtest.Refuse(550, echo)
			}
			return nil
		}})
		c := at(server, smtp.Implicit)
		c.User, c.Pass = "ada", password
		err := send(t, c, hello)
		if err == nil || !strings.Contains(err.Error(), "550 you said ***, ***, ***") {
			t.Errorf("at %s: error %v", step, err)
		}
		for _, shown := range []string{fmt.Sprintf("%+v %#v", err, err), fmt.Sprintf("%v %+v %#v", c, c, c)} {
			if strings.Contains(shown, password) {
				t.Errorf("at %s: %s", step, shown)
			}
		}
	}
}
