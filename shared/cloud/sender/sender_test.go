package sender_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/cloud/sender"
	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/settings"
)

var message = mail.Message{To: "ada@example.com", Subject: "hello", Text: "hello"}

// SES's API is stood in for by a server that takes what it gets.
func TestLettersGoBySESWhenThereIsNoMailServer(t *testing.T) {
	var from string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ FromEmailAddress string }
		raw, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(raw, &in)
		from = in.FromEmailAddress
		_, _ = io.WriteString(w, `{"MessageId":"1"}`)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("AWS_ENDPOINT_URL_SESV2", server.URL)
	s, err := sender.Open(settings.Settings{MailFrom: "boxvault@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message); err != nil || !strings.Contains(from, "boxvault@example.com") {
		t.Errorf("sent from %q: %v", from, err)
	}
}

func TestWhatTheSettingsAskFor(t *testing.T) {
	if s, err := sender.Open(settings.Settings{}); s != nil || err != nil {
		t.Errorf("nothing is asked for, and it is %v, %v", s, err)
	}
	s, err := sender.Open(settings.Settings{SMTP: "smtps://mail.example.com", MailFrom: "boxvault@example.com"})
	if _, ok := s.(*smtp.Sender); !ok || err != nil {
		t.Errorf("a mail server is asked for, and it is %v, %v", s, err)
	}
	if s, err := sender.Open(settings.Settings{SMTP: "nonsense"}); s != nil || err == nil {
		t.Errorf("for nonsense it is %v, %v", s, err)
	}
}
