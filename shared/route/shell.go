package route

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/registry"
)

// Shell is what goes around every handler.
type Shell struct {
	// Identify tells who calls. It returns a stranger when there is no token, and an error when
	// there is one that is not good.
	Identify func(*http.Request) (registry.Caller, error)
	// Limits counts requests; nil lets all through.
	Limits *limit.Limiter
	// Proxies are those in front of the registry.
	Proxies Proxies
	// Once keeps a request with an Idempotency-Key from being done twice; nil passes the key over.
	Once Once
	// Admit is asked for room before a handler that streams reads a body, and told by release when it is done with it.
	// Its error is the answer; nil lets all in.
	Admit func(*http.Request) (release func(), err error)
	// Log gets one line for each request; nil logs nothing.
	Log *slog.Logger
	// Observe is told of each request once it is answered; nil tells nobody.
	Observe func(Exchange)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Handler serves one row.
func (s Shell) Handler(row Row, service any) http.Handler {
	bound := s.admitted(row, row.Handler.bound(row, service))
	if s.Now == nil {
		s.Now = time.Now
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, row, bound)
	})
}

// serve runs one request, logs it in one line and has it observed.
func (s Shell) serve(w http.ResponseWriter, r *http.Request, row Row, h handler) {
	r, received := countBody(r)
	entry := &line{id: requestID(r), began: s.Now()}
	out := &statusWriter{ResponseWriter: w}
	out.Header().Set("X-Request-Id", entry.id)
	defer func() {
		if fault := recover(); fault != nil {
			s.fail(out, r, row, entry, &panicked{fault, debug.Stack()})
		}
		s.tell(r, out, Exchange{
			Route: row.Name, Caller: entry.caller.Username, Request: entry.id, Fault: entry.fault,
			Took: s.Now().Sub(entry.began), Received: received.Load(),
		})
	}()
	ctx := grant.With(r.Context(), row.Needs)
	if err := s.run(out, guardBody(out, r.WithContext(ctx)), row, h, entry); err != nil {
		if errors.Is(err, context.Canceled) && ctx.Err() != nil { // nobody waits for the answer
			err = registry.Errorf(registry.Timeout, "the client has gone")
		}
		s.fail(out, r, row, entry, err)
	}
}

func (s Shell) run(w http.ResponseWriter, r *http.Request, row Row, h handler, entry *line) error {
	caller, err := s.caller(w, r, row)
	entry.caller = caller
	from := s.Proxies.Client(r)
	if tooMany := s.limited(w, row, caller, from, entry.began); tooMany != nil {
		return tooMany
	}
	if err != nil {
		return err
	}
	ctx := registry.WithAuthor(r.Context(), registry.Author{
		Account: caller.Account, Username: caller.Username, ServiceAccount: caller.ServiceAccount,
		Address: addressText(from), Request: entry.id,
	})
	r = r.WithContext(withIfMatch(ctx, r))
	response, err := s.once(w, r, row, caller, h)
	if err != nil {
		return overtaken(r.Context(), err)
	}
	return write(w, r, row, response)
}

// caller identifies who calls and holds them against the row's Access. Where anyone may call, a bad
// token must not stand in the way: Vagrant sends what it has for public boxes too.
func (s Shell) caller(w http.ResponseWriter, r *http.Request, row Row) (registry.Caller, error) {
	caller, err := s.Identify(r)
	if err != nil && row.Access == Anyone && (row.Steady || registry.KindOf(err) != registry.Internal) {
		w.Header().Set("Warning", `299 boxvault "the token was not accepted; continuing without"`)
		return registry.Caller{}, nil
	}
	switch {
	case err != nil:
		return registry.Caller{}, err
	case row.Access != Anyone && !caller.Known():
		return caller, registry.NotSignedIn()
	case row.Access == People && caller.ServiceAccount != 0:
		return caller, registry.Denied("user", "service account")
	default:
		return caller, nil
	}
}

// fail answers with an error. What is not a registry.Error is a fault of ours: it is logged whole
// and told in short.
func (s Shell) fail(w *statusWriter, r *http.Request, row Row, entry *line, err error) {
	var told *registry.Error
	if !errors.As(err, &told) {
		entry.fault = err
		told = unexpected(err, entry.id)
	}
	if told.Kind == registry.Internal && entry.fault == nil {
		entry.fault = err
	}
	if w.status == 0 && (row.Stays || !renamed(w, r, told)) {
		writeError(w, row, told)
	}
}

type line struct {
	id     string
	began  time.Time
	caller registry.Caller
	fault  error
}

// requestID takes over the id of a proxy in front when it is harmless, else makes one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); harmlessID.MatchString(id) {
		return id
	}
	return rand.Text()
}

// harmlessID takes UUIDs and the base64 of API Gateway.
var harmlessID = regexp.MustCompile(`^[A-Za-z0-9._+/=-]{1,64}$`)

type panicked struct {
	fault any
	stack []byte
}

func (p *panicked) Error() string {
	if err, ok := p.fault.(error); ok {
		return "panic: " + err.Error()
	}
	return "panic in a handler"
}
