package s3

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// SignPart returns a presigned URL to PUT a part. It does not bind the length of the part.
func (s *Store) SignPart(ctx context.Context, u blobstore.Upload, n int, ttl time.Duration) (blobstore.Link, error) {
	if err := blobstore.CheckPart(u, n, 0); err != nil {
		return blobstore.Link{}, err
	}
	if err := blobstore.CheckLink(u.Key, ttl); err != nil {
		return blobstore.Link{}, err
	}
	request, err := s.presign.PresignUploadPart(ctx, &s3.UploadPartInput{
		Bucket:     &s.bucket,
		Key:        &u.Key,
		UploadId:   &u.ID,
		PartNumber: aws.Int32(int32(n)),
	}, s3.WithPresignExpires(ttl))
	return link(request, ttl, err)
}

// SignGet returns a presigned URL to GET an object. S3 refuses a HEAD with it.
func (s *Store) SignGet(ctx context.Context, key string, o blobstore.LinkOptions) (blobstore.Link, error) {
	if err := blobstore.CheckLink(key, o.TTL); err != nil {
		return blobstore.Link{}, err
	}
	in := &s3.GetObjectInput{Bucket: &s.bucket, Key: &key, ResponseContentType: aws.String(o.MediaType())}
	if d := o.Disposition(); d != "" {
		in.ResponseContentDisposition = &d
	}
	request, err := s.presign.PresignGetObject(ctx, in, s3.WithPresignExpires(o.TTL))
	return link(request, o.TTL, err)
}

func link(request *v4.PresignedHTTPRequest, ttl time.Duration, err error) (blobstore.Link, error) {
	if err != nil {
		return blobstore.Link{}, fmt.Errorf("sign a link: %w", err)
	}
	expires := time.Now().Add(ttl).Truncate(time.Second)
	return blobstore.Link{Method: request.Method, URL: request.URL, Expires: expires}, nil
}
