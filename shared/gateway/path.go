package gateway

import (
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// requestPath returns what URL.Path and URL.RawPath would be. The event's own path does not show
// which slashes are inside a parameter; the route that API Gateway chose, filled with the
// parameters, does. It is believed where it says the same as the path.
func requestPath(e events.APIGatewayV2HTTPRequest) (decoded, escaped string) {
	raw := e.RawPath
	if raw == "" {
		raw = e.RequestContext.HTTP.Path
	}
	raw = withoutStage(raw, e.RequestContext.Stage)
	decoded, escaped = text(raw), raw
	if filled := fill(e.RouteKey, e.PathParameters); text(filled) == decoded {
		escaped = filled
	}
	return decoded, minimal(decoded, escaped)
}

// withoutStage drops the first segment when it is the name of the stage. API Gateway puts it there
// for every stage but $default, behind a custom domain too.
func withoutStage(path, stage string) string {
	rest, found := strings.CutPrefix(path, "/"+stage)
	if found && stage != "" && (rest == "" || rest[0] == '/') {
		path = rest
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path
}

// text decodes what is escaped: an emulator's path. A path that API Gateway has decoded has a bare
// percent sign or none, and stays as it is.
func text(path string) string {
	if decoded, err := url.PathUnescape(path); err == nil {
		return decoded
	}
	return path
}

// fill puts the parameters into the path of a route key, such as "GET /{organization}/{box}". Only a
// slash inside a parameter is escaped beyond need, as %2F. $default, which has no path, is "".
func fill(routeKey string, parameters map[string]string) string {
	_, template, _ := strings.Cut(routeKey, " ")
	segments := strings.Split(template, "/")
	for i, segment := range segments {
		name, isParameter := strings.CutPrefix(segment, "{")
		if !isParameter {
			continue
		}
		name, isGreedy := strings.CutSuffix(strings.TrimSuffix(name, "}"), "+")
		segments[i] = encode(parameters[name])
		if !isGreedy {
			segments[i] = strings.ReplaceAll(segments[i], "/", "%2F")
		}
	}
	return strings.Join(segments, "/")
}

func encode(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// minimal is escaped where it says more than the decoded path, else empty, as net/http has it.
func minimal(decoded, escaped string) string {
	u := url.URL{Path: decoded, RawPath: escaped}
	if u.EscapedPath() == encode(decoded) {
		return ""
	}
	return escaped
}
