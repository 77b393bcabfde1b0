package embedded_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
)

// A mail server that is down breaks nothing that letters belong to, and the letters come later, even
// from another process over the same data.
func TestLettersWaitForTheMailServer(t *testing.T) {
	var up atomic.Bool
	server := mailtest.Start(t, mailtest.Options{Answer: func(mailtest.Step, string) error {
		if up.Load() {
			return nil
		}
		return mailtest.Refuse(421, "4.3.2 not now")
	}})
	data := t.TempDir()
	start := func() *embeddedtest.Registry {
		return embeddedtest.Start(t, func(o *embedded.Options) {
			o.Data, o.SMTP, o.MailFrom = data, fmt.Sprintf("smtp://%s:%d?tls=none", server.Host, server.Port), "boxvault@example.com"
		})
	}
	r := start()
	r.SignUp(t, "ada")
	for deadline := time.Now().Add(10 * time.Second); server.Sessions() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the letter was never tried")
		}
	}
	r.Stop()
	up.Store(true)

	r = start()
	r.Clock.Advance(2 * time.Minute)
	r.SignUp(t, "bob") // which wakes the janitor
	got := map[string]bool{}
	for _, m := range server.Wait(t, 2) {
		got[m.To] = strings.Contains(m.Text, r.URL+"/ui/verify-mail?token=") || m.To == "ada@example.com"
	}
	if !got["ada@example.com"] || !got["bob@example.com"] {
		t.Errorf("the letters are %v", got)
	}
}

func TestAMailServerThatIsNoneIsToldAtTheStart(t *testing.T) {
	for line, want := range map[string]string{
		"nonsense": "--smtp must be like smtp://",
		"smtp://user:hunter2@mail.example.com:99": "--mail-from must be",
		"smtp://mail.example.com?tls=sometimes":   "tls must be",
	} {
		_, err := embedded.Open(embedded.Options{Addr: "127.0.0.1:0", Data: t.TempDir(), SMTP: line})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestAddressesAreProvenWhereThatIsAskedForAndLettersAreSent(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	line := fmt.Sprintf("smtp://%s:%d?tls=none", server.Host, server.Port)
	for _, c := range []struct {
		smtp   string
		verify embedded.Switch
		status int
	}{{line, "", 200}, {line, embedded.On, 403}, {line, embedded.Off, 200}} {
		r := embeddedtest.Start(t, func(o *embedded.Options) {
			o.SMTP, o.MailFrom, o.VerifyEmail = c.smtp, "boxvault@example.com", c.verify
		})
		r.SignUp(t, "root")
		in := map[string]any{"username": "ada", "email": "ada@example.com", "password": embeddedtest.Password}
		r.Do(t, "POST", "/api/auth/signup", "", in).Want(t, 201)
		r.Do(t, "POST", "/api/auth/signin", "", in).Want(t, c.status)
	}
}
