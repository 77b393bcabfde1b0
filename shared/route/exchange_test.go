package route_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// observed runs a row's handler for a request and returns what was observed of it.
func observed(t *testing.T, s *service, row route.Row, r *http.Request) (x route.Exchange) {
	t.Helper()
	n, now := 0, time.Now()
	row.Name, row.Handler = "Do", route.To((*service).Do)
	h := route.Shell{
		Identify: identify,
		Observe:  func(seen route.Exchange) { x = seen; n++ },
		Now:      func() time.Time { now = now.Add(time.Second); return now },
	}.Handler(row, s)
	h.ServeHTTP(httptest.NewRecorder(), r)
	if n != 1 {
		t.Fatalf("the request was observed %d times", n)
	}
	return x
}

func TestARequestIsObservedOnce(t *testing.T) {
	r := post(`{"text":"hi"}`, "X-Access-Token", "ada", "X-Request-Id", "id-7", "User-Agent", "curl/8")
	got := observed(t, &service{answer: "done"}, route.Row{Status: 201}, r)
	want := route.Exchange{
		Route: "Do", Method: "POST", Path: "/box/debian", Status: 201, Took: time.Second, Received: 13, Sent: 6,
		Caller: "ada", Address: "192.0.2.1", Request: "id-7", Agent: "curl/8",
	}
	if got != want {
		t.Errorf("observed %+v, want %+v", got, want)
	}
	if got := observed(t, &service{panics: "oh"}, route.Row{}, post("")); got.Status != 500 || got.Fault == nil {
		t.Errorf("a panic is observed as %+v", got)
	}
	if got := observed(t, &service{answer: "done"}, route.Row{}, httptest.NewRequest("HEAD", "/", nil)); got.Sent != 0 || got.Status != 200 {
		t.Errorf("HEAD is observed as %+v", got)
	}
}

// A token is a secret in a path as well, and a request that missed its row still has one in it.
func TestNoTokenOfAPathIsTold(t *testing.T) {
	long := strings.Repeat("0a1B", 10)
	for pattern, path := range map[string]string{
		"GET /mail/{token}":         "/mail/secret",
		"GET /mail/{token}/again":   "/mail/" + long + "/again",
		"GET /other/{organization}": "/other/" + long,
		"/":                         "/mail/" + long + "?access_token=secret",
	} {
		var log bytes.Buffer
		var x route.Exchange
		shell := route.Shell{
			Identify: identify, Log: slog.New(slog.NewJSONHandler(&log, nil)),
			Observe: func(seen route.Exchange) { x = seen },
		}
		mux := http.NewServeMux()
		mux.Handle(pattern, shell.Handler(route.Row{Pattern: pattern, Handler: route.To((*streamer).Tell)}, &streamer{}))
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
		if all := fmt.Sprint(x, log.String()); strings.Contains(all, "secret") || strings.Contains(all, long) || x.Path == "" {
			t.Errorf("%s is told as %q: %s", path, x.Path, log.String())
		}
	}
}

// Whatever a client calls itself and asks for, it has its one line, which is not endless.
func TestNobodyBreaksALineOfTheLog(t *testing.T) {
	for _, text := range []string{"a\nb", "a\r\n{\"level\":\"ERROR\"}", "\x00\x1b[2J", "\u2028\u2029", "\xff\xfe", `"}`, strings.Repeat("é", 10_000)} {
		r := post("", "User-Agent", text)
		r.URL.Path = "/box/" + text
		_, log := serveLogged(&service{}, route.Row{}, r)
		line := oneLine(t, log)
		if line["route"] != "Do" || line["level"] != "INFO" || len(log) > 10_000 {
			t.Errorf("%.40q is logged in %d bytes as %.200s", text, len(log), log)
		}
	}
}

// sender is a connection that takes files as files.
type sender struct {
	*httptest.ResponseRecorder
	asFile bool
}

func (s *sender) ReadFrom(r io.Reader) (int64, error) {
	s.asFile = true
	return io.Copy(s.ResponseRecorder, r)
}

func TestWhatIsNoRowIsObservedAsWell(t *testing.T) {
	var x route.Exchange
	var log bytes.Buffer
	shell := route.Shell{Observe: func(seen route.Exchange) { x = seen }, Log: slog.New(slog.NewJSONHandler(&log, nil))}
	h := shell.Around("BoxFile", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader("the bytes"))
	}))
	w := &sender{ResponseRecorder: httptest.NewRecorder()}
	w.Header().Set("X-Request-Id", "of-the-row")
	r := httptest.NewRequest("GET", "/_blobs/x?sign=secret", strings.NewReader("body"))
	h.ServeHTTP(w, withHeader(r, "Range", "bytes=4-"))
	if x.Route != "BoxFile" || x.Status != 206 || x.Sent != 5 || x.Received != 4 || x.Request != "of-the-row" || w.Body.String() != "bytes" {
		t.Errorf("observed %+v", x)
	}
	if !w.asFile {
		t.Error("the connection was not given the file as such")
	}
	if line := oneLine(t, log.String()); line["route"] != "BoxFile" || strings.Contains(log.String(), "secret") {
		t.Errorf("logged %v", line)
	}
}

// Who asks how the registry is, is told, even when the records that tell whose token it is are gone.
func TestASteadyRowNeedsNoRecords(t *testing.T) {
	gone := func(*http.Request) (registry.Caller, error) { return registry.Caller{}, io.ErrUnexpectedEOF }
	for steady, want := range map[bool]int{true: 200, false: 500} {
		row := route.Row{Steady: steady, Handler: route.To((*service).Do)}
		w := httptest.NewRecorder()
		route.Shell{Identify: gone}.Handler(row, &service{}).ServeHTTP(w, post("", "X-Access-Token", "ada"))
		if w.Code != want {
			t.Errorf("steady %v: %d, want %d", steady, w.Code, want)
		}
	}
}

// A client that waits for leave to send its body is refused without being asked for it.
func TestARefusedBodyIsNotSent(t *testing.T) {
	shell := route.Shell{Identify: identify}
	mux := http.NewServeMux()
	mux.Handle("/row", shell.Handler(route.Row{Access: route.Known, Handler: route.To((*streamer).Raw)}, &streamer{}))
	mux.Handle("/link", shell.Around("BoxFile", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
	})))
	server := httptest.NewServer(mux)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	for _, path := range []string{"/row", "/link"} {
		var sent reader
		r, err := http.NewRequest("PUT", server.URL+path, &sent)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(withHeader(r, "Expect", "100-continue"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode < 400 || sent.asked.Load() {
			t.Errorf("%s answered %d, and the body was sent: %v", path, resp.StatusCode, sent.asked.Load())
		}
	}
}

// reader is a body without an end that remembers whether it was read.
type reader struct{ asked atomic.Bool }

func (r *reader) Read(p []byte) (int, error) {
	r.asked.Store(true)
	return len(p), nil
}
