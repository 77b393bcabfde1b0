package registry

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Kind says what sort of failure an Error is. Kinds is the whole surface, on one screen: the
// server, the client and the documentation read status and code from there.
type Kind uint8

// The kinds.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	TokenExpired
	Forbidden
	NotFound
	Timeout
	Conflict
	TooLarge
	ChunkTooLarge
	BadUpload
	RateLimited
	Renamed
	Full
	Outdated
	KeyReused
	Upstream
	Busy
)

// Kinds maps each kind to its HTTP status, its code in the BoxVault API and what it means.
var Kinds = [...]struct {
	Status  int
	Code    string
	Meaning string
}{
	Internal:        {500, "INTERNAL_ERROR", "a fault of the registry; the log has it under the request id"},
	Invalid:         {400, "VALIDATION_ERROR", "something in the request is not as it must be; details name each field"},
	Unauthenticated: {401, "TOKEN_INVALID", "no token, or one that is not valid"},
	TokenExpired:    {401, "TOKEN_EXPIRED", "the token was valid until details.expiredAt"},
	Forbidden:       {403, "INSUFFICIENT_PERMISSIONS", "the caller may see this but not do that"},
	NotFound:        {404, "NOT_FOUND", "it does not exist, or the caller may not see it"},
	Timeout:         {408, "REQUEST_TIMEOUT", "the upload stalled for too long, or the client went away"},
	Conflict:        {409, "CONFLICT", "it exists already, or another change came first"},
	TooLarge:        {413, "FILE_TOO_LARGE", "the body is over details.maxSize bytes"},
	ChunkTooLarge:   {413, "CHUNK_TOO_LARGE", "the chunk is over details.maxSize bytes"},
	BadUpload:       {400, "UPLOAD_ERROR", "the bytes are not what was declared; what was there before is unchanged"},
	RateLimited:     {429, "RATE_LIMIT_EXCEEDED", "too many requests; Retry-After tells when to come back"},
	Renamed:         {404, "RENAMED", "the organization has another name now, details.renamedTo; reads are redirected there"},
	Full:            {507, "INSUFFICIENT_STORAGE", "the device has no room for it"},
	Outdated:        {412, "PRECONDITION_FAILED", "it is not as If-Match says any more: read it again"},
	KeyReused:       {422, "IDEMPOTENCY_KEY_REUSED", "the Idempotency-Key came with another request before"},
	Upstream:        {502, "UPSTREAM_ERROR", "the upstream of a mirror gave no answer, or not what it says itself; nothing was changed"},
	Busy:            {503, "SERVICE_UNAVAILABLE", "what the registry keeps its records or files in turned it away for now; Retry-After tells when to come back"},
}

// Error is what the registry tells a caller. Every other error is internal: logged in full and
// shown as "internal error".
type Error struct {
	Kind    Kind
	Message string         // for people; no secrets, no internals
	Details map[string]any // machine-readable, documented with the kind
	// Retry tells that the same request may succeed when it is made again: another change came
	// between reading and writing.
	Retry bool
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Errorf makes an Error; the message is formatted as by fmt.Sprintf.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// With adds a detail and returns the error.
func (e *Error) With(key string, value any) *Error {
	if e.Details == nil {
		e.Details = map[string]any{}
	}
	e.Details[key] = value
	return e
}

// After tells how long to wait before the request is made again, in details.retryAfter and in the
// header Retry-After: whole seconds, one at the least. It returns the error.
func (e *Error) After(wait time.Duration) *Error {
	return e.With(RetryAfter, max(1, int(math.Ceil(wait.Seconds()))))
}

// RetryAfter is the detail that After adds.
const RetryAfter = "retryAfter"

// KindOf returns the kind of an error; Internal when it is none of ours.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Retryable reports whether the same request may succeed when it is made again.
func Retryable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Retry
}

// Again does something, and does it again when another change came in between, tries times at most.
func Again(tries int, do func() error) error {
	for try := 1; ; try++ {
		if err := do(); !Retryable(err) || try >= tries {
			return err
		}
	}
}

// Missing is the one answer for what does not exist and for what the caller may not see.
func Missing(what string) *Error { return Errorf(NotFound, "%s not found", what) }

// NotSignedIn is the answer to a caller without a token where one is needed.
func NotSignedIn() *Error {
	return Errorf(Unauthenticated, "sign in first: send a token in x-access-token or Authorization: Bearer")
}

// ExpiredToken is the answer to a token whose time is over.
func ExpiredToken(at time.Time) *Error {
	return Errorf(TokenExpired, "the token has expired; sign in again").With("expiredAt", at.UTC().Format(time.RFC3339))
}

// Denied is the answer to a caller who lacks a role.
func Denied(need string, have ...string) *Error {
	return Errorf(Forbidden, "this needs the role %s", need).
		With("requiredRole", need).With("currentRoles", have)
}

// Fields collects what is wrong with a request, by field, so that all of it is told at once.
type Fields map[string]string

// Check notes err, if any, for the field.
func (f *Fields) Check(field string, err error) {
	if err != nil {
		f.Add(field, err.Error())
	}
}

// Add notes what is wrong with a field; the first note on a field stays.
func (f *Fields) Add(field, why string) {
	if *f == nil {
		*f = Fields{}
	}
	if _, ok := (*f)[field]; !ok {
		(*f)[field] = why
	}
}

// Err returns nil, or an Invalid error that names every field.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	e := Errorf(Invalid, "Invalid input parameters: %s", strings.Join(slices.Sorted(maps.Keys(f)), ", "))
	for field, why := range f {
		e.With(field, why)
	}
	return e
}

// Wrong is the Invalid error for one field.
func Wrong(field, why string) error { return Fields{field: why}.Err() }
