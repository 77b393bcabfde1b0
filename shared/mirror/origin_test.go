package mirror

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

func noise(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// from is a file at a server of the test.
func from(t *testing.T, serve http.HandlerFunc) origin {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	u := newUpstream(true)
	u.stall = 20 * time.Millisecond
	return origin{u, server.URL, 1 << 20}
}

func (o origin) all(t *testing.T) ([]byte, error) {
	t.Helper()
	s, err := o.Open(t.Context(), 0, "")
	if err != nil {
		return nil, err
	}
	defer s.Body.Close()
	return io.ReadAll(s.Body)
}

// A server that sends nothing any more is hung up on, and asked for the rest.
func TestATransferThatStallsGoesOn(t *testing.T) {
	file := noise(100_000)
	var asked atomic.Int32
	o := from(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if asked.Add(1) > 1 {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file))
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(file)))
		_, _ = w.Write(file[:50_000])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	if got, err := o.all(t); err != nil || !bytes.Equal(got, file) || asked.Load() != 2 {
		t.Errorf("%d bytes came in %d answers, %v", len(got), asked.Load(), err)
	}
}

// The rest of another file must not be put behind the beginning of the first.
func TestATransferOfAFileThatChangesMeanwhileFails(t *testing.T) {
	var asked atomic.Int32
	o := from(t, func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		w.Header().Set("ETag", strconv.Quote(strconv.Itoa(int(n))))
		if n > 1 {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(noise(1000)))
			return
		}
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write(noise(500))
	})
	if got, err := o.all(t); registry.KindOf(err) != registry.Upstream || !registry.Retryable(err) {
		t.Errorf("%d bytes came, %v", len(got), err)
	}
}

func TestATransferThatIsCutAllTheTimeFails(t *testing.T) {
	o := from(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Length", "1000")
		if r.Header.Get("Range") != "" {
			w.Header().Set("Content-Length", "999")
			w.Header().Set("Content-Range", "bytes 1-999/1000")
			w.WriteHeader(http.StatusPartialContent)
			return
		}
		_, _ = w.Write([]byte("x"))
	})
	if got, err := o.all(t); len(got) != 1 || !registry.Retryable(err) {
		t.Errorf("%d bytes came, %v", len(got), err)
	}
}

// A file without a validator cannot be told from another one: it is not put together of two.
func TestAFileWithoutATagIsFetchedInOneGo(t *testing.T) {
	var asked atomic.Int32
	o := from(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("ETag", `W/"weak"`)
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte("x"))
	})
	if _, err := o.all(t); !registry.Retryable(err) || asked.Load() != 1 {
		t.Errorf("it was asked for %d times, %v", asked.Load(), err)
	}
}

func TestNoURLIsToldInAnErrorOrLogged(t *testing.T) {
	if got := harmless("https://h.example/a.box?X-Amz-Signature=secret"); got != "https://h.example/a.box" {
		t.Errorf("logged is %s", got)
	}
	_, err := newUpstream(false).get(t.Context(), "http://127.0.0.1:1/tok3n")
	if err == nil || err.Error() != "the host has a private or reserved address, where the registry does not send to" {
		t.Errorf("told is %v", err)
	}
}
