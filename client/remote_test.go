package client_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestRelayRenewsTheLinkToTheFile(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	s := &shelf{content: noise(mib)}
	s.handle = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/old" {
			w.WriteHeader(http.StatusForbidden)
		}
		return r.URL.Path == "/old"
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	links := []string{"/old", "/new"}
	file := client.Remote{Size: -1, Link: func(context.Context, int64) (string, error) {
		next := links[0]
		links = links[1:]
		return server.URL + next, nil
	}}
	_, err := c.Relay(beforeDeadline(t), client.RelayOptions{
		Target: target, FileName: "a.box", Size: -1,
		Open: func(ctx context.Context, from int64) (client.Incoming, error) { return c.Open(ctx, file, from) },
	})
	if err != nil {
		t.Fatal(err)
	}
	wantRelayed(t, c, s.content)
}

func TestRelayOfAnEmptyFile(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	_, err := c.Relay(t.Context(), relayed(t, c, &shelf{}))
	wantKind(t, err, registry.BadUpload)
}

// Both sides may ask to wait: that is told, and waited for; too long a time is an error.
func TestRelayWaitsAsLongAsItIsAskedTo(t *testing.T) {
	for after, longest := range map[string]time.Duration{"90": 90 * time.Second, "7200": 0} {
		var waited time.Duration
		r := embeddedtest.Start(t)
		c := ada(t, r,
			client.WithPause(func(context.Context, time.Duration) error { return nil }),
			client.WithWaits(func(d time.Duration, why error) { waited = max(waited, d) }))
		s := &shelf{content: noise(100)}
		s.handle = func(w http.ResponseWriter, _ *http.Request) bool {
			if s.asked.Load() == 1 {
				w.Header().Set("Retry-After", after)
				w.WriteHeader(http.StatusTooManyRequests)
			}
			return s.asked.Load() == 1
		}
		_, err := c.Relay(t.Context(), relayed(t, c, s))
		if waited != longest || (err == nil) != (longest > 0) {
			t.Errorf("asked to wait %s s, waited %s: %v", after, waited, err)
		}
	}
}

// A file may be elsewhere, but the token is for the registry, and this machine's files are nobody's.
func TestFilesAreFollowedWithCare(t *testing.T) {
	var tokens []string
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.Header.Get("Authorization"), r.Header.Get("Referer"))
		io.WriteString(w, "content")
	}))
	t.Cleanup(storage.Close)
	var to string
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.Header.Get("Authorization"))
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}))
	t.Cleanup(source.Close)
	c, err := client.New(source.URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	file := client.Remote{Size: -1, WithToken: true, Link: func(context.Context, int64) (string, error) { return source.URL + "/a?signature=x", nil }}
	to = storage.URL
	in, err := c.Open(t.Context(), file, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(in); err != nil || string(got) != "content" {
		t.Errorf("read %q: %v", got, err)
	}
	if want := "Bearer secret,,"; strings.Join(tokens, ",") != want {
		t.Errorf("sent %q", tokens)
	}
	for _, to = range []string{"file:///etc/passwd", "gopher://example.com/", source.URL} {
		if _, err := c.Open(t.Context(), file, 0); registry.KindOf(err) != registry.Invalid {
			t.Errorf("a redirect to %s: %v", to, err)
		}
	}
}

// The registry may take its time over a part: meanwhile nobody reads, and that is not the source's fault.
func TestReaderIsNotCutOffWhileNobodyReads(t *testing.T) {
	over, later := make(chan struct{}), make(chan struct{})
	var asked atomic.Int32
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if asked.Add(1) == 2 {
			close(later) // the stall timeout is over
		}
		<-over
	}))
	t.Cleanup(silent.Close)
	t.Cleanup(func() { close(over) })
	c, err := client.New(silent.URL, "", client.WithStallTimeout(50*time.Millisecond),
		client.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }))
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{content: noise(mib)}
	in, err := relayed(t, c, s).Open(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	ctx, stop := context.WithCancel(beforeDeadline(t))
	go c.Open(ctx, client.Remote{Size: -1, Link: func(context.Context, int64) (string, error) { return silent.URL, nil }}, 0)
	<-later
	stop()
	if got, err := io.ReadAll(in); err != nil || !bytes.Equal(got, s.content) {
		t.Errorf("read %d bytes: %v", len(got), err)
	}
	if s.asked.Load() != 1 {
		t.Errorf("the file was asked for %d times", s.asked.Load())
	}
}

// A hostile server can answer without end.
func TestAnswersAreBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(bytes.Repeat([]byte(" "), 2000))
		io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	for limit, fits := range map[int64]bool{2002: true, 2001: false} {
		c, err := client.New(server.URL, "", client.WithMaxAnswer(limit))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Get[struct{}](t.Context(), c, "/", ""); fits != (err == nil) || !fits && registry.KindOf(err) != registry.TooLarge {
			t.Errorf("2002 bytes where %d fit: %v", limit, err)
		}
	}
}

func TestRelayOfAFileOfAnotherSize(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	for _, size := range []int64{100, 20 * mib} {
		o := relayed(t, c, &shelf{content: noise(mib)})
		o.Size = size
		_, err := c.Relay(t.Context(), o)
		wantKind(t, err, registry.BadUpload)
	}
}
