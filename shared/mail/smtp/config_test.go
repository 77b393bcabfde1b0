package smtp_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestParseURL(t *testing.T) {
	for url, want := range map[string]string{
		"smtp://mail.example.com":                                       `smtp server mail.example.com port 587, tls starttls, user "", from ""`,
		"smtps://mail.example.com/":                                     `smtp server mail.example.com port 465, tls implicit, user "", from ""`,
		"smtp://a%40b:p%2Fw@mail.example.com:2525?tls=required":         `smtp server mail.example.com port 2525, tls required, user "a@b", from ""`,
		"smtp://[::1]:25?tls=none&from=boxvault@example.com":            `smtp server ::1 port 25, tls none, user "", from "boxvault@example.com"`,
		"smtps://h?from=%22Box%20Vault%22%20%3Cbox@example.com%3E":      `smtp server h port 465, tls implicit, user "", from "\"Box Vault\" <box@example.com>"`,
		"smtp://u:p@h:99999?tls=sometimes&from=nobody":                  `smtp server h port 99999, tls sometimes, user "u", from "nobody"`,
		"smtp://u:p%40%3a%2f%3f%23%25@mail.example.com:587?tls=offered": `smtp server mail.example.com port 587, tls offered, user "u", from ""`,
	} {
		c, err := smtp.ParseURL(url)
		if err != nil || c.String() != want {
			t.Errorf("%s is %v, error %v", url, c, err)
		}
	}
	c, err := smtp.ParseURL("smtp://u:p%40%3a%2f%3f%23%25@mail.example.com")
	if err != nil || c.Pass != "p@:/?#%" {
		t.Errorf("the password is %q, error %v", c.Pass, err)
	}
}

func TestURLsThatAreNone(t *testing.T) {
	for _, url := range []string{
		"", "mail.example.com", "mail.example.com:587", "smtp:", "smtp://", "http://u:hunter2@h", "smtp://u:hunter2@",
		"smtp://u:hun/hunter2@h", "smtp://u:1/hunter2@h", "smtp://u:1?hunter2@h", "smtp://u:1#hunter2@h", "smtp://u:hunter2%zz@h",
		"smtp://u:1?tls=none&hunter2=1", "smtp://u:hunter2 @h", "smtp://u:hunter2@h\n", "smtp://u:hunter2@h?tls=none&tls=starttls",
		"smtps://u:hunter2@h?tls=none", "smtp://u:hunter2@h?tsl=none", "smtp://u:hunter2@h?a=%zz", "smtp://u:1@h:hunter2",
	} {
		c, err := smtp.ParseURL(url)
		if err == nil || c.Host != "" || c.Pass != "" {
			t.Errorf("%q is %v, error %v", url, c, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: error %v", url, err)
		}
	}
}

func TestEveryWrongFieldIsNamed(t *testing.T) {
	_, err := smtp.New(smtp.Config{Host: "mail example", Port: 0, TLS: "maybe", From: "nobody", Pass: "hunter2"})
	var e *registry.Error
	if !errors.As(err, &e) || e.Kind != registry.Invalid {
		t.Fatalf("error %v", err)
	}
	if got := slices.Sorted(maps.Keys(e.Details)); !slices.Equal(got, []string{"from", "host", "port", "tls"}) {
		t.Errorf("the fields are %v", got)
	}
}

func TestHostsAndSenders(t *testing.T) {
	for host, good := range map[string]bool{
		"mail.example.com": true, "MX_1.example.com.": true, "127.0.0.1": true, "::1": true, "localhost": true,
		"": false, "a b": false, "a\r\nb": false, "a/b": false, "a:25": false, "[::1]": false, "ü.example": false, strings.Repeat("a", 254): false,
	} {
		if wrong := (smtp.Config{Host: host}).Check()["host"]; (wrong == "") != good {
			t.Errorf("host %q: %q", host, wrong)
		}
	}
	for from, good := range map[string]bool{
		"a@example.com": true, "A B <a@example.com>": true, `"A, B" <a@example.com>`: true, "Ä <a@example.com>": true,
		"": false, "a": false, "a@example.com\r\nBcc: b@example.com": false, "a@example.com, b@example.com": false,
		"A\r\n B <a@example.com>": false,
	} {
		if wrong := (smtp.Config{From: from}).Check()["from"]; (wrong == "") != good {
			t.Errorf("from %q: %q", from, wrong)
		}
	}
}
