package webhook

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

const (
	soon = 200 * time.Millisecond // nothing comes, however long one waits
	late = 2 * time.Second        // what comes, comes before, on a busy machine too
)

func TestReceiversThatKeepUsWaiting(t *testing.T) {
	t.Parallel()
	a := send(t, hasty(soon), receive(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	wantFailure(t, a, "no answer within 200ms")
}

// The status was there in time: it counts, however long the body takes.
func TestReceiversThatDoNotComeToAnEnd(t *testing.T) {
	t.Parallel()
	for status, delivered := range map[int]bool{200: true, 503: false} {
		a := send(t, hasty(late), receive(t, func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.WriteHeader(status)
			io.WriteString(w, "in a mom")
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		if a.Status != status || a.Excerpt != "in a mom" || a.Delivered() != delivered {
			t.Errorf("%+v", a)
		}
	}
}

func TestReceiversThatSpeakNoHTTP(t *testing.T) {
	for answer, words := range map[string]string{
		"":                               "no answer: EOF",
		"SSH-2.0-OpenSSH_9.9\r\n":        "no answer: ",
		"HTTP/1.1 2":                     "no answer: ",
		"HTTP/1.1 999999 x\r\n\r\n":      "no answer: ",
		"HTTP/1.1 200 OK\r\nX: " + large: "no answer: ",
		strings.Repeat("HTTP/1.1 103 x\r\nX: "+large[:999]+"\r\n\r\n", 100): "no answer: ",
	} {
		a := send(t, near(), raw(t, answer, false))
		if wantFailure(t, a, words); len(a.Failure) > 400 {
			t.Errorf("the failure has %d bytes", len(a.Failure))
		}
	}
}

// Drips of an answer do not put the end off.
func TestReceiversThatStallInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nX-Slow: l", "HTTP/1.1 100 Continue\r\n\r\n"} {
		wantFailure(t, send(t, hasty(soon), raw(t, answer, true)), "no answer within 200ms")
	}
	// The connection is handed over to whoever asked, and nobody ends it: not to be waited for.
	a := send(t, near(), raw(t, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", true))
	if a.Status != 101 || a.Delivered() {
		t.Errorf("%+v", a)
	}
	a = send(t, hasty(late), raw(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"+large[:2000], true))
	if a.Status != 200 {
		t.Errorf("%+v", a)
	}
}

var large = strings.Repeat("x", 64<<10)

// raw starts a receiver that answers the bytes given, and then stalls or hangs up.
func raw(t *testing.T, answer string, stall bool) string {
	t.Helper()
	l := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				io.WriteString(c, answer)
			}
			if stall {
				io.Copy(io.Discard, c) // until the sender goes away
			}
			c.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestOnlyTheBeginningOfAnAnswerIsKept(t *testing.T) {
	endless := receive(t, func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := io.WriteString(w, strings.Repeat("é", 1000)+"\x00\xff"); err != nil {
				return
			}
		}
	})
	a := send(t, near(), endless)
	if a.Status != 200 || len(a.Excerpt) > 4<<10 || len(a.Excerpt) < 4<<10-3 || !utf8.ValidString(a.Excerpt) || strings.Contains(a.Excerpt, "\x00") {
		t.Errorf("%d, %d bytes: %.20q…", a.Status, len(a.Excerpt), a.Excerpt)
	}
}

// What is compressed stays so: nobody asked for it, and a little of it may be a lot.
func TestACompressedAnswerIsNotUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	a := send(t, near(), receive(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb.Bytes())
	}))
	if a.Status != 200 || !strings.HasPrefix(a.Excerpt, "\x1f\uFFFD\b") || len(a.Excerpt) > 4<<10 {
		t.Errorf("%+v", a.Status)
	}
}
