package local

import (
	"encoding/xml"
	"errors"
	"log/slog"
	"net/http"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// refusal is an answer that is not what the holder of a link wanted, in the codes of S3.
// Source: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
type refusal struct {
	XMLName xml.Name `xml:"Error"`
	status  int
	Code    string
	Message string
}

func (r refusal) Error() string { return r.Message }

func refusing(status int, code, message string) refusal {
	return refusal{status: status, Code: code, Message: message}
}

var (
	errForged   = refusing(http.StatusForbidden, "SignatureDoesNotMatch", "This link was changed, or is for another method.")
	errExpired  = refusing(http.StatusForbidden, "AccessDenied", "This link has expired: ask for a new one.")
	errNoLength = refusing(http.StatusLengthRequired, "MissingContentLength", "Say how long the body is: Content-Length.")
	errInternal = refusing(http.StatusInternalServerError, "InternalError", "This failed on our side: try again.")
)

// answers are the refusals for the errors of the store.
var answers = []struct {
	err     error
	refusal refusal
}{
	{blobstore.ErrNotFound, refusing(http.StatusNotFound, "NoSuchKey", "There is no such object.")},
	{blobstore.ErrNoUpload, refusing(http.StatusNotFound, "NoSuchUpload", "There is no such upload: it was completed, or aborted.")},
	{blobstore.ErrPart, refusing(http.StatusBadRequest, "EntityTooLarge", "The part is larger than the parts of this upload are.")},
	{blobstore.ErrFull, refusing(http.StatusInsufficientStorage, "InsufficientStorage", "There is no space left for box files.")},
}

func refusalFor(err error) refusal {
	var r refusal
	if errors.As(err, &r) {
		return r
	}
	var c cut
	if errors.As(err, &c) {
		return refusing(http.StatusBadRequest, "IncompleteBody", "The body is shorter than its Content-Length.")
	}
	for _, a := range answers {
		if errors.Is(err, a.err) {
			return a.refusal
		}
	}
	return errInternal
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	answer := refusalFor(err)
	if answer == errInternal {
		slog.ErrorContext(r.Context(), "a link to a box file could not be answered", "method", r.Method, "error", err)
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(answer.status)
	// An error here is the client's having gone away: there is nobody to tell.
	_ = xml.NewEncoder(w).Encode(answer)
}
