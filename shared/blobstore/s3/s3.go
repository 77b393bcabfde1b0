// Package s3 is the blobstore in an S3 bucket, or in a server that speaks as S3 does.
//
// The role it runs with needs, on the objects of the bucket:
//
//	Begin, PutPart, SignPart, Complete  s3:PutObject
//	Parts, Complete                     s3:ListMultipartUploadParts
//	Abort                               s3:AbortMultipartUpload
//	Head, Open, SignGet, Complete       s3:GetObject
//	Delete                              s3:DeleteObject
//
// and on the bucket itself s3:ListBucket, without which S3 answers 403 rather than 404 for an
// object that is not there. A link can do what the role can that signed it, and ends with the
// session of that role if that is sooner than it expires.
//
// S3 keeps a CRC64NVME over every object as a whole. It computes it from the parts as they
// arrive, so clients with a link need not send one.
package s3

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Store keeps blobs in a bucket.
type Store struct {
	client  *s3.Client
	presign *s3.PresignClient
	bucket  string
}

var _ blobstore.Store = (*Store)(nil)

// Open returns the store in a bucket. presign signs the links. A link is good only for the host it
// was signed for, so where clients reach the bucket at another endpoint than this process does,
// presign is made from a client for theirs.
func Open(client *s3.Client, presign *s3.PresignClient, bucket string) *Store {
	return &Store{client, presign, bucket}
}

// Begin starts a multipart upload.
func (s *Store) Begin(ctx context.Context, key string, partSize int64) (blobstore.Upload, error) {
	if err := blobstore.CheckBegin(key, partSize); err != nil {
		return blobstore.Upload{}, err
	}
	out, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket:            &s.bucket,
		Key:               &key,
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc64nvme,
		ChecksumType:      types.ChecksumTypeFullObject,
	})
	if err != nil {
		return blobstore.Upload{}, fmt.Errorf("begin an upload: %w", translate(err))
	}
	return blobstore.Upload{Key: key, ID: aws.ToString(out.UploadId), PartSize: partSize}, nil
}

// Abort forgets an upload.
func (s *Store) Abort(ctx context.Context, u blobstore.Upload) error {
	_, err := s.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket:   &s.bucket,
		Key:      &u.Key,
		UploadId: &u.ID,
	})
	if code(err) == noSuchUpload {
		return nil
	}
	if err != nil {
		return fmt.Errorf("abort an upload: %w", translate(err))
	}
	return nil
}
