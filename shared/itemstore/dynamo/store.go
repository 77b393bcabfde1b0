// Package dynamo keeps the items of the registry in one DynamoDB table.
//
// An item of the port is an item of the table, see Schema and record. Reads are consistent. A
// Write of several operations is one transaction; see write.go for how a single one is done.
//
// The IAM actions it needs, on the table only:
//
//	Get    dynamodb:GetItem, dynamodb:BatchGetItem
//	Query  dynamodb:Query
//	Write  dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem, dynamodb:ConditionCheckItem
//
// A transaction has no action of its own: DynamoDB asks for those of its operations.
package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// Store is an itemstore.Store in a DynamoDB table.
type Store struct {
	// Now is the clock that items expire by. Open sets it to time.Now; to be changed before the
	// first call only.
	Now func() time.Time

	client *dynamodb.Client
	table  string
}

var _ itemstore.Store = (*Store)(nil)

// Open returns the store in a table that Schema describes. It sends nothing.
func Open(client *dynamodb.Client, table string) *Store {
	return &Store{Now: time.Now, client: client, table: table}
}
