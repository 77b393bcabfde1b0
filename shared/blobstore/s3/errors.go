package s3

import (
	"errors"

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
	if is := known[code(err)]; is != nil {
		return is
	}
	return err
}
