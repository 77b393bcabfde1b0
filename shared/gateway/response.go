package gateway

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
)

// writer is an http.ResponseWriter that collects the response, with net/http's rules.
type writer struct {
	head   bool // the request was HEAD
	header http.Header
	status int         // 0 until the handler chose one
	sent   http.Header // as it was when the status was chosen
	body   bytes.Buffer
}

func newWriter(r *http.Request) *writer {
	return &writer{head: r.Method == http.MethodHead, header: http.Header{}}
}

func (w *writer) Header() http.Header { return w.header }

// WriteHeader takes the first status. Informational ones go nowhere: an event is one response.
func (w *writer) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %d", status)) // as net/http does
	}
	if w.status != 0 || status < http.StatusOK {
		return
	}
	w.status, w.sent = status, w.header.Clone()
}

func (w *writer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	return w.body.Write(p)
}

// event ends the response. The library guesses a Content-Type as the body is written, by a rule of
// its own, so the header goes in after the body and replaces the guess.
func (w *writer) event() (events.APIGatewayV2HTTPResponse, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	out := core.NewProxyResponseWriterV2()
	out.WriteHeader(w.status)
	if !w.head {
		_, _ = out.Write(w.body.Bytes()) // into memory
	}
	clear(out.Header())
	maps.Copy(out.Header(), w.completed())
	return out.GetProxyResponse()
}

// completed is the header with what net/http adds and leaves out.
func (w *writer) completed() http.Header {
	h := w.sent
	switch {
	case w.status == http.StatusNotModified:
		h.Del("Content-Type")
		h.Del("Content-Length")
	case w.status == http.StatusNoContent:
		h.Del("Content-Length")
	case w.body.Len() > 0:
		w.describeBody(h)
	}
	maps.DeleteFunc(h, func(_ string, values []string) bool { return len(values) == 0 })
	return h
}

// describeBody fills Content-Type, unless the handler ruled it out with a nil value or the bytes
// are encoded, and the length of the body that HEAD does not send.
func (w *writer) describeBody(h http.Header) {
	if _, set := h["Content-Type"]; !set && h.Get("Content-Encoding") == "" {
		h.Set("Content-Type", http.DetectContentType(w.body.Bytes()))
	}
	if w.head && h.Get("Content-Length") == "" {
		h.Set("Content-Length", strconv.Itoa(w.body.Len()))
	}
}
