package gateway

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
)

// newRequest makes the request that net/http would have made of the client's.
func newRequest(ctx context.Context, e events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	var accessor core.RequestAccessorV2
	r, err := accessor.EventToRequestWithContext(ctx, trusted(e))
	if err != nil {
		return nil, fmt.Errorf("the event is no HTTP request: %w", err)
	}
	setHeader(r, e)
	setURL(r, e)
	r.RemoteAddr = net.JoinHostPort(e.RequestContext.HTTP.SourceIP, "0")
	if r.Header.Get("X-Request-Id") == "" {
		r.Header.Set("X-Request-Id", requestID(ctx, e))
	}
	return r, nil
}

// trusted is the part of an event that the library reads right.
func trusted(e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPRequest {
	e.RawPath, e.RawQueryString = "/", ""
	e.Headers, e.Cookies = nil, nil
	return e
}

// setHeader takes every header as the one value it comes as: a list means the same joined, and what
// is no list must not be cut.
func setHeader(r *http.Request, e events.APIGatewayV2HTTPRequest) {
	for name, value := range e.Headers {
		r.Header.Set(name, value)
	}
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host") // as net/http does
	if r.Host == "" {
		r.Host = e.RequestContext.DomainName
	}
}

// setURL also fills scheme and host, which net/http leaves empty: there is no r.TLS to tell that
// the client came by https.
func setURL(r *http.Request, e events.APIGatewayV2HTTPRequest) {
	r.URL.Path, r.URL.RawPath = requestPath(e)
	if e.RawQueryString != "" {
		r.URL.RawQuery = e.RawQueryString
	}
	r.URL.Host = r.Host
	r.URL.Scheme = "https"
	if proto, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ","); proto != "" {
		r.URL.Scheme = strings.ToLower(strings.TrimSpace(proto))
	}
	r.RequestURI = r.URL.RequestURI()
}

// requestID is API Gateway's, which is in its access log, or else Lambda's.
func requestID(ctx context.Context, e events.APIGatewayV2HTTPRequest) string {
	if e.RequestContext.RequestID != "" {
		return e.RequestContext.RequestID
	}
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.AwsRequestID
	}
	return ""
}
