package mail_test

import (
	"net"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/registry"
)

func test(t *testing.T, r *coretest.Registry, token string, in any) embeddedtest.Answer {
	t.Helper()
	return r.Do(t, "POST", "/api/mail/test-smtp", token, in)
}

func private(o *core.Options) { o.Mail.Private = true }

// seed is the body of the published examples, for a server.
func seed(s *mailtest.Server) map[string]any {
	return map[string]any{
		"host": s.Host, "port": s.Port, "secure": false, "auth": map[string]any{"user": "smtp-user", "pass": "smtp-password"},
		"to": "recipient@example.com", "from": "sender@example.com",
	}
}

func TestAMailServerIsTried(t *testing.T) {
	r := coretest.Start(t, private)
	root := r.Person(t, "root")
	server := mailtest.Start(t, mailtest.Options{User: "smtp-user", Password: "smtp-password"})
	done := embeddedtest.JSON[api.Done](t, test(t, r, root, seed(server)).Want(t, 200))
	m := server.Wait(t, 1)[0]
	if !done.Success || m.To != "recipient@example.com" || m.From != "sender@example.com" || m.User != "smtp-user" || !strings.Contains(m.Text, "test") {
		t.Errorf("done %+v, sent %+v", done, m)
	}
}

func TestWhatIsWrongWithAMailServerIsToldInWords(t *testing.T) {
	r := coretest.Start(t, private)
	root := r.Person(t, "root")
	server := mailtest.Start(t, mailtest.Options{User: "smtp-user", Password: "another password"})
	for field, change := range map[string]func(map[string]any){
		"auth":   func(map[string]any) {},
		"secure": func(m map[string]any) { m["secure"] = true },
		"host":   func(m map[string]any) { m["port"] = closedPort(t) },
	} {
		in := seed(server)
		change(in)
		a := test(t, r, root, in).WantError(t, 400, "VALIDATION_ERROR")
		told := embeddedtest.JSON[api.Error](t, a)
		if told.Details[field] == nil || !strings.Contains(told.Message, "was not sent: ") || strings.Contains(string(a.Body), "smtp-password") {
			t.Errorf("of %s is told %s", field, a.Body)
		}
	}
	a := test(t, r, root, `{}`).WantError(t, 400, "VALIDATION_ERROR")
	if details := embeddedtest.JSON[api.Error](t, a).Details; details["host"] == nil || details["port"] == nil || details["from"] == nil || details["to"] == nil {
		t.Errorf("of nothing is told %v", details)
	}
}

// closedPort is one that nobody listens on.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func TestNobodyLooksAroundInTheNetworkOfTheRegistry(t *testing.T) {
	r := coretest.Start(t)
	root := r.Person(t, "root")
	server := mailtest.Start(t, mailtest.Options{})
	var answers []string
	for _, host := range []string{server.Host, "localhost", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"} {
		for _, port := range []int{server.Port, closedPort(t)} {
			in := seed(server)
			in["host"], in["port"] = host, port
			answers = append(answers, string(test(t, r, root, in).WantError(t, 400, "VALIDATION_ERROR").Body))
		}
	}
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("what is there shows in\n%s\n%s", answers[0], a)
		}
	}
	if server.Sessions() != 0 {
		t.Error("the server was talked to")
	}
}

func TestTheRegistrysOwnMailServer(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	sender, err := smtp.New(smtp.Config{Host: server.Host, Port: server.Port, TLS: smtp.None, From: "boxvault@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]any{"testEmail": "recipient@example.com"}
	for name, c := range map[string]struct {
		mail   core.Mail
		status int
	}{
		"here": {core.Mail{On: true, Sender: sender}, 200}, "elsewhere": {core.Mail{On: true}, 200}, "none": {core.Mail{}, 409},
	} {
		r := coretest.Start(t, func(o *core.Options) { o.Mail = c.mail })
		root := r.Person(t, "root")
		test(t, r, root, own).Want(t, c.status)
		if name == "elsewhere" {
			r.WantLetter(t, registry.LetterTest, "recipient@example.com")
		}
		test(t, r, root, `{"testEmail":"no address"}`).WantError(t, 400, "VALIDATION_ERROR")
	}
	if got := server.Wait(t, 1); len(server.Messages()) != 1 || got[0].To != "recipient@example.com" {
		t.Errorf("sent were %+v", server.Messages())
	}
}

func TestOnlyPlatformAdminsSendTestLetters(t *testing.T) {
	r, ada := coretest.Acme(t)
	test(t, r, ada, `{"testEmail":"ada@example.com"}`).WantError(t, 403, "INSUFFICIENT_PERMISSIONS")
	if n := len(r.Letters(t)); n != 0 {
		t.Errorf("%d letters wait", n)
	}
}
