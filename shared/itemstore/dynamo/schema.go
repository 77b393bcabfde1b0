package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The attributes of the table that whoever makes it has to name.
const (
	PartitionKey = "pk"
	SortKey      = "sk"
	// TimeToLive is the attribute by which DynamoDB deletes expired items, days late if it
	// likes: it is for tidiness, the store does not depend on it.
	TimeToLive = "expires"
)

// Schema describes the table that a Store needs, billed per request. With stream it also streams
// every change, with the item before and after it; the store itself does not need that.
func Schema(table string, stream bool) *dynamodb.CreateTableInput {
	schema := &dynamodb.CreateTableInput{
		TableName:   aws.String(table),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String(PartitionKey), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String(SortKey), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(PartitionKey), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(SortKey), KeyType: types.KeyTypeRange},
		},
	}
	if stream {
		schema.StreamSpecification = &types.StreamSpecification{
			StreamEnabled:  aws.Bool(true),
			StreamViewType: types.StreamViewTypeNewAndOldImages,
		}
	}
	return schema
}
