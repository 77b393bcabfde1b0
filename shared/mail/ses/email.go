package ses

import (
	"mime"

	port "github.com/boxvault/boxvault/shared/mail"
)

// email is the body of SendEmail, as far as letters go
// (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html).
type email struct {
	FromEmailAddress string
	Destination      struct{ ToAddresses []string }
	Content          struct{ Simple simple }
}

type simple struct {
	Subject content
	Body    struct {
		Text content
		Html *content `json:",omitempty"`
	}
	Headers []header
}

type content struct{ Data, Charset string }

type header struct{ Name, Value string }

func (s *Sender) email(m port.Message) email {
	e := email{FromEmailAddress: s.from}
	e.Destination.ToAddresses = []string{m.To}
	message := &e.Content.Simple
	// SES takes 7 bits in a subject, and so encoded words for all else.
	message.Subject = content{mime.QEncoding.Encode("utf-8", m.Subject), "UTF-8"}
	message.Body.Text = content{m.Text, "UTF-8"}
	if m.HTML != "" {
		message.Body.Html = &content{m.HTML, "UTF-8"}
	}
	message.Headers = []header{{"Auto-Submitted", "auto-generated"}} // RFC 3834
	return e
}
