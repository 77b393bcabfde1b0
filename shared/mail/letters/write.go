package letters

import (
	"embed"
	"html"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/boxvault/boxvault/shared/mail"
)

// The first line of a template is the subject. Where there is a link, the second is what its button
// says. Paragraphs follow; the one that is the link alone becomes the button.
//
// Words in double braces are filled in by a strings.Replacer. text/template and html/template alike
// keep the linker from dropping methods that nobody calls, and would make the function's zip 2.3 MB
// larger (see functions/vagrant/page.go).
//
//go:embed templates layout.html paragraph.html button.html
var files embed.FS

// words are what a template is filled with.
type words map[string]string

// page is what layout.html shows.
type page struct {
	Subject    string
	Paragraphs []paragraph
	Footer     string
}

// paragraph is a text, or a link with what its button says.
type paragraph struct{ Text, Link string }

// write makes a message of the template with the name.
func write(name string, head Head, link string, w words) (mail.Message, error) {
	if err := checkLink(link); err != nil {
		return mail.Message{}, err
	}
	w["Name"], w["Registry"] = head.Name, head.Registry
	for key, value := range w {
		w[key] = line(value)
	}
	w["Link"] = link
	template := read("templates/" + name + ".txt")
	if link == "" && strings.Contains(template, "{{.Link}}") {
		return mail.Message{}, errLink
	}
	filled := w.fill(template, verbatim)
	p := paginate(filled, link)
	p.Paragraphs = append([]paragraph{{Text: greeting(w["Name"])}}, p.Paragraphs...)
	p.Footer = "This letter is from BoxVault at " + w["Registry"] + ". It was sent by a program; replies are not read."
	return mail.Message{To: head.To, Subject: p.Subject, Text: p.text(), HTML: p.html()}, nil
}

// read returns a file that is known to be there.
func read(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// fill fills in each word, passed through escape. What was filled in is not looked at again.
func (w words) fill(template string, escape func(string) string) string {
	pairs := make([]string, 0, 2*len(w))
	for key, value := range w {
		pairs = append(pairs, "{{."+key+"}}", escape(value))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

func verbatim(s string) string { return s }

// html is the page as a document.
func (p page) html() string {
	var body strings.Builder
	for _, paragraph := range p.Paragraphs {
		file := "paragraph.html"
		if paragraph.Link != "" {
			file = "button.html"
		}
		body.WriteString(words{"Text": paragraph.Text, "Link": paragraph.Link}.fill(read(file), html.EscapeString))
	}
	above, below, _ := strings.Cut(read("layout.html"), "{{paragraphs}}\n")
	around := words{"Subject": p.Subject, "Footer": p.Footer}
	return around.fill(above, html.EscapeString) + body.String() + around.fill(below, html.EscapeString)
}

// paginate takes a filled template apart. No value has a line end in it, so these are the template's.
func paginate(filled, link string) page {
	head, body, _ := strings.Cut(strings.TrimSpace(filled), "\n\n")
	subject, button, _ := strings.Cut(head, "\n")
	p := page{Subject: subject}
	for text := range strings.SplitSeq(body, "\n\n") {
		if link != "" && text == link {
			p.Paragraphs = append(p.Paragraphs, paragraph{button, link})
			continue
		}
		p.Paragraphs = append(p.Paragraphs, paragraph{Text: text})
	}
	return p
}

// text is the page for who reads plain text.
func (p page) text() string {
	var out strings.Builder
	for _, paragraph := range p.Paragraphs {
		if paragraph.Link != "" {
			paragraph.Text = paragraph.Link
		}
		out.WriteString(paragraph.Text + "\n\n")
	}
	return out.String() + "-- \n" + p.Footer + "\n"
}

func greeting(name string) string {
	if name == "" {
		return "Hello,"
	}
	return "Hello " + name + ","
}

// line makes one line, and not a long one, of a value, and takes out what cannot be seen: it could
// turn round the direction in which the words after it are read.
func line(value string) string {
	const longest = 200
	seen := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, value)
	// An encoded word (RFC 2047) is none with a space in it.
	runes := []rune(strings.ReplaceAll(strings.Join(strings.Fields(seen), " "), "=?", "= ?"))
	return string(runes[:min(len(runes), longest)])
}

var errLink = &mail.Error{Reason: mail.Invalid, Said: "its link is not one to the web", Permanent: true}

// checkLink wants a link to the web; empty is none.
func checkLink(link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsFunc(link, noLink) {
		return errLink
	}
	return nil
}

// noLink finds what a URL does not have as it is (RFC 3986, 2), and mail programs do not expect.
func noLink(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune("\"'<>\\^`{|}", r)
}

// moment is a time as people read it.
func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
