package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

// A description must not be able to write over what the terminal shows.
func TestNothingForTheTerminalToObey(t *testing.T) {
	s := sit(t, "")
	err := s.result(nil, func(w io.Writer) { fmt.Fprint(w, "evil \x1b[2J\x07\r\u202etext\nnext\n") })
	if err != nil || s.out.String() != "evil [2Jtext\nnext\n" {
		t.Errorf("printed %q: %v", s.out, err)
	}
	s.report(registry.Errorf(registry.Invalid, "no\x1b[1m").With("name\x1b", "bad\x1b"))
	if strings.Contains(s.err.String(), "\x1b") {
		t.Errorf("printed %q", s.err)
	}
}

func TestEveryKindOfErrorHasAnExitCode(t *testing.T) {
	want := map[registry.Kind]int{
		registry.Internal: 1, registry.Invalid: 2, registry.Unauthenticated: 3, registry.TokenExpired: 3,
		registry.Forbidden: 3, registry.NotFound: 4, registry.Timeout: 7, registry.Conflict: 5, registry.TooLarge: 1,
		registry.ChunkTooLarge: 1, registry.BadUpload: 1, registry.RateLimited: 7, registry.Full: 1, registry.Renamed: 4,
		registry.Outdated: 5, registry.KeyReused: 5, registry.Upstream: 7, registry.Busy: 7,
	}
	for kind := range registry.Kinds {
		kind := registry.Kind(kind)
		if got := exitCode(fmt.Errorf("wrapped: %w", registry.Errorf(kind, "x"))); got != want[kind] {
			t.Errorf("%s ends with %d, want %d", registry.Kinds[kind].Code, got, want[kind])
		}
	}
	for err, code := range map[error]int{
		nil: 0, errors.New("x"): 1, usageError{errors.New("x")}: 2, &client.ChecksumError{}: 6,
		&client.Unreachable{Err: io.EOF}: 7, interrupted{&client.Unreachable{Err: io.EOF}}: 130,
		registry.Errorf(registry.BadUpload, "x").With("computed", "y"): 6,
	} {
		if got := exitCode(err); got != code {
			t.Errorf("%v ends with %d, want %d", err, got, code)
		}
	}
}

func TestFirstHintStays(t *testing.T) {
	err := fmt.Errorf("outer: %w", hint(errors.New("x"), "do this"))
	if got := hintFor(hint(err, "do that")); got != "do this" {
		t.Errorf("hint %q", got)
	}
}

// Only who lacks a role is sent to somebody who has it; other refusals say themselves what to do.
func TestHintsOfRefusalsFitThem(t *testing.T) {
	for want, err := range map[string]error{
		"ask an admin or owner of the organization; ":       registry.Denied("admin", "member"),
		"ask the platform's admin; ":                        registry.Denied("admin", "user"),
		"ask the platform's admin;":                         registry.Denied("platform admin", "owner"),
		"this takes a person, and no service account: sign": registry.Denied("user", "service account"),
	} {
		if got := hintFor(err); !strings.HasPrefix(got, want) {
			t.Errorf("the hint for %v is %q", err, got)
		}
	}
	if got := hintFor(registry.Errorf(registry.Forbidden, "the e-mail address is not proven")); got != "" {
		t.Errorf("the hint is %q", got)
	}
}

func TestRefusalsOfTheRegistryAreHinted(t *testing.T) {
	r := embeddedtest.Start(t)
	s := signedInAt(t, r, "")
	s.run(t.Context(), 3, "org", "mirror", "acme", "--from", "https://boxes.example.com", "--upstream", "acme")
	s.wantErr("organizations are no mirrors here")
	if strings.Contains(s.err.String(), "hint:") {
		t.Errorf("there is a hint:\n%s", s.err)
	}
	r.SignUp(t, "bob")
	s.run(t.Context(), 0, "org", "add", "acme", "bob")
	s = sit(t, "", embeddedtest.Password)
	s.run(t.Context(), 0, "login", r.URL, "-u", "bob")
	s.run(t.Context(), 3, "org", "invite", "acme", "eve@example.com")
	s.wantErr("hint: ask an admin or owner of the organization;")
}

func TestReferences(t *testing.T) {
	for in, want := range map[string]reference{
		"acme/debian12":         {"acme", "debian12", ""},
		"acme/debian12@1.2.0":   {"acme", "debian12", "1.2.0"},
		"acme/debian12@v1.2":    {"acme", "debian12", "1.2"},
		"acme/d.e_b-12@1.0-rc1": {"acme", "d.e_b-12", "1.0-rc1"},
	} {
		if got, err := parseReference(in); err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "acme", "acme/", "/debian12", "acme/debian12@", "acme/debian12@latest", "a/b/c", "../b", "acme/debian 12"} {
		if got, err := parseReference(in); exitCode(err) != exitUsage {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
}

func TestDays(t *testing.T) {
	for in, want := range map[string]int{"1d": 1, "90d": 90, "12w": 84, "1y": 365} {
		if got, err := parseDays(in); err != nil || got != want {
			t.Errorf("%s: %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "90", "d", "0d", "-1d", "1.5d", "1h", "9999999999999999999d", "4000000y"} {
		if got, err := parseDays(in); err == nil {
			t.Errorf("%q: %d", in, got)
		}
	}
}
