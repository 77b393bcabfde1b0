package letters_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/letters"
	"github.com/boxvault/boxvault/shared/mail/mailtest"
	"github.com/boxvault/boxvault/shared/mail/smtp"
)

const link = "https://boxes.example.com/register?token=0123456789abcdef0123456789abcdef01234567&organization=acme"

var (
	head = letters.Head{To: "ada@example.com", Name: "ada", Registry: "https://boxes.example.com"}
	at   = time.Date(2026, 3, 1, 13, 5, 0, 0, time.FixedZone("CET", 3600))
)

// all is one of each letter.
var all = []letters.Letter{
	letters.VerifyEmail{Head: head, Link: link, Expires: at},
	letters.ResetPassword{Head: head, Link: link, Expires: at},
	letters.Invitation{Head: head, Organization: "acme", By: "grace", Role: "member", Link: link, Expires: at},
	letters.ChangeEmail{Head: head, Link: link, Expires: at},
	letters.ChangeEmailNotice{Head: head, NewEmail: "ada@new.example.com"},
	letters.PasswordChanged{Head: head, At: at},
	letters.JoinRequested{Head: head, Organization: "acme", By: "grace", Link: link},
	letters.JoinApproved{Head: head, Organization: "acme", Role: "member", Link: link},
	letters.JoinDenied{Head: head, Organization: "acme"},
	letters.Released{Head: head, Box: "acme/debian", Version: "1.0.0", Link: link},
	letters.Deprecated{Head: head, Box: "acme/debian", Version: "1.0.0", Reason: "It is broken.", Link: link},
	letters.Test{Head: head},
}

// each calls do with every letter, made anew so that it can be changed.
func each(t *testing.T, do func(t *testing.T, letter reflect.Value)) {
	for _, l := range all {
		t.Run(reflect.TypeOf(l).Name(), func(t *testing.T) {
			changeable := reflect.New(reflect.TypeOf(l)).Elem()
			changeable.Set(reflect.ValueOf(l))
			do(t, changeable)
		})
	}
}

// fields calls do with every text of a letter but its link.
func fields(letter reflect.Value, do func(name string, field reflect.Value)) {
	for _, f := range reflect.VisibleFields(letter.Type()) {
		if f.Type.Kind() == reflect.String && f.Name != "Link" {
			do(f.Name, letter.FieldByIndex(f.Index))
		}
	}
}

func write(t *testing.T, letter reflect.Value) mail.Message {
	t.Helper()
	m, err := letter.Interface().(letters.Letter).Message()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEveryTemplateIsALetter(t *testing.T) {
	templates, err := filepath.Glob("templates/*.txt")
	if err != nil || len(templates) != len(all) {
		t.Errorf("%d templates, %d letters, error %v", len(templates), len(all), err)
	}
}

func TestEveryLetterArrivesWithAllItSays(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{TLS: mailtest.StartTLS})
	sender, err := smtp.New(smtp.Config{Host: server.Host, Port: server.Port, Roots: server.Roots, From: "boxvault@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	each(t, func(t *testing.T, letter reflect.Value) {
		m := write(t, letter)
		if err := sender.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		sent++
		got := server.Wait(t, sent)[sent-1]
		if got.To != head.To || got.Subject != m.Subject || got.Text+"\n" != m.Text || got.HTML+"\n" != m.HTML {
			t.Errorf("it arrived as %q", got.Raw)
		}
		if strings.Contains(m.Text+m.HTML, "{{") {
			t.Errorf("not all is filled in:\n%s", m.Text)
		}
		fields(letter, func(name string, field reflect.Value) {
			if name != "To" && (!strings.Contains(m.Text, field.String()) || !strings.Contains(m.HTML, field.String())) {
				t.Errorf("%s is missing in\n%s", name, m.Text)
			}
		})
		for _, field := range []string{"Expires", "At"} {
			const want = "1 March 2026, 12:05 UTC"
			if letter.FieldByName(field).IsValid() && (!strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want)) {
				t.Errorf("%s is missing in\n%s", field, m.Text)
			}
		}
		if letter.FieldByName("Link").IsValid() {
			checkLink(t, m)
		}
	})
}

// checkLink wants the link on a line of its own, behind a button, and to be read.
func checkLink(t *testing.T, m mail.Message) {
	escaped := strings.ReplaceAll(link, "&", "&amp;")
	if !strings.Contains(m.Text, "\n\n"+link+"\n\n") {
		t.Errorf("the link is not to be seen in\n%s", m.Text)
	}
	if strings.Count(m.HTML, `<a href="`+escaped+`"`) != 2 || !strings.Contains(m.HTML, ">"+escaped+"</a>") {
		t.Errorf("the link is not to be seen in\n%s", m.HTML)
	}
}

var hostile = []string{
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, "{{.Link}}", `{{html "x"}}`,
	"&lt;script&gt;", "</p></div></body>", "a\nb", "a\r\nBcc: eve@example.com\r\n\r\n<script>", "a\n\n" + link + "\n\nb", "\r\n.\r\nQUIT",
	"=?utf-8?q?=0D=0ABcc:_eve@example.com?=", "a\u2028b\u0085c\x00d\x1b[31m", "\u202etxt.exe", "\xff\xfe", strings.Repeat("x<", 5000),
}

var tag = regexp.MustCompile(`<[^>]*>`)

func TestNothingInALetterBecomesAnythingElse(t *testing.T) {
	each(t, func(t *testing.T, letter reflect.Value) {
		tame := write(t, letter)
		for _, value := range hostile {
			fields(letter, func(name string, field reflect.Value) {
				before := field.String()
				defer field.SetString(before)
				field.SetString(value)
				m := write(t, letter)
				if name == "To" {
					if err := m.Check(); !mail.Permanent(err) {
						t.Errorf("it would be sent to %q", value)
					}
					return
				}
				if err := m.Check(); err != nil {
					t.Errorf("%s %q: %v", name, value, err)
				}
				compare(t, fmt.Sprintf("%s %.40q", name, value), m, tame)
			})
		}
	})
}

// compare wants a letter to be built as the tame one, whatever is filled in.
func compare(t *testing.T, what string, m, tame mail.Message) {
	t.Helper()
	if got, want := tag.FindAllString(m.HTML, -1), tag.FindAllString(tame.HTML, -1); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: the elements are %q, want %q", what, got, want)
	}
	if strings.Count(m.HTML, `"`) != strings.Count(tame.HTML, `"`) || strings.Count(m.HTML, "'") != strings.Count(tame.HTML, "'") {
		t.Errorf("%s: quotes got through:\n%s", what, m.HTML)
	}
	if strings.Count(m.Text, "\n") != strings.Count(tame.Text, "\n") || strings.ContainsAny(m.Text, "\r\x00\x1b\u202e") {
		t.Errorf("%s: the text is\n%s", what, m.Text)
	}
}

func TestLinkThatIsNoneIsRefused(t *testing.T) {
	each(t, func(t *testing.T, letter reflect.Value) {
		field := letter.FieldByName("Link")
		if !field.IsValid() {
			return
		}
		for _, value := range append([]string{"", "javascript:alert(1)", "//evil.example.com", "/register", "https://", "ftp://example.com/x",
			"https://example.com/\" onclick=\"alert(1)", "https://example.com/ x", "https://example.com/ü"}, hostile...) {
			field.SetString(value)
			if m, err := letter.Interface().(letters.Letter).Message(); !mail.Permanent(err) || m.HTML != "" {
				t.Errorf("link %q: error %v", value, err)
			}
		}
	})
}

func TestReaderWithoutANameIsGreetedAllTheSame(t *testing.T) {
	m, err := letters.Test{Head: letters.Head{To: "ada@example.com", Registry: "https://boxes.example.com"}}.Message()
	if err != nil || !strings.HasPrefix(m.Text, "Hello,\n\n") {
		t.Errorf("%q, error %v", m.Text, err)
	}
}

// LETTERS=folder go test -run TestLettersCanBeLookedAt writes them all as files, to be looked at.
func TestLettersCanBeLookedAt(t *testing.T) {
	folder := os.Getenv("LETTERS")
	if folder == "" {
		t.Skip("set LETTERS to a folder to have all letters written there")
	}
	each(t, func(t *testing.T, letter reflect.Value) {
		m := write(t, letter)
		name := filepath.Join(folder, letter.Type().Name())
		for end, body := range map[string]string{".html": m.HTML, ".txt": m.Subject + "\n\n" + m.Text} {
			if err := os.WriteFile(name+end, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
}
