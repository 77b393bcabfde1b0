package client_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

// shelf is a web server with one file, and with whatever is wrong with it.
type shelf struct {
	content []byte
	handle  func(w http.ResponseWriter, r *http.Request) (done bool) // nil: nothing is wrong

	asked atomic.Int32
	sent  atomic.Int64
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	counted := &counting{ResponseWriter: w, n: &s.sent}
	if s.handle == nil || !s.handle(counted, r) {
		http.ServeContent(counted, r, "a.box", time.Time{}, bytes.NewReader(s.content))
	}
}

type counting struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n.Add(int64(n))
	return n, err
}

func (c *counting) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// relayed is what a test relays: the file of a shelf, whose size and checksum are not told.
func relayed(t *testing.T, c *client.Client, s *shelf) client.RelayOptions {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	file := client.Remote{Size: -1, Link: func(context.Context, int64) (string, error) { return server.URL + "/a.box", nil }}
	return client.RelayOptions{
		Target: target, FileName: "a.box", Size: -1,
		Open: func(ctx context.Context, from int64) (client.Incoming, error) { return c.Open(ctx, file, from) },
	}
}

func noise(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i>>8) ^ byte(i*7)
	}
	return b
}

func md5Of(b []byte) string {
	digest := md5.Sum(b)
	return hex.EncodeToString(digest[:])
}

// wantRelayed checks that the registry has the bytes, by having them back.
func wantRelayed(t *testing.T, c *client.Client, want []byte) {
	t.Helper()
	link, err := c.DownloadLink(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(link.DownloadURL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the registry has %d bytes that are not the %d that were sent: %v", len(got), len(want), err)
	}
}

func TestRelayOfAnySize(t *testing.T) {
	for _, size := range []int{1, client.SingleRequest, client.SingleRequest + 1, 16 * mib, 20*mib + 1} {
		for _, told := range []bool{true, false} {
			t.Run(fmt.Sprint(size, told), func(t *testing.T) {
				c := ada(t, embeddedtest.Start(t))
				s := &shelf{content: noise(size)}
				if !told {
					s.handle = func(w http.ResponseWriter, _ *http.Request) bool {
						w.(*counting).ResponseWriter.(http.Flusher).Flush() // and so in chunks
						w.Write(s.content)
						return true
					}
				}
				done, err := c.Relay(beforeDeadline(t), relayed(t, c, s))
				if err != nil {
					t.Fatal(err)
				}
				if done.File.FileSize != int64(size) || done.File.FileName != "a.box" {
					t.Errorf("stored %+v", done.File)
				}
				wantRelayed(t, c, s.content)
			})
		}
	}
}

func TestRelaySurvivesCutsOfTheSource(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	s := &shelf{content: noise(40 * mib)}
	var tagged atomic.Int32
	s.handle = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-Range") == `"1"` {
			tagged.Add(1)
		}
		if s.asked.Load() > 4 {
			return false
		}
		http.ServeContent(&stingy{ResponseWriter: w, left: 7 * mib}, r, "a.box", time.Time{}, bytes.NewReader(s.content))
		panic(http.ErrAbortHandler)
	}
	if _, err := c.Relay(beforeDeadline(t), relayed(t, c, s)); err != nil {
		t.Fatal(err)
	}
	if tagged.Load() != 4 || s.sent.Load() > 41*mib {
		t.Errorf("taken up %d times by the ETag, and %d bytes sent for 40 MiB", tagged.Load(), s.sent.Load())
	}
	wantRelayed(t, c, s.content)
}

// stingy lets only so many bytes through.
type stingy struct {
	http.ResponseWriter
	left int
}

func (s *stingy) Write(p []byte) (int, error) {
	n, err := s.ResponseWriter.Write(p[:min(len(p), s.left)])
	if s.left -= n; s.left == 0 && err == nil {
		err = io.ErrShortWrite
	}
	return n, err
}

// The other half of the bytes would be those of another file.
func TestRelayOfAFileThatChangesAtTheSource(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	s := &shelf{content: noise(8 * mib)}
	s.handle = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, s.asked.Load()))
		if s.asked.Load() > 1 {
			return false
		}
		http.ServeContent(&stingy{ResponseWriter: w, left: mib}, r, "a.box", time.Time{}, bytes.NewReader(s.content))
		panic(http.ErrAbortHandler)
	}
	_, err := c.Relay(beforeDeadline(t), relayed(t, c, s))
	wantKind(t, err, registry.Conflict)
	_, err = c.File(t.Context(), target)
	wantKind(t, err, registry.NotFound)
}

func TestRelayOfBytesWithAnotherChecksum(t *testing.T) {
	for _, size := range []int{100, 20 * mib} {
		c := ada(t, embeddedtest.Start(t))
		s := &shelf{content: noise(size)}
		o := relayed(t, c, s)
		o.Checksum, o.ChecksumType = md5Of([]byte("other")), "md5"
		_, err := c.Relay(beforeDeadline(t), o)
		var wrong *client.ChecksumError
		if !errors.As(err, &wrong) || wrong.Want != o.Checksum || wrong.Got != md5Of(s.content) || !strings.Contains(err.Error(), "has MD5 ") {
			t.Errorf("%d bytes: %v", size, err)
		}
		_, err = c.File(t.Context(), target)
		wantKind(t, err, registry.NotFound)
		if left, err := c.Uploads(t.Context(), target); err == nil && len(left) > 0 {
			t.Errorf("%d bytes: %d uploads were left", size, len(left))
		}
	}
}

// What has arrived is neither sent nor read again, when the checksum at the end will tell.
func TestRelayTakesUpWhatBrokeOff(t *testing.T) {
	for name, declared := range map[string]bool{"with a checksum": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(beforeDeadline(t))
			var parts atomic.Int32
			c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
				if isPart(r) && parts.Add(1) == 3 {
					stop()
				}
				return false
			})))
			s := &shelf{content: noise(64 * mib)}
			var last atomic.Value // the Range that was asked for
			s.handle = func(_ http.ResponseWriter, r *http.Request) bool {
				last.Store(r.Header.Get("Range"))
				return false
			}
			o := relayed(t, c, s)
			if o.Modified = time.Now().Add(-time.Hour); declared {
				o.Checksum, o.ChecksumType = md5Of(s.content), "md5"
			}
			if _, err := c.Relay(ctx, o); !errors.Is(err, context.Canceled) {
				t.Fatalf("stopped relay: %v", err)
			}
			parts.Store(10)
			done, err := c.Relay(beforeDeadline(t), o)
			if err != nil {
				t.Fatal(err)
			}
			if done.Resumed < 16*mib || parts.Load() > 10+3 {
				t.Errorf("resumed %d bytes, and sent %d parts", done.Resumed, parts.Load()-10)
			}
			if want := fmt.Sprintf("bytes=%d-", done.Resumed); declared && last.Load() != want {
				t.Errorf("read again from %q, want %q", last.Load(), want)
			}
			wantRelayed(t, c, s.content)
		})
	}
}

// The parts that arrived were of the file as it was then: it is sent once more, as it is now.
func TestRelayDoesNotMixTwoFiles(t *testing.T) {
	ctx, stop := context.WithCancel(beforeDeadline(t))
	halt := sync.OnceFunc(stop)
	var parts atomic.Int32
	c := ada(t, startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if isPart(r) && parts.Add(1) == 2 {
			halt()
		}
		return false
	})))
	s := &shelf{content: noise(48 * mib)}
	o := relayed(t, c, s)
	s.content[5] ^= 1 // of the first part
	right := bytes.Clone(s.content)
	right[5] ^= 1
	o.Checksum, o.ChecksumType = md5Of(right), "md5"
	if _, err := c.Relay(ctx, o); err == nil {
		t.Fatal("a stopped relay succeeded")
	}
	s.content = right
	if _, err := c.Relay(beforeDeadline(t), o); err != nil {
		t.Fatal(err)
	}
	wantRelayed(t, c, right)
}
