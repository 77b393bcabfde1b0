package mail

import (
	"cmp"
	"context"
	"errors"
	"net"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/letters"
	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/outbound"
	"github.com/boxvault/boxvault/shared/registry"
)

// patience is for the whole conversation; API Gateway gives an answer 30 seconds.
const patience = 15 * time.Second

// TestMailRequest asks for a test letter.
type TestMailRequest struct {
	api.TestMail
}

// TestMail sends a test letter at once, by the mail server in the request or, with testEmail alone, by
// the registry's own.
func (s *Service) TestMail(ctx context.Context, caller registry.Caller, req TestMailRequest) (api.Done, error) {
	if !caller.Admin {
		return api.Done{}, registry.Denied("admin", "user")
	}
	if req.Host == "" && req.TestEmail != "" {
		return s.own(ctx, caller, req.TestEmail)
	}
	to := cmp.Or(req.To, req.TestEmail)
	config := smtp.Config{
		Host: req.Host, Port: req.Port, TLS: smtp.Secure(req.Secure), User: req.Auth.User, Pass: req.Auth.Pass, From: req.From,
		Timeout: patience, Dial: dialer(s.Mail.Private), Now: s.Now,
	}
	wrong := config.Check()
	wrong.Check("to", registry.CheckEmail(to))
	if err := wrong.Err(); err != nil {
		return api.Done{}, err
	}
	sender, err := smtp.New(config)
	if err != nil {
		return api.Done{}, err
	}
	return sent(to), s.send(ctx, sender, caller, to)
}

// own sends by the registry's own mail server. Where another function talks to it, that one gets the
// letter.
func (s *Service) own(ctx context.Context, caller registry.Caller, to string) (api.Done, error) {
	if err := registry.CheckEmail(to); err != nil {
		return api.Done{}, registry.Wrong("testEmail", err.Error())
	}
	switch {
	case s.Mail.Sender != nil:
		return sent(to), s.send(ctx, s.Mail.Sender, caller, to)
	case s.Mail.On:
		l := registry.Letter{Kind: registry.LetterTest, To: to, Username: caller.Username}
		return api.OK("A test letter to " + to + " is on its way; the log tells when it cannot be sent."), s.Catalog.Send(ctx, l)
	}
	return api.Done{}, registry.Errorf(registry.Conflict, "this registry has no mail server: name one in the request")
}

func sent(to string) api.Done { return api.OK("A test letter was sent to " + to + ".") }

func (s *Service) send(ctx context.Context, sender mail.Sender, caller registry.Caller, to string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	at := cmp.Or(s.URL, "this registry")
	m, err := letters.Test{Head: letters.Head{To: to, Name: caller.Username, Registry: at}}.Message()
	if err != nil {
		return err
	}
	return told(sender.Send(ctx, m))
}

// fields are what in the request a reason is about.
var fields = map[mail.Reason]string{
	mail.Unreachable: "host", mail.Insecure: "secure", mail.Unauthenticated: "auth", mail.SenderRefused: "from",
	mail.RecipientRefused: "to", mail.MessageRefused: "from", mail.BrokenOff: "host", mail.Invalid: "to",
}

// told makes a failure to send something for the caller to mend.
func told(err error) error {
	var e *mail.Error
	if !errors.As(err, &e) {
		return err
	}
	if errors.Is(err, outbound.ErrAddress) {
		return registry.Wrong("host", outbound.ErrAddress.Error())
	}
	failed := registry.Errorf(registry.Invalid, "The test letter was not sent: %s", e.Error())
	return failed.With(fields[e.Reason], e.Error())
}

// dialer connects to mail servers, but to none in the registry's own network unless that is allowed:
// an admin of the registry need not be one of its network.
func dialer(private bool) func(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{Control: outbound.Guard(private)}).DialContext
}
