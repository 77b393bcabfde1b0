package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Table and bucket outlive the stack, and a table is restored as a new one. So a deployment can go on with
// those that are there: it may use them, and leaves them as they are.

// tableOf is the table that the parameters name, or a new one.
func tableOf(scope constructs.Construct, p Parameters) awsdynamodb.ITable {
	if p.Table == "" {
		return newTable(scope)
	}
	return awsdynamodb.Table_FromTableAttributes(scope, jsii.String("Table"), &awsdynamodb.TableAttributes{
		TableName:      jsii.String(p.Table),
		TableStreamArn: jsii.String(p.Stream),
	})
}

// bucketOf is the bucket that the parameters name, or a new one.
func bucketOf(scope constructs.Construct, p Parameters) awss3.IBucket {
	if p.Bucket == "" {
		return newBucket(scope, p.URL)
	}
	return awss3.Bucket_FromBucketName(scope, jsii.String("Bucket"), jsii.String(p.Bucket))
}
