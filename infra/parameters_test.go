package infra

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions"
)

func TestParametersFromContext(t *testing.T) {
	context := map[string]string{
		"stack": "Boxes", "url": "https://boxes.example.com", "signup": "open", "logDays": "7",
		"functions": "group", "s3Endpoint": "http://localhost:4566", "assets": "elsewhere",
		"origins": "*", "limits": "off",
		"mailFrom": "boxes@example.com", "mirrors": "true",
		"table": "Boxes", "stream": "arn:aws:dynamodb:eu-central-1:1:table/Boxes/stream/1",
		"alarms": "true", "alarmMail": "ops@example.com", "reserve": "DoWork=10",
		"edge": "true", "domain": "boxes.example.com", "certificate": certificateOf, "priceClass": "All",
		"relay": "true", "zones": "eu-central-1a,eu-central-1c",
		"edgeLogs": "true", "distribution": "E2EXAMPLE1ABCD",
	}
	got, err := ReadParameters(func(name string) string { return context[name] })
	want := Parameters{
		Stack: "Boxes", URL: "https://boxes.example.com", Signup: "open", LogDays: 7,
		Functions: PerGroup, S3Endpoint: "http://localhost:4566", MailFrom: "boxes@example.com", Assets: "elsewhere",
		Origins: "*", Limits: "off", Mirrors: "true",
		Table: "Boxes", Stream: "arn:aws:dynamodb:eu-central-1:1:table/Boxes/stream/1",
		Alarms: "true", AlarmMail: "ops@example.com", Reserve: "DoWork=10",
		Edge: "true", Domain: "boxes.example.com", Certificate: certificateOf, PriceClass: "All",
		Relay: "true", Zones: "eu-central-1a,eu-central-1c",
		EdgeLogs: "true", Distribution: "E2EXAMPLE1ABCD",
	}
	if err != nil || got != want {
		t.Errorf("got %+v, error %v, want %+v", got, err, want)
	}
}

func TestParametersByDefault(t *testing.T) {
	if got, err := ReadParameters(func(string) string { return "" }); err != nil || got != Defaults {
		t.Errorf("got %+v, error %v, want %+v", got, err, Defaults)
	}
}

func TestWrongParametersAreNamed(t *testing.T) {
	for name, values := range map[string][]string{
		"stack":      {"1Box", "Box Vault", strings.Repeat("B", 25), "Box/Vault"},
		"url":        {"boxes.example.com", "https://boxes.example.com/", "https://x/path", "ftp://x", "https://"},
		"s3Endpoint": {"localhost:4566"},
		"mailFrom":   {"boxes", "Boxes <boxes@example.com>", "a@b, c@d"},
		"signup":     {"anyone"},
		"logDays":    {"0", "2", "a week"},
		"functions":  {"one"},
		"origins":    {"boxes.example.com", "https://a.example/"},
		"limits":     {"1200", "address=none"},
		"table":      {"a table"},
		"stream":     {"arn:aws:dynamodb:eu-central-1:1:table/Other/stream/1"},
		"bucket":     {"s3://boxes"},
		"alarms":     {"yes"},
		"alarmMail":  {"ops"},
		"reserve":    {"10", "DoWork", "DoWork=", "DoWork=0", "DoWork=1,DoWork=2", "=5", "DoWork=1,"},
	} {
		for _, value := range values {
			_, err := ReadParameters(func(asked string) string {
				if asked == name {
					return value
				}
				return ""
			})
			if err == nil || !strings.Contains(err.Error(), name+"="+value+": must be ") {
				t.Errorf("%s=%s gives %v", name, value, err)
			}
		}
	}
}

func TestAMissingBinaryIsNamed(t *testing.T) {
	p := Defaults
	p.Assets = t.TempDir()
	_, err := NewCore(nil, []functions.Group{{Name: "boxes"}}, p)
	if err == nil || !strings.Contains(err.Error(), "boxes/bootstrap") || !strings.Contains(err.Error(), "make lambda") {
		t.Errorf("got %v", err)
	}
}
