package s3

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Complete makes an object out of an upload.
//
// S3 itself asks of a part only that it is there and is not below 5 MiB. Whether all are as
// large as they should be, is looked up before: afterwards, it would be too late to send one
// again. That the object is there as a whole, is looked up in the end, whatever S3 answered.
func (s *Store) Complete(ctx context.Context, u blobstore.Upload, given []blobstore.Part) (blobstore.Object, error) {
	err := translate(s.complete(ctx, u, given))
	if errors.Is(err, blobstore.ErrNoUpload) || errors.Is(err, blobstore.ErrPart) {
		return s.completed(ctx, u.Key, err)
	}
	if err != nil {
		return blobstore.Object{}, fmt.Errorf("complete an upload: %w", err)
	}
	object, err := s.Head(ctx, u.Key)
	if errors.Is(err, blobstore.ErrNotFound) { // which to the caller is another object
		return object, fmt.Errorf("an upload is complete, and there is no object %s", u.Key)
	}
	if err != nil {
		return object, fmt.Errorf("look for the object of an upload that is complete: %w", err)
	}
	if want := size(given); object.Size != want {
		return object, fmt.Errorf("the parts of the upload have %d bytes, and the object %d", want, object.Size)
	}
	return object, nil
}

func (s *Store) complete(ctx context.Context, u blobstore.Upload, given []blobstore.Part) error {
	arrived, err := s.arrived(ctx, u)
	if err != nil {
		return err
	}
	if err := blobstore.CheckParts(u, given, parts(arrived)); err != nil {
		return err
	}
	list := make([]types.CompletedPart, len(given))
	for i, p := range arrived[:len(given)] {
		list[i] = types.CompletedPart{PartNumber: p.PartNumber, ETag: p.ETag, ChecksumCRC64NVME: p.ChecksumCRC64NVME}
	}
	_, err = s.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket:          &s.bucket,
		Key:             &u.Key,
		UploadId:        &u.ID,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: list},
		MpuObjectSize:   aws.Int64(size(given)),
	})
	return err
}

// completed answers for an upload that is no longer there, or whose parts are not: if another call
// completed it, or is just clearing it away, there is the object. If not, it answers with err.
func (s *Store) completed(ctx context.Context, key string, err error) (blobstore.Object, error) {
	object, headErr := s.Head(ctx, key)
	if errors.Is(headErr, blobstore.ErrNotFound) {
		return object, err
	}
	return object, headErr
}

func size(parts []blobstore.Part) (sum int64) {
	for _, p := range parts {
		sum += p.Size
	}
	return sum
}
