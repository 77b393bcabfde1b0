package lambdatest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// arn is what the function is told it was invoked by.
const arn = "arn:aws:lambda:us-east-1:000000000000:function:"

// invocation is one event on its way through the function.
type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	answer   chan answer // holds one: the function need not wait for who asked
}

// answer is what the function posted: a payload, or the error it reports.
type answer struct {
	payload []byte
	err     error
}

// runtimeAPI is the server's side of the protocol.
type runtimeAPI struct {
	function string
	queue    chan *invocation // holds one: Invoke sends one at a time
	ready    chan struct{}    // closed by the first GET …/next
	readyAt  time.Time        // valid once ready is closed
	once     sync.Once

	mu       sync.Mutex
	underway map[string]*invocation
	initErr  error // posted by the function before it was ready
}

func newRuntimeAPI(function string) *runtimeAPI {
	return &runtimeAPI{
		function: function, queue: make(chan *invocation, 1), ready: make(chan struct{}),
		underway: map[string]*invocation{},
	}
}

func (a *runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.failure)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", a.initFailure)
	return mux
}

// next hands out one invocation; it waits as long as there is none, as Lambda freezes a function
// between two.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	a.once.Do(func() {
		a.readyAt = time.Now()
		close(a.ready)
	})
	select {
	case <-r.Context().Done():
	case inv := <-a.queue:
		a.mu.Lock()
		a.underway[inv.id] = inv
		a.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", arn+a.function)
		_, _ = w.Write(inv.event)
	}
}

func (a *runtimeAPI) response(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	a.finish(w, r, answer{payload: payload, err: err})
}

func (a *runtimeAPI) failure(w http.ResponseWriter, r *http.Request) {
	a.finish(w, r, answer{err: reported(r.Body)})
}

// finish gives the answer to who invoked. An id that is not under way is refused, as Lambda does.
func (a *runtimeAPI) finish(w http.ResponseWriter, r *http.Request, result answer) {
	a.mu.Lock()
	inv := a.underway[r.PathValue("id")]
	delete(a.underway, r.PathValue("id"))
	a.mu.Unlock()
	if inv == nil {
		http.Error(w, `{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}`, http.StatusBadRequest)
		return
	}
	inv.answer <- result
	accepted(w)
}

func (a *runtimeAPI) initFailure(w http.ResponseWriter, r *http.Request) {
	err := reported(r.Body)
	a.mu.Lock()
	a.initErr = err
	a.mu.Unlock()
	accepted(w)
}

func (a *runtimeAPI) initFailed() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.initErr
}

func accepted(w http.ResponseWriter) {
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

// Error is a failure that the function itself reported.
type Error struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error returns type and message.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// reported reads the body of an error request.
func reported(body io.Reader) error {
	var e Error
	if err := json.NewDecoder(body).Decode(&e); err != nil {
		return fmt.Errorf("the function reported an error that is not JSON: %w", err)
	}
	return &e
}
