package ses_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/ses"
)

// service is SES as far as SendEmail goes: it refuses what SES refuses, and keeps what it takes.
type service struct {
	t      *testing.T
	status int // 0: take it
	answer string
	code   string
	taken  []email
}

// email is the body of SendEmail, as the reference of the API v2 has it.
type email struct {
	FromEmailAddress string
	Destination      struct{ ToAddresses, CcAddresses, BccAddresses []string }
	Content          struct {
		Simple struct {
			Subject content
			Body    struct{ Text, Html content }
			Headers []struct{ Name, Value string }
		}
	}
}

type content struct{ Data, Charset string }

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" || r.Header.Get("Content-Type") != "application/json" {
		s.t.Errorf("the request is %s %s, %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
	}
	if auth := r.Header.Get("Authorization"); !strings.Contains(auth, "/eu-central-1/ses/aws4_request") {
		s.t.Errorf("it is signed %q", auth)
	}
	body, err := io.ReadAll(r.Body)
	var got email
	if err == nil {
		err = json.Unmarshal(body, &got)
	}
	if err != nil {
		s.t.Errorf("the body is %q: %v", body, err)
	}
	w.Header().Set("Content-Type", "application/json")
	if s.status != 0 {
		w.Header().Set("X-Amzn-ErrorType", s.code)
		w.WriteHeader(s.status)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": s.answer})
		return
	}
	s.taken = append(s.taken, got)
	fmt.Fprint(w, `{"MessageId":"1"}`)
}

func (s *service) sender(t *testing.T) *ses.Sender {
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	service := call.New(aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}, "ses", "email", &server.URL)
	service.Retryer = aws.NopRetryer{}
	sender, err := ses.New(service, "Bücher <boxvault@example.com>")
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestSendTellsSESAllItNeeds(t *testing.T) {
	s := &service{t: t}
	m := mail.Message{To: "ada@example.com", Subject: "Grüße an Ada", Text: "Hallo 世界\n.\n", HTML: "<p>Hallo 世界 & \"alle\"</p>"}
	if err := s.sender(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := s.taken[0]
	from, err := netmail.ParseAddress(got.FromEmailAddress)
	if err != nil || from.Name != "Bücher" || from.Address != "boxvault@example.com" || !ascii(got.FromEmailAddress) {
		t.Errorf("from %q, error %v", got.FromEmailAddress, err)
	}
	to := got.Destination
	if len(to.ToAddresses) != 1 || to.ToAddresses[0] != m.To || len(to.CcAddresses)+len(to.BccAddresses) > 0 {
		t.Errorf("it goes to %+v", to)
	}
	simple := got.Content.Simple
	subject, err := new(mime.WordDecoder).DecodeHeader(simple.Subject.Data)
	if err != nil || subject != m.Subject || !ascii(simple.Subject.Data) {
		t.Errorf("the subject is %q, error %v", simple.Subject.Data, err)
	}
	if simple.Body.Text != (content{m.Text, "UTF-8"}) || simple.Body.Html != (content{m.HTML, "UTF-8"}) {
		t.Errorf("the bodies are %+v", simple.Body)
	}
	if len(simple.Headers) != 1 || simple.Headers[0].Name != "Auto-Submitted" {
		t.Errorf("the headers are %v", simple.Headers)
	}
}

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' }) }

func TestMessageWithoutHTMLHasNone(t *testing.T) {
	s := &service{t: t}
	if err := s.sender(t).Send(t.Context(), mail.Message{To: "ada@example.com", Subject: "x", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	if html := s.taken[0].Content.Simple.Body.Html; html != (content{}) {
		t.Errorf("the HTML is %+v", html)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		status    int
		code      string
		answer    string
		want      mail.Reason
		permanent bool
	}{
		{400, "BadRequestException", "Local address contains control or whitespace", mail.MessageRefused, true},
		{400, "MessageRejected", "The message contains a virus", mail.MessageRefused, true},
		{400, "MessageRejected", "Email address is not verified. The following identities failed the check: ada@example.com", mail.SenderRefused, false},
		{400, "MailFromDomainNotVerifiedException", "", mail.SenderRefused, false},
		{400, "AccountSuspendedException", "", mail.SenderRefused, false},
		{403, "AccessDeniedException", "not authorized to perform ses:SendEmail", mail.Unauthenticated, false},
		{429, "TooManyRequestsException", "Maximum sending rate exceeded.", mail.MessageRefused, false},
		{500, "InternalServiceErrorException", "", mail.BrokenOff, false},
	} {
		s := &service{t: t, status: c.status, code: c.code, answer: c.answer}
		err := s.sender(t).Send(t.Context(), mail.Message{To: "ada@example.com", Subject: "x", Text: "x"})
		var e *mail.Error
		if !errors.As(err, &e) || e.Reason != c.want || mail.Permanent(err) != c.permanent || !strings.Contains(e.Said, c.code) {
			t.Errorf("%s %q: error %v, permanent %v", c.code, c.answer, err, mail.Permanent(err))
		}
	}
}

func TestNothingIsSentOfWhatIsNoMessage(t *testing.T) {
	s := &service{t: t}
	err := s.sender(t).Send(t.Context(), mail.Message{To: "ada@example.com\r\nBcc: eve@example.com", Subject: "x", Text: "x"})
	if !mail.Permanent(err) || len(s.taken) != 0 {
		t.Errorf("error %v, taken %v", err, s.taken)
	}
}

func TestContextEndsACall(t *testing.T) {
	s := &service{t: t}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.sender(t).Send(ctx, mail.Message{To: "ada@example.com", Subject: "x", Text: "x"})
	if !errors.Is(err, context.Canceled) || mail.Permanent(err) {
		t.Errorf("error %v", err)
	}
}

func TestFromMustBeAnAddress(t *testing.T) {
	if _, err := ses.New(nil, "nobody"); err == nil {
		t.Error("mail is from nobody")
	}
}
