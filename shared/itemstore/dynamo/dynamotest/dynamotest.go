// Package dynamotest makes DynamoDB tables for tests.
//
// The server is the one at DYNAMODB_ENDPOINT, or else dynoxide, a DynamoDB server
// that `make tools` installs below build/tools. What a test should know of dynoxide 1.2.1:
//
//   - it compares letters without case in begins_with, and takes a start key from anywhere;
//   - it queues transactions on the same item and never answers with a TransactionConflict;
//   - it accepts a time to live and never deletes by it;
//   - index names have three characters or more;
//   - with a stream on, each write reads all that the stream ever held, so tables here have none.
package dynamotest

import (
	"cmp"
	"context"
	"crypto/rand"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
)

// Client returns a client of a server that lives as long as the test. Without a server it skips
// the test and says what to do.
func Client(t testing.TB) *dynamodb.Client {
	t.Helper()
	endpoint := os.Getenv("DYNAMODB_ENDPOINT")
	if endpoint == "" {
		endpoint = startServer(t)
	}
	return dynamodb.New(dynamodb.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       cmp.Or(os.Getenv("AWS_REGION"), "us-east-1"),
		Credentials: credentials.NewStaticCredentialsProvider(
			cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "test"),
			cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "test"),
			os.Getenv("AWS_SESSION_TOKEN")),
	})
}

// NewTable makes an empty table for dynamo.Open, which is deleted when the test ends.
func NewTable(t testing.TB, client *dynamodb.Client) string {
	t.Helper()
	schema := dynamo.Schema("test-"+rand.Text(), false)
	CreateTable(t, client, schema)
	return *schema.TableName
}

// CreateTable makes a table, which is deleted when the test ends, and returns what the server says
// of it once it can be used.
func CreateTable(t testing.TB, client *dynamodb.Client, schema *dynamodb.CreateTableInput) *types.TableDescription {
	t.Helper()
	if _, err := client.CreateTable(t.Context(), schema); err != nil {
		t.Fatalf("create table: %v", err)
	}
	t.Cleanup(func() {
		_, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: schema.TableName})
		if err != nil {
			t.Errorf("delete table: %v", err)
		}
	})
	waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = time.Second })
	out, err := waiter.WaitForOutput(t.Context(), &dynamodb.DescribeTableInput{TableName: schema.TableName}, time.Minute)
	if err != nil {
		t.Fatalf("wait for table: %v", err)
	}
	return out.Table
}
