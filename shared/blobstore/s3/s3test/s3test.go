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
	// Fails is what the server is known to get wrong: names of tests of storetest, and how.
	Fails map[string]string
}

// Start returns a new bucket on the server at S3_ENDPOINT, with the credentials and the region
// that the AWS SDK finds in the environment; or, if that is not set, on a versitygw that it
// starts. If that is not there either, it skips the test.
func Start(t testing.TB) Bucket {
	t.Helper()
	client, fails := connect(t)
	b := Bucket{
		Client:  client,
		Presign: s3.NewPresignClient(client),
		Name:    "boxvault-test-" + strings.ToLower(rand.Text()),
		Fails:   fails,
	}
	if _, err := client.CreateBucket(t.Context(), b.creation()); err != nil {
		t.Fatalf("create a bucket: %v", err)
	}
	t.Cleanup(func() { b.remove(t) })
	return b
}

func connect(t testing.TB) (client *s3.Client, fails map[string]string) {
	endpoint := os.Getenv("S3_ENDPOINT")
	if endpoint == "" {
		return start(t), versitygwFails
	}
	c, err := config.LoadDefaultConfig(t.Context(), config.WithDefaultRegion(defaultRegion))
	if err != nil {
		t.Fatalf("configure the AWS SDK: %v", err)
	}
	return s3.NewFromConfig(c, func(o *s3.Options) {
		o.BaseEndpoint = &endpoint
		o.UsePathStyle = true
	}), nil
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
