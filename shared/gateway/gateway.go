// Package gateway lets an http.Handler answer the events of an API Gateway HTTP API (payload format
// 2.0), so that what runs on AWS is the same handler as everywhere else.
//
// # What is taken from aws-lambda-go-api-proxy, and what is not
//
// core.RequestAccessorV2 makes the request: method, body (base64 or not), context. Its path, query,
// headers, host and address are replaced, because it parses the path again (a bare % is an error, a
// ? that API Gateway has decoded begins a query), cuts header values at commas (which breaks
// If-None-Match and dates), sends several Cookie headers, keeps the stage, lets the variable
// GO_API_HOST choose the host, and gives an address without a port.
//
// core.ProxyResponseWriterV2 makes the response event: text or base64, cookies, header lists. It
// stands behind a writer that keeps net/http's promises, because by itself it answers 504 when the
// handler writes nothing, takes the last status instead of the first, lets headers change after the
// status, and sends a body with HEAD, 204 and 304.
//
// # What an event cannot tell
//
// An HTTP API decodes the path before it chooses the route, and once more on the way into the event.
// No document says so, it was observed (see decodeTwice in the tests). So these are lost:
//
//   - %2F is a slash like any other: it splits a segment in two. %252F arrives as a slash inside a
//     path parameter, and is one to the handler; directly it is the text "%2F".
//   - %25 before two hexadecimal digits loses one level: %252E is a dot; before anything else API
//     Gateway itself answers 400. %2525 is one percent sign.
//   - %3F cuts the path off.
//   - %2E%2E is a dot segment like any other; bytes that are no UTF-8 are lost.
//   - A header that was sent twice is one header with both values, joined by a comma.
//   - The client's port: RemoteAddr has port 0.
//
// No name in the registry needs any of these. A path that still has escapes, as emulators leave
// them, is decoded once. The event itself is described at
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// reserve is how long before Lambda would end the function h is told to come to an end: an answer that
// says so and a line in the log are better than API Gateway's own 503.
const reserve = time.Second

// Handler returns the Lambda handler that answers events with h. Its error is about an event that
// is no HTTP request; everything else, a panic in h included, is an HTTP response.
func Handler(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if deadline, ok := ctx.Deadline(); ok {
			var end context.CancelFunc
			ctx, end = context.WithDeadline(ctx, deadline.Add(-reserve))
			defer end()
		}
		r, err := newRequest(ctx, e)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		w := newWriter(r)
		if !completes(h, w, r) {
			w = newWriter(r)
			http.Error(w, "internal error", http.StatusInternalServerError)
		}
		return w.event()
	}
}

// completes reports whether the handler returned. One that panics must not end the process: it
// would take the next request's warm start with it.
func completes(h http.Handler, w http.ResponseWriter, r *http.Request) (done bool) {
	defer func() {
		fault := recover()
		if done || errors.Is(asError(fault), http.ErrAbortHandler) {
			return
		}
		slog.ErrorContext(r.Context(), "panic in the handler", "fault", fault,
			"request", r.Header.Get("X-Request-Id"), "stack", string(debug.Stack()))
	}()
	h.ServeHTTP(w, r)
	return true
}

func asError(fault any) error {
	err, _ := fault.(error)
	return err
}
