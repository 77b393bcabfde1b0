package infra

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
)

func TestTheTable(t *testing.T) {
	s, err := registry()
	must(t, s, err).keeps(t, "AWS::DynamoDB::Table", assertions.Match_ObjectEquals(&object{
		"KeySchema": []object{
			{"AttributeName": "pk", "KeyType": "HASH"},
			{"AttributeName": "sk", "KeyType": "RANGE"},
		},
		"AttributeDefinitions": []object{
			{"AttributeName": "pk", "AttributeType": "S"},
			{"AttributeName": "sk", "AttributeType": "S"},
		},
		"BillingMode":                      "PAY_PER_REQUEST",
		"StreamSpecification":              object{"StreamViewType": "NEW_AND_OLD_IMAGES"},
		"TimeToLiveSpecification":          object{"AttributeName": "expires", "Enabled": true},
		"PointInTimeRecoverySpecification": object{"PointInTimeRecoveryEnabled": true},
	}))
}

func TestTheBucket(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	s.keeps(t, "AWS::S3::Bucket", bucketProperties("*"))
	s.has(t, "AWS::S3::BucketPolicy", object{
		"PolicyDocument": object{"Statement": []object{{
			"Effect": "Deny", "Action": "s3:*", "Principal": object{"AWS": "*"},
			"Condition": object{"Bool": object{"aws:SecureTransport": "false"}},
		}}},
	})
}

func TestOnlyTheKnownURLMayUploadFromABrowser(t *testing.T) {
	p := Defaults
	p.URL = "https://boxes.example.com"
	s, err := synthesize(nil, p)
	must(t, s, err).has(t, "AWS::S3::Bucket", bucketProperties(p.URL))
}

func bucketProperties(origin string) assertions.Matcher {
	return assertions.Match_ObjectEquals(&object{
		"PublicAccessBlockConfiguration": object{
			"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
		},
		"OwnershipControls": object{"Rules": []object{{"ObjectOwnership": "BucketOwnerEnforced"}}},
		"BucketEncryption": object{"ServerSideEncryptionConfiguration": []object{
			{"ServerSideEncryptionByDefault": object{"SSEAlgorithm": "AES256"}},
		}},
		"CorsConfiguration": object{"CorsRules": []object{{
			"AllowedMethods": []string{"GET", "HEAD", "PUT"}, "AllowedOrigins": []string{origin},
			"AllowedHeaders": []string{"*"}, "ExposedHeaders": []string{"ETag"}, "MaxAge": 3600,
		}}},
		"LifecycleConfiguration": object{"Rules": []object{{
			"AbortIncompleteMultipartUpload": object{"DaysAfterInitiation": 8}, "Status": "Enabled",
		}}},
	})
}
