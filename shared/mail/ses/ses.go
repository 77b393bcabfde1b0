// Package ses sends mail over Amazon SES, by its API v2.
//
// The IAM action that it needs is ses:SendEmail, on the identity that the mail is from.
package ses

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/boxvault/boxvault/shared/cloud/call"
	port "github.com/boxvault/boxvault/shared/mail"
)

// Sender sends each message in one call of SES.
type Sender struct {
	service *call.Service
	from    string
}

var _ port.Sender = (*Sender)(nil)

// New returns a Sender by the service. Mail is from the address, or the name and address, of from,
// which must be an identity that SES has verified. It sends nothing.
func New(service *call.Service, from string) (*Sender, error) {
	address, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail cannot be from %q: it must be an e-mail address, or a name with one", from)
	}
	return &Sender{service: service, from: address.String()}, nil
}

// Send sends a message, see mail.Sender.
func (s *Sender) Send(ctx context.Context, m port.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	return failure(s.service.Post(ctx, "/v2/email/outbound-emails", map[string]string{"Content-Type": "application/json"}, s.email(m), &struct{}{}))
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
	var answer *call.Error
	if !errors.As(err, &answer) {
		return &port.Error{Reason: port.Unreachable, Said: err.Error(), Err: err}
	}
	e, known := reasons[answer.Code]
	if !known {
		e.Reason = port.BrokenOff
	}
	e.Said, e.Err = answer.Code+": "+answer.Text, err
	// The same code is for a sender, or in the sandbox a reader, that was not verified yet.
	if strings.Contains(answer.Text, "not verified") {
		e.Reason, e.Permanent = port.SenderRefused, false
	}
	return &e
}
