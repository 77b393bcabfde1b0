package call

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Error is what a service refused a call with. The retryer reads status and code by the methods.
type Error struct {
	Status int
	Code   string // as the reference of the service names it
	Text   string
}

func (e *Error) Error() string { return fmt.Sprintf("%s (%d): %s", e.Code, e.Status, e.Text) }

// ErrorCode returns Code.
func (e *Error) ErrorCode() string { return e.Code }

// HTTPStatusCode returns Status.
func (e *Error) HTTPStatusCode() int { return e.Status }

// failure reads an error. Its code is in a header (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html)
// or in the body (…/aws-json-1_1-protocol.html), and may have a namespace before it and a URL behind it.
func failure(response *http.Response) error {
	var body struct {
		Type    string `json:"__type"`
		Message string
	}
	_ = json.NewDecoder(response.Body).Decode(&body) // a proxy's own error is no JSON: the status tells
	code, _, _ := strings.Cut(cmp.Or(response.Header.Get("X-Amzn-ErrorType"), body.Type), ":")
	return &Error{response.StatusCode, code[strings.LastIndex(code, "#")+1:], body.Message}
}

// Code returns the service's code of an error, or "" when the service gave none.
func Code(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}
