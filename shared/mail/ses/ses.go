// Package ses sends mail over Amazon SES, by its API v2.
//
// The IAM action that it needs is ses:SendEmail, on the identity that the mail is from.
package ses

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	port "github.com/boxvault/boxvault/shared/mail"
)

// Sender sends each message in one call of SES.
type Sender struct {
	client *sesv2.Client
	from   string
}

var _ port.Sender = (*Sender)(nil)

// New returns a Sender for a client. Mail is from the address, or the name and address, of from,
// which must be an identity that SES has verified. It sends nothing.
func New(client *sesv2.Client, from string) (*Sender, error) {
	address, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail cannot be from %q: it must be an e-mail address, or a name with one", from)
	}
	return &Sender{client: client, from: address.String()}, nil
}

// Send sends a message, see mail.Sender.
func (s *Sender) Send(ctx context.Context, m port.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	body := &types.Body{Text: content(m.Text)}
	if m.HTML != "" {
		body.Html = content(m.HTML)
	}
	_, err := s.client.SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: &s.from,
		Destination:      &types.Destination{ToAddresses: []string{m.To}},
		Content: &types.EmailContent{Simple: &types.Message{
			// SES takes 7 bits in a subject, and so encoded words for all else.
			Subject: content(mime.QEncoding.Encode("utf-8", m.Subject)),
			Body:    body,
			Headers: []types.MessageHeader{{Name: aws.String("Auto-Submitted"), Value: aws.String("auto-generated")}}, // RFC 3834
		}},
	})
	return failure(err)
}

func content(text string) *types.Content {
	return &types.Content{Data: &text, Charset: aws.String("UTF-8")}
}

// reasons are those of SES's errors that are about a message or its sender
// (docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html).
var reasons = map[string]port.Error{
	"BadRequestException":                {Reason: port.MessageRefused, Permanent: true},
	"MessageRejected":                    {Reason: port.MessageRefused, Permanent: true},
	"MailFromDomainNotVerifiedException": {Reason: port.SenderRefused},
	"AccountSuspendedException":          {Reason: port.SenderRefused},
	"SendingPausedException":             {Reason: port.SenderRefused},
	"AccessDeniedException":              {Reason: port.Unauthenticated},
	"TooManyRequestsException":           {Reason: port.MessageRefused},
	"LimitExceededException":             {Reason: port.MessageRefused},
}

func failure(err error) error {
	if err == nil {
		return nil
	}
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return &port.Error{Reason: port.Unreachable, Said: err.Error(), Err: err}
	}
	e, known := reasons[answer.ErrorCode()]
	if !known {
		e.Reason = port.BrokenOff
	}
	e.Said, e.Err = answer.ErrorCode()+": "+answer.ErrorMessage(), err
	// The same code is for a sender, or in the sandbox a reader, that was not verified yet.
	if strings.Contains(answer.ErrorMessage(), "not verified") {
		e.Reason, e.Permanent = port.SenderRefused, false
	}
	return &e
}
