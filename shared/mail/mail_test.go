package mail_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/mail"
)

func TestMessagesThatCanBeSent(t *testing.T) {
	for _, m := range []mail.Message{
		{To: "ada@example.com", Subject: "x", Text: "x"},
		{To: "a.b+c@sub.example.com", Subject: "Grüße 🎉", Text: "a\r\nb\tc", HTML: "<p>\n</p>"},
		{To: "ada@[192.0.2.1]", Subject: strings.Repeat("ü", 500), Text: strings.Repeat("x", 1<<20)},
	} {
		if err := m.Check(); err != nil {
			t.Errorf("to %s: %v", m.To, err)
		}
	}
}

func TestMessagesThatCannotBeSentNeverCan(t *testing.T) {
	good := mail.Message{To: "ada@example.com", Subject: "x", Text: "x"}
	for what, spoil := range map[string]func(*mail.Message){
		"nobody":                      func(m *mail.Message) { m.To = "" },
		"no address":                  func(m *mail.Message) { m.To = "ada" },
		"a name too":                  func(m *mail.Message) { m.To = "Ada <ada@example.com>" },
		"two people":                  func(m *mail.Message) { m.To = "ada@example.com,eve@example.com" },
		"a header in the address":     func(m *mail.Message) { m.To = "ada@example.com\r\nBcc: eve@example.com" },
		"a command in the address":    func(m *mail.Message) { m.To = "ada@example.com>\r\nRCPT TO:<eve@example.com" },
		"a parameter in the address":  func(m *mail.Message) { m.To = "ada@example.com> NOTIFY=NEVER" },
		"a quoted line end":           func(m *mail.Message) { m.To = "\"a\r\nb\"@example.com" },
		"a comment":                   func(m *mail.Message) { m.To = "ada@example.com (Ada)" },
		"a long address":              func(m *mail.Message) { m.To = strings.Repeat("a", 250) + "@example.com" },
		"no subject":                  func(m *mail.Message) { m.Subject = " " },
		"a header in the subject":     func(m *mail.Message) { m.Subject = "x\r\nBcc: eve@example.com" },
		"a line feed in the subject":  func(m *mail.Message) { m.Subject = "x\nBcc: eve@example.com" },
		"a return in the subject":     func(m *mail.Message) { m.Subject = "x\rBcc: eve@example.com" },
		"a next line in the subject":  func(m *mail.Message) { m.Subject = "x\u0085Bcc: eve@example.com" },
		"a separator in the subject":  func(m *mail.Message) { m.Subject = "x\u2028Bcc: eve@example.com" },
		"a zero in the subject":       func(m *mail.Message) { m.Subject = "x\x00" },
		"bytes in the subject":        func(m *mail.Message) { m.Subject = "x\xff" },
		"an encoded line end":         func(m *mail.Message) { m.Subject = "=?utf-8?q?=0D=0ABcc:_eve@example.com?=" },
		"a long subject":              func(m *mail.Message) { m.Subject = strings.Repeat("x", 501) },
		"no text":                     func(m *mail.Message) { m.Text = "" },
		"a zero in the text":          func(m *mail.Message) { m.Text = "x\x00" },
		"bytes in the HTML":           func(m *mail.Message) { m.HTML = "\xff" },
		"a text that is beyond bound": func(m *mail.Message) { m.Text = strings.Repeat("x", 1<<20+1) },
	} {
		m := good
		spoil(&m)
		if err := m.Check(); !mail.Permanent(err) {
			t.Errorf("%s: error %v", what, err)
		}
	}
}

func TestEveryWrongFieldIsNamed(t *testing.T) {
	err := mail.Message{HTML: "\x00"}.Check()
	if err == nil || !strings.HasSuffix(err.Error(), "html, subject, text, to") {
		t.Errorf("error %v", err)
	}
}

func TestPermanent(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("any"), false},
		{&mail.Error{Reason: mail.Unreachable}, false},
		{&mail.Error{Reason: mail.RecipientRefused, Permanent: true}, true},
		{fmt.Errorf("send: %w", &mail.Error{Reason: mail.RecipientRefused, Permanent: true}), true},
	} {
		if mail.Permanent(c.err) != c.want {
			t.Errorf("%v is permanent: %v", c.err, !c.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("ada@example.com", "Hello")
	f.Add("\"a b\"@example.com", "=?utf-8?q?x?=")
	f.Fuzz(func(t *testing.T, to, subject string) {
		if (mail.Message{To: to, Subject: subject, Text: "x"}).Check() == nil && strings.ContainsAny(to+subject, "\r\n\x00") {
			t.Errorf("to %q, subject %q", to, subject)
		}
		if (mail.Message{To: to, Subject: "x", Text: "x"}).Check() == nil && strings.ContainsAny(to, "<>, \t\"") {
			t.Errorf("to %q", to)
		}
	})
}
