// Package sender opens what letters are sent by on AWS. It is apart from cloud, so that mail is in
// those functions only that send any.
package sender

import (
	"os"

	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/ses"
	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/settings"
)

// Open returns what the settings ask for: a mail server, or SES when only MailFrom is set, or nil for
// no mail at all. It sends nothing. With SES, the function needs the right to ses:SendEmail.
func Open(s settings.Settings) (mail.Sender, error) {
	switch {
	case s.SMTP != "":
		return orNil(smtp.Open(s.SMTP, s.MailFrom))
	case s.MailFrom == "":
		return nil, nil
	}
	cfg, err := cloud.Configuration(os.Getenv)
	if err != nil {
		return nil, err
	}
	return orNil(ses.New(call.New(cfg, "ses", "email", cloud.Endpoint("SESV2")), s.MailFrom))
}

// orNil keeps a nil pointer from becoming a Sender that is none.
func orNil[S mail.Sender](sender S, err error) (mail.Sender, error) {
	if err != nil {
		return nil, err
	}
	return sender, nil
}
