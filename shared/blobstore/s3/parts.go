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

// PutPart streams a part.
func (s *Store) PutPart(ctx context.Context, u blobstore.Upload, n int, r io.Reader, size int64) (blobstore.Part, error) {
	if err := blobstore.CheckPart(u, n, size); err != nil {
		return blobstore.Part{}, err
	}
	out, err := s.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket:        &s.bucket,
		Key:           &u.Key,
		UploadId:      &u.ID,
		PartNumber:    aws.Int32(int32(n)),
		Body:          &body{r, size},
		ContentLength: &size,
	}, streaming)
	if err != nil {
		return blobstore.Part{}, fmt.Errorf("part %d: %w", n, translate(err))
	}
	return blobstore.Part{Number: n, Size: size, ETag: unquote(out.ETag)}, nil
}

// streaming has the SDK send a body that it cannot read twice.
//
// By itself it would read the body for a SHA-256 to sign, then for a checksum, and then once for
// each time it tries. So the signature does not cover the payload: over TLS, nobody can change
// it on the way. Over plain http, which is for a server on the same machine, anybody could.
func streaming(o *s3.Options) {
	o.APIOptions = append(o.APIOptions, v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware)
	o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	o.Retryer = aws.NopRetryer{}
}

// body is exactly the bytes of a part. What r fails with comes out of UploadPart.
type body struct {
	r    io.Reader
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	switch {
	case b.left == 0:
		return n, nil
	case err == io.EOF:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
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
