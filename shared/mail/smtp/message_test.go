package smtp_test

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
)

func TestMessagesArriveAsTheyWere(t *testing.T) {
	long := strings.Repeat("very long lines ", 500) + strings.Repeat("ü", 2000)
	for what, m := range map[string]mail.Message{
		"plain":             hello,
		"no HTML":           {To: "ada@example.com", Subject: "Hello", Text: "Hello"},
		"UTF-8":             {To: "ada@example.com", Subject: "Grüße, 世界 🎉", Text: "Grüße, 世界 🎉", HTML: "<p>Grüße, 世界 🎉</p>"},
		"a long subject":    {To: "ada@example.com", Subject: strings.Repeat("word ", 60) + "Ende der Übung", Text: "x"},
		"long lines":        {To: "ada@example.com", Subject: "x", Text: long, HTML: "<p>" + long + "</p>"},
		"dots":              {To: "ada@example.com", Subject: ".", Text: ".\n..\n.hidden\n\n.\nQUIT", HTML: ".\n<p>.\n.</p>"},
		"space and equals":  {To: "ada@example.com", Subject: "a = b", Text: "trailing space \n=3D=\n\ttab\t\nFrom here", HTML: "<a href=\"x?y=1&z=2\">=\n</a>"},
		"boundaries":        {To: "ada@example.com", Subject: "x", Text: "--\n--boundary\n\nContent-Type: text/html", HTML: "--"},
		"umlaut in address": {To: "jürgen@example.com", Subject: "x", Text: "x"},
	} {
		t.Run(what, func(t *testing.T) {
			server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS})
			if err := send(t, at(server, smtp.StartTLS), m); err != nil {
				t.Fatal(err)
			}
			got := server.Wait(t, 1)[0]
			if got.To != m.To || got.From != "boxvault@example.com" || got.Text != m.Text || got.HTML != m.HTML {
				t.Errorf("it arrived as %q", got.Raw)
			}
			if got.Subject != m.Subject {
				t.Errorf("the subject is %q, want %q", got.Subject, m.Subject)
			}
			for line := range bytes.SplitSeq(got.Raw, []byte("\r\n")) {
				if len(line) > 998 { // RFC 5322, 2.1.1
					t.Errorf("a line has %d characters", len(line))
				}
			}
		})
	}
}

func TestHeadersAreTheseAndNoOthers(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS})
	c := at(server, smtp.StartTLS)
	c.From = "Bücher & Boxen <boxvault@example.com>"
	c.Now = func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	if err := send(t, c, hello); err != nil {
		t.Fatal(err)
	}
	got := server.Wait(t, 1)[0]
	from, err := netmail.ParseAddress(got.Header.Get("From"))
	if err != nil || from.Name != "Bücher & Boxen" || from.Address != "boxvault@example.com" {
		t.Errorf("from %v, error %v", from, err)
	}
	id := got.Header.Get("Message-Id")
	if !strings.HasSuffix(id, "@example.com>") || len(id) < 30 {
		t.Errorf("the id is %s", id)
	}
	want := map[string]string{"Date": "Sun, 01 Mar 2026 12:00:00 +0000", "To": "<ada@example.com>",
		"Auto-Submitted": "auto-generated", "Mime-Version": "1.0", "Subject": "Hello"}
	for name, value := range want {
		if got.Header.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), value)
		}
	}
	if len(got.Header) != len(want)+3 { // and From, Message-ID, Content-Type
		t.Errorf("the headers are %v", got.Header)
	}
}

func TestMessagesThatAreNoneAreNotSent(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	err := send(t, at(server, smtp.None), mail.Message{To: "ada@example.com\r\nRCPT TO:<eve@example.com>", Subject: "x", Text: "x"})
	if !mail.Permanent(err) || server.Sessions() != 0 {
		t.Errorf("error %v, %d sessions", err, server.Sessions())
	}
}

func TestManyAtOnce(t *testing.T) {
	const many = 20
	server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS, User: "ada", Password: "secret"})
	c := at(server, smtp.Required)
	c.User, c.Pass = "ada", "secret"
	sender, err := smtp.New(c)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			m := hello
			m.Text = fmt.Sprint(i)
			if err := sender.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	texts := map[string]bool{}
	for _, m := range server.Messages() {
		texts[m.Text] = true
	}
	if len(texts) != many {
		t.Errorf("%d of %d messages arrived", len(texts), many)
	}
}
