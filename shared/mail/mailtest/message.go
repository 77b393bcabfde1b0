package mailtest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Message is one that a server took.
type Message struct {
	From, To  string // as MAIL and RCPT said
	User      string // who had signed in
	Encrypted bool
	Header    mail.Header
	Subject   string // decoded
	// Text and HTML are the two bodies, decoded, with \n between lines and none at the end.
	Text, HTML string
	Raw        []byte
}

// read takes a message apart. It must be well-formed and in UTF-8.
func read(raw []byte) (Message, error) {
	m := Message{Raw: raw}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, err
	}
	m.Header = parsed.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return m, err
	}
	return m, m.part(m.Header.Get, parsed.Body)
}

// part reads a body, or each of several.
func (m *Message) part(header func(string) string, body io.Reader) error {
	kind, parameters, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		return err
	}
	if kind == "multipart/alternative" {
		return m.alternatives(multipart.NewReader(body, parameters["boundary"]))
	}
	if charset := parameters["charset"]; !strings.EqualFold(charset, "utf-8") {
		return fmt.Errorf("a part is in %q", charset)
	}
	text, err := decode(header("Content-Transfer-Encoding"), body)
	switch kind {
	case "text/plain":
		m.Text = text
	case "text/html":
		m.HTML = text
	default:
		return fmt.Errorf("a part is %q", kind)
	}
	return err
}

func (m *Message) alternatives(parts *multipart.Reader) error {
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.part(p.Header.Get, p); err != nil {
			return err
		}
	}
}

func decode(encoding string, body io.Reader) (string, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "", "7bit", "8bit":
	default:
		return "", fmt.Errorf("a part is encoded as %q", encoding)
	}
	text, err := io.ReadAll(body)
	return strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), err
}
