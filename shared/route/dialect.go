package route

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// Errors in the dialects of HashiCorp's cloud: its API is gRPC behind a gateway, its sign-in is OAuth 2.

// rpcStatus is google.rpc.Status (google/rpc/status.proto).
type rpcStatus struct {
	Code    int         `json:"code"`
	Message string      `json:"message"`
	Details []rpcDetail `json:"details"`
}

// rpcDetail is google.rpc.ErrorInfo, or google.rpc.BadRequest where fields are wrong
// (google/rpc/error_details.proto).
type rpcDetail struct {
	Type       string            `json:"@type"`
	Reason     string            `json:"reason,omitempty"`
	Domain     string            `json:"domain,omitempty"`
	Metadata   map[string]string `json:"metadata,omitempty"`
	Violations []violation       `json:"field_violations,omitempty"`
}

type violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

const rpcTypes = "type.googleapis.com/google.rpc."

func statusOfError(e *registry.Error) rpcStatus {
	kind := registry.Kinds[e.Kind]
	detail := rpcDetail{Type: rpcTypes + "ErrorInfo", Reason: kind.Code, Domain: "boxvault"}
	names := slices.Sorted(maps.Keys(e.Details))
	if e.Kind == registry.Invalid {
		detail = rpcDetail{Type: rpcTypes + "BadRequest"}
	}
	for _, name := range names {
		text := fmt.Sprint(e.Details[name])
		if e.Kind == registry.Invalid {
			detail.Violations = append(detail.Violations, violation{snake(name), text})
			continue
		}
		if detail.Metadata == nil {
			detail.Metadata = map[string]string{}
		}
		detail.Metadata[snake(name)] = text
	}
	return rpcStatus{Code: rpcCode(e), Message: inFull(e), Details: []rpcDetail{detail}}
}

// rpcCode is the google.rpc.Code that is answered with the error's HTTP status
// (google/rpc/code.proto).
func rpcCode(e *registry.Error) int {
	const (
		invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied           = 3, 4, 5, 6, 7
		resourceExhausted, failedPrecondition, aborted, internal, unavailable, unauthenticated = 8, 9, 10, 13, 14, 16
	)
	switch status := registry.Kinds[e.Kind].Status; {
	case status == http.StatusConflict && e.Retry:
		return aborted
	case status == http.StatusConflict:
		return alreadyExists
	case status == http.StatusUnauthorized:
		return unauthenticated
	case status == http.StatusForbidden:
		return permissionDenied
	case status == http.StatusNotFound:
		return notFound
	case status == http.StatusRequestTimeout:
		return deadlineExceeded
	case status == http.StatusPreconditionFailed:
		return failedPrecondition
	case status == http.StatusTooManyRequests, status == http.StatusInsufficientStorage:
		return resourceExhausted
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable:
		return unavailable
	case status < http.StatusInternalServerError:
		return invalidArgument
	default:
		return internal
	}
}

// inFull is the message with what is wrong with each field: clients show nothing else.
func inFull(e *registry.Error) string {
	if e.Kind != registry.Invalid || len(e.Details) == 0 {
		return e.Message
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		lines = append(lines, fmt.Sprintf("%s %v", snake(name), e.Details[name]))
	}
	return strings.Join(lines, "; ")
}

var humps = regexp.MustCompile(`([a-z])([A-Z])`)

// snake writes checksumType as checksum_type, and leaves the names of headers alone.
func snake(name string) string {
	if strings.Contains(name, "-") {
		return name
	}
	return strings.ToLower(humps.ReplaceAllString(name, "${1}_${2}"))
}

// oauthError is the error of a token endpoint (RFC 6749, 5.2).
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// OAuthCode is the detail of an Invalid error that says what a client of OAuth is told, where that is
// not invalid_request.
const OAuthCode = "oauthError"

func oauthErrorOf(e *registry.Error) oauthError {
	told := oauthError{"invalid_request", inFull(e)}
	switch code, ok := e.Details[OAuthCode].(string); {
	case ok:
		told = oauthError{code, e.Message}
	case registry.Kinds[e.Kind].Status == http.StatusUnauthorized:
		told.Error = "invalid_client"
	case e.Kind == registry.Busy:
		told.Error = "temporarily_unavailable"
	case registry.Kinds[e.Kind].Status >= http.StatusInternalServerError:
		told.Error = "server_error"
	}
	return told
}
