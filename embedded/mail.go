package embedded

import (
	"errors"
	"fmt"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/post"
)

// Switch is a setting that was chosen, or was not.
type Switch string

// The settings.
const (
	On  Switch = "on"
	Off Switch = "off"
)

// ParseSwitch reads a setting.
func ParseSwitch(s string) (Switch, error) {
	switch Switch(s) {
	case On, Off:
		return Switch(s), nil
	default:
		return "", errors.New("must be on or off")
	}
}

// mail makes what letters are sent by. Without a mail server that is told once, in the log.
func (r *Registry) mail(tokens auth.Tokens) (core.Mail, error) {
	o := r.options
	if o.SMTP == "" {
		o.Log.Info("no letters are sent: no mail server is set (--smtp)")
		return core.Mail{Private: o.PrivateMail}, nil
	}
	sender, err := smtp.Open(o.SMTP, o.MailFrom)
	if err != nil {
		return core.Mail{}, fmt.Errorf("mail: %w", err)
	}
	office := post.Office{Sender: sender, Tokens: tokens, URL: r.url, Log: o.Log, Now: o.Now}
	return core.Mail{
		On: true, Verify: o.VerifyEmail == On, Sender: sender, Letters: office.Send, Private: o.PrivateMail,
	}, nil
}
