package source_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/client/source"
)

// world is the servers of a test, and what they were asked, with the token that came along.
type world struct {
	mu   sync.Mutex
	asks []string
}

// serve starts a server on this machine that answers by path and query. An answer is a body; a *redirect
// or a status is written otherwise.
func (w *world) serve(t *testing.T, answers map[string]any) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asks = append(w.asks, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization")))
		w.mu.Unlock()
		switch answer := answers[r.URL.RequestURI()].(type) {
		case nil:
			rw.WriteHeader(http.StatusNotFound)
		case int:
			rw.WriteHeader(answer)
		case redirect:
			http.Redirect(rw, r, string(answer), http.StatusFound)
		case func(*http.Request) string:
			io.WriteString(rw, answer(r))
		default:
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprint(rw, answer)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

type redirect string

// asked reports whether a request came, with its token.
func (w *world) asked(t *testing.T, want string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ask := range w.asks {
		if ask == want {
			return
		}
	}
	t.Errorf("nobody asked %q, only %q", want, w.asks)
}

// open opens a source with an environment: NAME, value, NAME, value …
func open(t *testing.T, from string, kind source.Type, env ...string) source.Source {
	t.Helper()
	s, _, err := source.Open(t.Context(), options(from, kind, env...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func options(from string, kind source.Type, env ...string) source.Options {
	return source.Options{
		From: from, Type: kind,
		Getenv: func(name string) string {
			for i := 0; i < len(env); i += 2 {
				if env[i] == name {
					return env[i+1]
				}
			}
			return ""
		},
		Client: []client.Option{client.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() })},
	}
}

func box(t *testing.T, s source.Source, organization, name string) source.Box {
	t.Helper()
	b, err := s.Box(t.Context(), organization, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tell is a box in a line for each file and for each version without one.
func tell(b source.Box) string {
	var lines []string
	for _, v := range b.Versions {
		head := v.Number + " " + string(v.Status)
		if len(v.Files) == 0 {
			lines = append(lines, head)
		}
		for _, f := range v.Files {
			line := fmt.Sprintf("%s %s/%s %d %s:%s", head, f.Provider, f.Architecture, f.Size, f.ChecksumType, f.Checksum)
			if f.Default {
				line += " default"
			}
			if f.Broken != nil {
				line += " " + f.Broken.Error()
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func wantTold(t *testing.T, b source.Box, want ...string) {
	t.Helper()
	if got := tell(b); got != strings.Join(want, "\n") {
		t.Errorf("the box is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// read reads a file of the source from its beginning.
func read(t *testing.T, f source.File) string {
	t.Helper()
	in, err := f.Open(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	content, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestDeclaredChecksums(t *testing.T) {
	const md5 = "d41d8cd98f00b204e9800998ecf8427e"
	for _, test := range []struct{ sum, kind, want, wantKind string }{
		{"", "", "", ""},
		{"", "sha256", "", ""},
		{"abc", "none", "", ""},
		{"abc", "UNSET", "", ""},
		{strings.ToUpper(md5), "MD5", md5, "md5"},
		{" " + md5 + "  package.box\n", "md5", md5, "md5"},
		{strings.Repeat("0", 40), "SHA-1", strings.Repeat("0", 40), "sha1"},
	} {
		sum, kind, err := source.File{Checksum: test.sum, ChecksumType: test.kind}.Declared()
		if err != nil || sum != test.want || kind != test.wantKind {
			t.Errorf("%s:%q is %s:%q, %v", test.kind, test.sum, kind, sum, err)
		}
	}
	for sum, kind := range map[string]string{md5: "sha256", "xyz": "md5", md5 + "0": "crc32"} {
		if got, _, err := (source.File{Checksum: sum, ChecksumType: kind}).Declared(); err == nil {
			t.Errorf("%s:%q is %q", kind, sum, got)
		}
	}
}
