// Package s3test gives a test an S3 to work with: a server of its own, or the one that the
// environment names.
package s3test

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Bucket is an empty bucket and the clients to use it with. It ends with the test.
type Bucket struct {
	Client  *s3.Client
	Presign *s3.PresignClient
	Name    string
	// What the server is known to get wrong, and how: always, or now and then. The names are those of tests.
	Fails, Wavers map[string]string
}

// Start returns a new bucket on the server at S3_ENDPOINT, with the credentials and the region
// that the AWS SDK finds in the environment; or, if that is not set, on a versitygw that it
// starts. If that is not there either, it skips the test.
func Start(t testing.TB) Bucket {
	t.Helper()
	b := connect(t)
	b.Presign = s3.NewPresignClient(b.Client)
	b.Name = "boxvault-test-" + strings.ToLower(rand.Text())
	if _, err := b.Client.CreateBucket(t.Context(), b.creation()); err != nil {
		t.Fatalf("create a bucket: %v", err)
	}
	t.Cleanup(func() { b.remove(t) })
	return b
}

func connect(t testing.TB) Bucket {
	endpoint := os.Getenv("S3_ENDPOINT")
	if endpoint == "" {
		return Bucket{Client: start(t), Fails: versitygwFails, Wavers: versitygwWavers}
	}
	c, err := config.LoadDefaultConfig(t.Context(), config.WithDefaultRegion(defaultRegion))
	if err != nil {
		t.Fatalf("configure the AWS SDK: %v", err)
	}
	b := Bucket{Client: s3.NewFromConfig(c, func(o *s3.Options) {
		o.BaseEndpoint = &endpoint
		o.UsePathStyle = true
	})}
	if isMiniStack(endpoint) {
		b.Fails = miniStackFails
	}
	return b
}

const defaultRegion = "us-east-1" // the one region that a bucket must not be said to be in

func (b Bucket) creation() *s3.CreateBucketInput {
	in := &s3.CreateBucketInput{Bucket: &b.Name}
	if region := b.Client.Options().Region; region != defaultRegion {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(region),
		}
	}
	return in
}

// remove empties the bucket, which S3 wants before it lets it go.
func (b Bucket) remove(t testing.TB) {
	ctx := context.Background()
	uploads := s3.NewListMultipartUploadsPaginator(b.Client, &s3.ListMultipartUploadsInput{Bucket: &b.Name})
	for uploads.HasMorePages() {
		page, err := uploads.NextPage(ctx)
		if err != nil {
			t.Fatalf("list what is left of uploads: %v", err)
		}
		for _, u := range page.Uploads {
			b.Client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &b.Name, Key: u.Key, UploadId: u.UploadId})
		}
	}
	objects := s3.NewListObjectsV2Paginator(b.Client, &s3.ListObjectsV2Input{Bucket: &b.Name})
	for objects.HasMorePages() {
		page, err := objects.NextPage(ctx)
		if err != nil {
			t.Fatalf("list what is left of objects: %v", err)
		}
		for _, o := range page.Contents {
			b.Client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.Name, Key: o.Key})
		}
	}
	if _, err := b.Client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(b.Name)}); err != nil {
		t.Errorf("remove the bucket: %v", err)
	}
}
