package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/boxvault/boxvault/shared/mail/mailtest"
)

// mailing is a registry that sends letters, with its platform admin: one of the test's own, which sends by
// a mail server of the test and has addresses proven, or the target on an emulator, which sends by SES.
func mailing(t *testing.T) (url string, root owner, box *postbox) {
	t.Helper()
	if target.cloud != nil {
		needs(t, Letters)
		url, root = withAdmin(t)
		return url, root, &postbox{letters: func() []mailtest.Message { return sentBySES(t) }, seen: map[string]int{}}
	}
	server := mailtest.Start(t, mailtest.Options{User: "boxvault", Password: "mail password"})
	line := fmt.Sprintf("smtp://boxvault:mail%%20password@%s:%d?tls=none", server.Host, server.Port)
	url = serve(t, t.TempDir(), "--smtp", line, "--mail-from", "BoxVault <boxvault@example.com>", "--verify-email", "on").URL
	return url, newPerson(t, url), &postbox{server, server.Messages, map[string]int{}} // the first may mend the mail, if need be
}

// sentBySES are the letters that the emulator was given.
func sentBySES(t *testing.T) (list []mailtest.Message) {
	t.Helper()
	type letter struct {
		Source, Subject, BodyText, BodyHTML string
		To                                  []string
	}
	inbox := read[struct{ Messages map[string][]letter }](t, ask(t, "GET", target.cloud.Emulator+"/_ministack/ses/messages", http.NoBody).want(t, 200))
	for _, account := range inbox.Messages {
		for _, l := range account {
			list = append(list, mailtest.Message{From: bare.FindString(l.Source), To: l.To[0], Subject: l.Subject, Text: l.BodyText, HTML: l.BodyHTML})
		}
	}
	return list
}

var (
	bare = regexp.MustCompile(`[^<>]+@[^<>]+`)
	link = regexp.MustCompile(`(?m)^(http://\S+)$`)
)

// postbox reads letters, those to one reader in the order in which they come.
type postbox struct {
	server  *mailtest.Server // nil: on an emulator
	letters func() []mailtest.Message
	seen    map[string]int // by reader
}

// to are the letters that have come for a reader.
func (p *postbox) to(reader string) (list []mailtest.Message) {
	for _, m := range p.letters() {
		if m.To == reader {
			list = append(list, m)
		}
	}
	return list
}

// next waits for the reader's next letter, and returns it with the link in it.
func (p *postbox) next(t *testing.T, reader string) (m mailtest.Message, at string) {
	t.Helper()
	until(t, "a letter to "+reader, func() bool { return len(p.to(reader)) > p.seen[reader] })
	m = p.to(reader)[p.seen[reader]]
	p.seen[reader]++
	if m.From != "boxvault@example.com" || m.HTML == "" {
		t.Fatalf("a letter %q is from %s", m.Subject, m.From)
	}
	return m, link.FindString(m.Text)
}
