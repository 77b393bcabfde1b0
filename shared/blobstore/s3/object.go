package s3

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Head tells about an object.
func (s *Store) Head(ctx context.Context, key string) (blobstore.Object, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return blobstore.Object{}, err
	}
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return blobstore.Object{}, translate(err)
	}
	return blobstore.Object{Size: aws.ToInt64(out.ContentLength), ETag: unquote(out.ETag)}, nil
}

// Open reads an object. S3 refuses a range that begins at the end or behind it.
func (s *Store) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, fmt.Errorf("an object is not read from byte %d on", offset)
	}
	in := &s3.GetObjectInput{Bucket: &s.bucket, Key: &key}
	if offset > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	}
	out, err := s.client.GetObject(ctx, in, quietly)
	if code(err) == invalidRange {
		return http.NoBody, nil
	}
	if err != nil {
		return nil, translate(err)
	}
	return out.Body, nil
}

// quietly has the SDK not log, for each answer, that S3 sends no checksum with a range.
func quietly(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true }

// Delete removes an object.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := blobstore.CheckKey(key); err != nil {
		return err
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	return translate(err)
}
