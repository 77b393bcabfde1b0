package route

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// Exchange is a request and how it was answered: what the access log and the metrics know of it.
type Exchange struct {
	// Route is the Name of the row, or what Around was told.
	Route  string
	Method string
	// Path is the path without its query and without what may be a secret in it.
	Path     string
	Status   int
	Took     time.Duration
	Received int64 // bytes of the request's body that were read
	Sent     int64 // bytes of the answer's body
	Caller   string
	Address  string // of the client, without a port
	Request  string // the id of the request
	Agent    string
	// Fault is what went wrong with us; nil for everything a client was told.
	Fault error
}

// LogMessage is the message of the line that is logged for each request.
const LogMessage = "request"

// Around serves a handler that is no row, as the links to box files are none: its requests are
// logged and observed as those of rows are, under a name.
func (s Shell) Around(name string, next http.Handler) http.Handler {
	if s.Now == nil {
		s.Now = time.Now
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, out := s.Now(), &statusWriter{ResponseWriter: w}
		r, received := countBody(r)
		// A row may have led here within the same request.
		id := cmp.Or(w.Header().Get("X-Request-Id"), requestID(r))
		w.Header().Set("X-Request-Id", id)
		defer func() {
			s.tell(r, out, Exchange{Route: name, Request: id, Took: s.Now().Sub(began), Received: received.Load()})
		}()
		next.ServeHTTP(out, r)
	})
}

// tell completes an Exchange, has it observed, and logs it in one line.
func (s Shell) tell(r *http.Request, w *statusWriter, x Exchange) {
	x.Method, x.Path, x.Agent = cut(r.Method), harmlessPath(r), cut(r.UserAgent())
	x.Address, x.Status = addressText(s.Proxies.Client(r)), cmp.Or(w.status, http.StatusOK)
	if r.Method != http.MethodHead { // net/http takes a body and sends none
		x.Sent = w.sent
	}
	if s.Observe != nil {
		s.Observe(x)
	}
	if s.Log != nil {
		level, attrs := x.line()
		s.Log.LogAttrs(context.WithoutCancel(r.Context()), level, LogMessage, attrs...)
	}
}

// line is the Exchange as the log has it.
func (x Exchange) line() (slog.Level, []slog.Attr) {
	level, attrs := slog.LevelInfo, []slog.Attr{
		slog.String("route", x.Route), slog.String("method", x.Method), slog.String("path", x.Path),
		slog.Int("status", x.Status), slog.Float64("ms", float64(x.Took.Microseconds())/1000),
		slog.Int64("received", x.Received), slog.Int64("sent", x.Sent),
		slog.String("caller", x.Caller), slog.String("address", x.Address),
		slog.String("request", x.Request), slog.String("agent", x.Agent),
	}
	if x.Fault != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", x.Fault.Error()))
		if p, ok := x.Fault.(*panicked); ok {
			attrs = append(attrs, slog.String("stack", string(p.stack)))
		}
	}
	return level, attrs
}

// harmlessPath takes out of a path what is called a token by its row, and whatever looks like one:
// a request that no row takes may be one with a wrong method.
func harmlessPath(r *http.Request) string {
	path := r.URL.Path
	if token := r.PathValue("token"); token != "" {
		path = strings.ReplaceAll(path, token, hidden)
	}
	return cut(longHex.ReplaceAllString(path, hidden))
}

const hidden = "…"

var longHex = regexp.MustCompile(`[0-9A-Fa-f]{32,}`)

// maxText is how many bytes of what a client chose are logged.
const maxText = 512

func cut(s string) string { return s[:min(len(s), maxText)] }

// countBody counts the bytes that are read of a request's body. It makes a request of its own: by
// the body that net/http finds in its one, it tells whether a client still waits for leave to send
// it (Expect: 100-continue), who is then sent away without.
func countBody(r *http.Request) (*http.Request, *atomic.Int64) {
	r, n := r.WithContext(r.Context()), &atomic.Int64{}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &counted{r.Body, n}
	}
	return r, n
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// statusWriter remembers the status that went out, and counts the bytes.
type statusWriter struct {
	http.ResponseWriter
	status int
	sent   int64
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.sent += int64(n)
	return n, err
}

// ReadFrom lets a file go out as a file, which the system sends by itself.
func (w *statusWriter) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, r)
	w.sent += n
	return n, err
}

// Unwrap lets http.ResponseController reach the server's writer.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
