package s3

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// PutPart streams a part. One that can be read again (an io.ReadSeeker) is sent again when the bucket is too busy.
func (s *Store) PutPart(ctx context.Context, u blobstore.Upload, n int, r io.Reader, size int64) (blobstore.Part, error) {
	if err := blobstore.CheckPart(u, n, size); err != nil {
		return blobstore.Part{}, err
	}
	content, how := io.Reader(&body{r, size}), streaming
	seeker, again := r.(io.ReadSeeker)
	if again {
		content, how = &repeatable{body{r, size}, seeker, size}, unsigned
	}
	out, err := s.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket:        &s.bucket,
		Key:           &u.Key,
		UploadId:      &u.ID,
		PartNumber:    aws.Int32(int32(n)),
		Body:          content,
		ContentLength: &size,
	}, how)
	switch {
	case code(err) == requestTimeout && !again: // it was r that had nothing to send
		return blobstore.Part{}, fmt.Errorf("part %d: %w: %w", n, blobstore.ErrStalled, err)
	case err != nil:
		return blobstore.Part{}, fmt.Errorf("part %d: %w", n, translate(err))
	}
	return blobstore.Part{Number: n, Size: size, ETag: unquote(out.ETag)}, nil
}

// streaming has the SDK send a body that it cannot read twice: by itself it would, once for each time it tries.
func streaming(o *s3.Options) {
	unsigned(o)
	o.Retryer = aws.NopRetryer{}
}

// unsigned has the SDK send a body without reading it first for a SHA-256 to sign and for a checksum.
//
// So the signature does not cover the payload: over TLS, nobody can change it on the way. Over plain http, which is
// for a server on the same machine, anybody could.
func unsigned(o *s3.Options) {
	o.APIOptions = append(o.APIOptions, v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware)
	o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
}

// Parts lists the parts that have arrived.
func (s *Store) Parts(ctx context.Context, u blobstore.Upload) ([]blobstore.Part, error) {
	arrived, err := s.arrived(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("list the parts of an upload: %w", translate(err))
	}
	return parts(arrived), nil
}

// arrived lists the parts as S3 tells of them, a thousand at a time.
func (s *Store) arrived(ctx context.Context, u blobstore.Upload) ([]types.Part, error) {
	var all []types.Part
	pages := s3.NewListPartsPaginator(s.client, &s3.ListPartsInput{
		Bucket:   &s.bucket,
		Key:      &u.Key,
		UploadId: &u.ID,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Parts...)
	}
	return all, nil
}

func parts(arrived []types.Part) []blobstore.Part {
	list := make([]blobstore.Part, len(arrived))
	for i, p := range arrived {
		list[i] = blobstore.Part{Number: int(aws.ToInt32(p.PartNumber)), Size: aws.ToInt64(p.Size), ETag: unquote(p.ETag)}
	}
	return list
}

func unquote(etag *string) string { return strings.Trim(aws.ToString(etag), `"`) }
