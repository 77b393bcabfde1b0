package e2e

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
)

// provision is something that the stack gives its table or its bucket.
type provision struct {
	what string
	gap  Gap // empty where all targets have it
	is   func(stores, context.Context) (got any, err error)
	want any
}

var provisions = []provision{
	{what: "pages of the registry may send files to the bucket", is: stores.cors, want: []string{"GET", "HEAD", "PUT"}},
	{what: "the bucket is never public", is: stores.public, want: types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
	}},
	{what: "the bucket encrypts", is: stores.encryption, want: types.ServerSideEncryptionAes256},
	{what: "uploads that nobody ends are aborted", gap: Lifecycle, is: stores.lifecycle, want: int32(8)},
	{what: "records expire", gap: Expiry, is: stores.expiry, want: dynamo.TimeToLive},
	{what: "the table can be restored", gap: Restore, is: stores.restore, want: ddb.PointInTimeRecoveryStatusEnabled},
}

// TestTheStoresAreAsTheStackMakesThem asks the services for what journeys do not come across. What MiniStack
// is said to lack has to be lacking.
func TestTheStoresAreAsTheStackMakesThem(t *testing.T) {
	t.Parallel()
	if target.cloud == nil {
		t.Skip("the target is no stack")
	}
	at := storesOf(target.cloud)
	for _, p := range provisions {
		t.Run(p.what, func(t *testing.T) {
			got, err := p.is(at, t.Context())
			if there := err == nil && reflect.DeepEqual(got, p.want); there {
				if why := target.gaps[p.gap]; why != "" && target.cloud.Here {
					t.Errorf("it is there, so this is true no more: %s", why)
				}
				return
			}
			needs(t, p.gap)
			t.Errorf("it is %v, want %v: %v", got, p.want, err)
		})
	}
}

// stores are table and bucket, as the emulator's services have them.
type stores struct {
	*deployed
	items *dynamodb.Client
	blobs *s3.Client
}

func storesOf(d *deployed) stores {
	keys := credentials.NewStaticCredentialsProvider("test", "test", "")
	return stores{d,
		dynamodb.New(dynamodb.Options{BaseEndpoint: &d.Emulator, Region: "us-east-1", Credentials: keys}),
		s3.New(s3.Options{BaseEndpoint: &d.Emulator, Region: "us-east-1", Credentials: keys, UsePathStyle: true}),
	}
}

func (s stores) cors(ctx context.Context) (any, error) {
	out, err := s.blobs.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: &s.Bucket})
	if err != nil {
		return nil, err
	}
	for _, rule := range out.CORSRules {
		if reflect.DeepEqual(rule.AllowedOrigins, []string{s.URL}) && reflect.DeepEqual(rule.ExposeHeaders, []string{"ETag"}) {
			return rule.AllowedMethods, nil
		}
	}
	return nil, fmt.Errorf("there are %d rules", len(out.CORSRules))
}

func (s stores) public(ctx context.Context) (any, error) {
	out, err := s.blobs.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &s.Bucket})
	if err != nil {
		return nil, err
	}
	return *out.PublicAccessBlockConfiguration, nil
}

func (s stores) encryption(ctx context.Context) (any, error) {
	out, err := s.blobs.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &s.Bucket})
	if err != nil {
		return nil, err
	}
	return out.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, nil
}

func (s stores) lifecycle(ctx context.Context) (any, error) {
	out, err := s.blobs.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &s.Bucket})
	if err != nil {
		return nil, err
	}
	return *out.Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation, nil
}

func (s stores) expiry(ctx context.Context) (any, error) {
	out, err := s.items.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &s.Table})
	if err != nil {
		return nil, err
	}
	return aws.ToString(out.TimeToLiveDescription.AttributeName), nil
}

func (s stores) restore(ctx context.Context) (any, error) {
	out, err := s.items.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &s.Table})
	if err != nil {
		return nil, err
	}
	return out.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, nil
}
