package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// session is a person at a terminal.
type session struct {
	*App
	t         *testing.T
	out, err  *buffer
	passwords []string
	config    string
}

// buffer takes writes from several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// sit sits somebody down who types the lines, and the passwords, when asked.
func sit(t *testing.T, lines string, passwords ...string) *session {
	s := &session{t: t, out: &buffer{}, err: &buffer{}, passwords: passwords, config: t.TempDir()}
	s.App = &App{
		Streams: Streams{
			In: strings.NewReader(lines), Out: s.out, Err: s.err, Interactive: true,
			ReadPassword: func() (string, error) {
				next := s.passwords[0]
				s.passwords = s.passwords[1:]
				return next, nil
			},
		},
		Getenv:    func(string) string { return "" },
		ConfigDir: func() (string, error) { return s.config, nil },
		Version:   "test",
		Client:    []client.Option{client.WithBackoff(func(int) time.Duration { return time.Millisecond })},
	}
	return s
}

// run runs a command that must end with the exit code.
func (s *session) run(ctx context.Context, want int, args ...string) {
	s.t.Helper()
	if got := s.Run(ctx, args); got != want {
		s.t.Fatalf("boxvault %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, s.out, s.err)
	}
}

func (s *session) wantErr(text string) {
	s.t.Helper()
	if !strings.Contains(s.err.String(), text) {
		s.t.Errorf("stderr does not say %q:\n%s", text, s.err)
	}
}

// signedIn is somebody who is signed in as ada at a registry that has the organization acme.
func signedInAt(t *testing.T, r *embeddedtest.Registry, lines string) *session {
	t.Helper()
	r.Organization(t, r.SignUp(t, "ada"), "acme")
	s := sit(t, lines, embeddedtest.Password)
	s.run(t.Context(), 0, "login", r.URL, "-u", "ada")
	return s
}

func (s *session) credentials() (c credentials) {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.config, "boxvault", "credentials.json"))
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}
