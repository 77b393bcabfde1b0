package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/boxvault/boxvault/web"
)

// pages are the files of package web in a bucket that has nothing else.
type pages struct{ client *s3.Client }

// resource fills the bucket, and empties it before it is deleted. Its id is the bucket's name, so that another bucket is
// another resource.
func (p pages) resource(ctx context.Context, e cfn.Event) (bucket string, err error) {
	bucket, _ = e.ResourceProperties["Bucket"].(string)
	if e.RequestType == cfn.RequestDelete {
		return e.PhysicalResourceID, p.keep(ctx, bucket, nil)
	}
	if wanted := e.ResourceProperties["Version"]; wanted != web.Version() {
		return bucket, fmt.Errorf("the function was built with other pages than the stack, %s and not %s: run make lambda, and deploy again", web.Version(), wanted)
	}
	if err := p.put(ctx, bucket); err != nil {
		return bucket, err
	}
	names := map[string]bool{}
	for _, f := range web.Files() {
		names[f.Name] = true
	}
	return bucket, p.keep(ctx, bucket, names)
}

// put stores all files, those that pages are made of before the pages.
func (p pages) put(ctx context.Context, bucket string) error {
	for _, isPage := range []bool{false, true} {
		for _, f := range web.Files() {
			if f.Page() != isPage {
				continue
			}
			_, err := p.client.PutObject(ctx, &s3.PutObjectInput{
				Bucket: &bucket, Key: &f.Name, Body: bytes.NewReader(f.Body), ContentType: &f.ContentType, CacheControl: aws.String(f.CacheControl()),
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// keep deletes all but what has these names. A bucket that is not there has nothing.
func (p pages) keep(ctx context.Context, bucket string, names map[string]bool) error {
	list := s3.NewListObjectsV2Paginator(p.client, &s3.ListObjectsV2Input{Bucket: &bucket})
	for list.HasMorePages() {
		page, err := list.NextPage(ctx)
		if none := (*types.NoSuchBucket)(nil); errors.As(err, &none) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			if names[*o.Key] {
				continue
			}
			if _, err := p.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: o.Key}); err != nil {
				return err
			}
		}
	}
	return nil
}
