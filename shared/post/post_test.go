package post_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/post"
	"github.com/boxvault/boxvault/shared/registry"
)

var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// office is a post office with a mail server behind it.
type office struct {
	post.Office
	server *mailtest.Server
	log    *bytes.Buffer
}

func open(t *testing.T, o mailtest.Options) office {
	t.Helper()
	server, log := mailtest.Start(t, o), &bytes.Buffer{}
	sender, err := smtp.New(smtp.Config{Host: server.Host, Port: server.Port, TLS: smtp.None, From: "boxvault@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	tokens := auth.Tokens{Now: clock, Keys: keyringtest.Fixed(keyringtest.Ring("a secret of 32 bytes, for a test"))}
	return office{post.Office{
		Sender: sender, Tokens: tokens, URL: "https://boxes.example.com", Now: clock,
		Log: slog.New(slog.NewJSONHandler(log, nil)),
	}, server, log}
}

func (o office) send(t *testing.T, l registry.Letter) error {
	t.Helper()
	return o.Send(t.Context(), catalog.Due{Kind: catalog.DueLetter, Letter: &l})
}

// letter is one with a ticket.
func letter(kind registry.LetterKind, purpose registry.Purpose) registry.Letter {
	t := registry.NewTicket(purpose, 7, "ada@example.com", now, time.Hour)
	t.Key = "key"
	return registry.Letter{
		Kind: kind, To: "ada@example.com", Username: "ada", By: "bob", Box: "acme/debian", Version: "1.0.0", Organization: "acme", Role: registry.RoleAdmin, Text: "new@example.com",
		Ticket: &t, At: now,
	}
}

func TestEveryKindOfLetterIsSentWithItsLink(t *testing.T) {
	o := open(t, mailtest.Options{})
	const at = "https://boxes.example.com"
	for i, c := range []struct {
		kind    registry.LetterKind
		purpose registry.Purpose
		link    string // TOKEN stands for the token
	}{
		{registry.LetterVerify, registry.PurposeVerify, at + "/ui/verify-mail?token=TOKEN"},
		{registry.LetterReset, registry.PurposeReset, at + "/ui/reset-password?token=TOKEN"},
		{registry.LetterChangeEmail, registry.PurposeChangeEmail, at + "/ui/change-email?token=TOKEN"},
		{registry.LetterInvitation, registry.PurposeInvite, at + "/register?token=TOKEN&organization=acme"},
		{registry.LetterEmailChanged, "", "new@example.com"},
		{registry.LetterPasswordChanged, "", "1 November 2026, 12:00 UTC"},
		{registry.LetterJoinRequested, "", at + "/ui/organizations/acme"},
		{registry.LetterJoinApproved, "", at + "/ui/organizations/acme"},
		{registry.LetterJoinDenied, "", "acme"},
		{registry.LetterReleased, "", at + "/acme/debian"},
		{registry.LetterDeprecated, "", at + "/acme/debian"},
		{registry.LetterTest, "", at},
	} {
		l := letter(c.kind, c.purpose)
		token := ""
		if c.purpose == "" {
			l.Ticket = nil
		} else {
			var err error
			if token, err = o.Tokens.Ticket(t.Context(), *l.Ticket); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.send(t, l); err != nil {
			t.Fatal(err)
		}
		m := o.server.Wait(t, i+1)[i]
		want := strings.ReplaceAll(c.link, "TOKEN", token)
		if !strings.Contains(m.Text, want) || m.To != "ada@example.com" || m.Subject == "" {
			t.Errorf("%s to %s has no %s:\n%s", c.kind, m.To, want, m.Text)
		}
	}
	if o.log.Len() != 0 {
		t.Errorf("the log has %s", o.log)
	}
}

func TestLettersThatAreOfNoUseAreNotSent(t *testing.T) {
	o := open(t, mailtest.Options{})
	old, expired, nobodys := letter(registry.LetterVerify, registry.PurposeVerify), letter(registry.LetterReset, registry.PurposeReset), letter(registry.LetterReset, registry.PurposeReset)
	old.At = now.Add(-25 * time.Hour)
	expired.Ticket.ExpiresAt = now
	nobodys.Ticket.Account = 0
	unknown := letter("love", registry.PurposeVerify)
	for _, l := range []registry.Letter{old, expired, nobodys, unknown} {
		if err := o.send(t, l); err != nil {
			t.Errorf("%s is to be tried again: %v", l.Kind, err)
		}
	}
	if sent := o.server.Messages(); len(sent) != 0 {
		t.Errorf("sent were %v", sent)
	}
	if lines := strings.Count(o.log.String(), "\n"); lines != 3 {
		t.Errorf("the log has %d lines:\n%s", lines, o.log)
	}
}

// A letter whose link was made with a key that is gone waits until nobody can know the key that this process does not.
func TestALetterWhoseKeyIsGoneIsDropped(t *testing.T) {
	o := open(t, mailtest.Options{})
	l := letter(registry.LetterVerify, registry.PurposeVerify)
	l.Ticket.Key, l.Ticket.ExpiresAt = "gone", now.Add(registry.VerifyLife)
	if err := o.send(t, l); err == nil || !strings.Contains(err.Error(), `the key "gone" is not known any more`) {
		t.Errorf("at first it ends with %v", err)
	}
	l.At = now.Add(-keyring.Late - time.Second)
	if err := o.send(t, l); err != nil || !strings.Contains(o.log.String(), "a letter was dropped") {
		t.Errorf("later it ends with %v, and the log has %s", err, o.log)
	}
	if sent := o.server.Messages(); len(sent) != 0 {
		t.Errorf("sent were %v", sent)
	}
}

// A letter that no server will ever take is dropped, another is tried again; nothing that is said about
// it has an address or a token in it.
func TestWhatTheServerRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		again  bool
	}{
		"for good":  {mailtest.Refuse(550, "5.1.1 no mailbox ada@example.com here"), false},
		"for now":   {mailtest.Refuse(451, "4.7.1 ada@example.com is greylisted"), true},
		"broken":    {mailtest.ErrBreakOff, true},
		"full disk": {mailtest.Refuse(452, "4.3.1 no room"), true},
	} {
		o := open(t, mailtest.Options{Answer: func(step mailtest.Step, _ string) error {
			if step == mailtest.Recipient {
				return c.answer
			}
			return nil
		}})
		l := letter(registry.LetterReset, registry.PurposeReset)
		err := o.send(t, l)
		if (err != nil) != c.again || (o.log.Len() == 0) != c.again {
			t.Errorf("%s: %v, logged %s", name, err, o.log)
		}
		token, _ := o.Tokens.Ticket(t.Context(), *l.Ticket)
		said := o.log.String()
		if err != nil {
			said += err.Error()
		}
		if strings.Contains(said, "ada") || strings.Contains(said, token) {
			t.Errorf("%s: it tells %s", name, said)
		}
	}
}
