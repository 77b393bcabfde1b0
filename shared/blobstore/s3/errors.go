package s3

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aws/smithy-go"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Codes of S3's errors. HEAD has no body to name one: the SDK says NotFound for its 404.
// Source: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
const (
	noSuchUpload = "NoSuchUpload"
	noSuchKey    = "NoSuchKey"
	notFound     = "NotFound"
	invalidRange = "InvalidRange"
	// requestTimeout is said to a connection without a byte for some 20 seconds.
	requestTimeout = "RequestTimeout"
)

var known = map[string]error{
	noSuchUpload: blobstore.ErrNoUpload,
	noSuchKey:    blobstore.ErrNotFound,
	notFound:     blobstore.ErrNotFound,
	// A part that was replaced between our look at it and S3's.
	"InvalidPart":      blobstore.ErrPart,
	"InvalidPartOrder": blobstore.ErrPart,
	"EntityTooSmall":   blobstore.ErrPart,
}

// busy are the codes of a bucket that has too much to do; the second is also the SDK's name for the 503
// to a HEAD.
var busy = []string{"SlowDown", "ServiceUnavailable"}

// code is the code of an answer of S3, or empty.
func code(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answer.ErrorCode()
	}
	return ""
}

// translate returns the error of the port that S3's stands for, if there is one, and else S3's.
func translate(err error) error {
	code := code(err)
	if is := known[code]; is != nil {
		return is
	}
	if slices.Contains(busy, code) {
		return fmt.Errorf("%w: %w", blobstore.ErrBusy, err)
	}
	return err
}
