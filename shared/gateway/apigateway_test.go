package gateway_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// apiGateway is an HTTP API in front of a Lambda handler: it makes events of real requests as AWS
// was observed to do, and real responses of what comes back.
type apiGateway struct {
	t      *testing.T
	routes []string // route keys, most specific first; none: $default
	h      http.Handler
}

func (g apiGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e, ok := g.event(r)
	if !ok {
		http.Error(w, `{"message":"Bad Request"}`, http.StatusBadRequest)
		return
	}
	raw, err := json.Marshal(e)
	if err != nil {
		g.t.Error(err)
	}
	answer(g.t, w, invoke(g.t, g.h, raw))
}

// event decodes the path before it chooses the route and once more for the event.
func (g apiGateway) event(r *http.Request) (e events.APIGatewayV2HTTPRequest, ok bool) {
	target, query, _ := strings.Cut(r.RequestURI, "?")
	once, twice, ok := decodeTwice(target)
	if !ok {
		return e, false
	}
	e = events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: twice, RawQueryString: query, Headers: headers(r)}
	e.RouteKey, e.PathParameters = g.route(r.Method, once)
	if cookies := r.Header.Values("Cookie"); len(cookies) > 0 {
		e.Cookies = strings.Split(strings.Join(cookies, "; "), "; ")
	}
	e.Body, e.IsBase64Encoded = body(g.t, r)
	e.RequestContext.RouteKey, e.RequestContext.Stage = e.RouteKey, "$default"
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = r.Method, twice
	e.RequestContext.HTTP.SourceIP, _, _ = net.SplitHostPort(r.RemoteAddr)
	return e, true
}

// decodeTwice does to a path what HTTP APIs do: %3F cuts it off, a percent sign that is still
// there after the first time must begin another escape. See TestDecodedAsObserved.
func decodeTwice(target string) (once, twice string, ok bool) {
	once, err := url.PathUnescape(target)
	if err != nil {
		return "", "", false
	}
	once, _, _ = strings.Cut(once, "?")
	twice, err = url.PathUnescape(once)
	return once, twice, err == nil
}

// route finds the first route key that has the method and the path.
func (g apiGateway) route(method, path string) (key string, parameters map[string]string) {
	for _, key := range g.routes {
		routeMethod, template, _ := strings.Cut(key, " ")
		if parameters, ok := match(template, path); ok && routeMethod == method {
			return key, parameters
		}
	}
	return "$default", nil
}

func match(template, path string) (parameters map[string]string, ok bool) {
	have := strings.Split(path, "/")
	parameters = map[string]string{}
	for i, segment := range strings.Split(template, "/") {
		name, isParameter := strings.CutPrefix(segment, "{")
		name, isGreedy := strings.CutSuffix(strings.TrimSuffix(name, "}"), "+")
		switch {
		case i >= len(have), isParameter && have[i] == "", !isParameter && have[i] != segment:
			return nil, false
		case isGreedy:
			parameters[name], _ = url.PathUnescape(strings.Join(have[i:], "/"))
			return parameters, true
		case isParameter:
			parameters[name], _ = url.PathUnescape(have[i])
		}
	}
	return parameters, strings.Count(template, "/") == strings.Count(path, "/")
}

// headers are in lower case, with the values of a repeated one joined by commas.
func headers(r *http.Request) map[string]string {
	h := map[string]string{"host": r.Host, "x-forwarded-proto": "https"}
	for name, values := range r.Header {
		if name != "Cookie" {
			h[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	return h
}

// body is text for the types that AWS takes for text, else base64.
func body(t *testing.T, r *http.Request) (body string, isBase64 bool) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	kind := r.Header.Get("Content-Type")
	if len(raw) == 0 || strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json") {
		return string(raw), false
	}
	return base64.StdEncoding.EncodeToString(raw), true
}

func answer(t *testing.T, w http.ResponseWriter, response map[string]any) {
	w.Header()["Content-Type"] = nil // net/http is not to guess what the gateway left out
	for name, value := range response["headers"].(map[string]any) {
		w.Header().Set(name, value.(string))
	}
	for _, cookie := range response["cookies"].([]any) {
		w.Header().Add("Set-Cookie", cookie.(string))
	}
	raw := []byte(response["body"].(string))
	if response["isBase64Encoded"] == true {
		var err error
		if raw, err = base64.StdEncoding.DecodeString(string(raw)); err != nil {
			t.Error(err)
		}
	}
	w.WriteHeader(int(response["statusCode"].(float64)))
	_, _ = w.Write(raw)
}

// TestDecodedAsObserved holds the emulation above against what live HTTP APIs delivered in July
// 2026 (https://github.com/hotsock/voker/pull/8).
func TestDecodedAsObserved(t *testing.T) {
	for _, c := range []struct{ sent, rawPath string }{
		{"/capture/plain", "/capture/plain"},
		{"/capture/space%20value", "/capture/space value"},
		{"/capture/question%3Fvalue", "/capture/question"},
		{"/capture/percent%25done", ""}, // 400
		{"/capture/hash%23value", "/capture/hash#value"},
		{"/capture/slash%2Fvalue", "/capture/slash/value"},
		{"/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C", "/capture/unicode-λ-世界"},
		{"/capture/literal%252Fvalue", "/capture/literal/value"},
		{"/capture/literal%253Fvalue", "/capture/literal?value"},
		{"/capture/literal%2525value", "/capture/literal%value"},
	} {
		_, got, ok := decodeTwice(c.sent)
		if got != c.rawPath || ok == (c.rawPath == "") {
			t.Errorf("%s became %q, %v; AWS made it %q", c.sent, got, ok, c.rawPath)
		}
	}
}
