package dynamo

import (
	"math"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// queryInput puts the bounds of q into DynamoDB's terms; nil means that nothing can lie between
// them. A key condition may have one clause on the sort key. It is made of Prefix and Until;
// After becomes the start key. DynamoDB refuses one that lies outside of the clause or on its far
// end ("does not match the range key predicate"); dynoxide does not.
func (s *Store) queryInput(q itemstore.Query) *dynamodb.QueryInput {
	clause, values, ok := sortClause(q)
	if !ok {
		return nil
	}
	values[":pk"] = text(q.Partition)
	input := &dynamodb.QueryInput{
		TableName:                 aws.String(s.table),
		ConsistentRead:            aws.Bool(true),
		ScanIndexForward:          aws.Bool(!q.Reverse),
		KeyConditionExpression:    aws.String("pk = :pk" + clause),
		ExpressionAttributeValues: values,
	}
	if q.Limit > 0 {
		input.Limit = aws.Int32(int32(min(q.Limit, math.MaxInt32)))
	}
	switch position(q) {
	case within:
		input.ExclusiveStartKey = keyOf(itemstore.Key{Partition: q.Partition, Sort: q.After})
	case behind:
		return nil
	}
	return input
}

// sortClause is the clause for the places that begin with Prefix and come before Until; ok is
// false when there are none.
func sortClause(q itemstore.Query) (clause string, values attributes, ok bool) {
	switch {
	case q.Until != "" && q.Until <= q.Prefix:
		return "", nil, false
	case q.Prefix == "" && q.Until == "":
		return "", attributes{}, true
	case q.Prefix == "":
		return " AND sk < :until", attributes{":until": text(q.Until)}, true
	case between(q):
		return " AND sk BETWEEN :prefix AND :until", attributes{":prefix": text(q.Prefix), ":until": text(q.Until)}, true
	default:
		return " AND begins_with(sk, :prefix)", attributes{":prefix": text(q.Prefix)}, true
	}
}

// between reports whether the clause needs both bounds. The place Until itself is then in it,
// which pageOf makes up for.
func between(q itemstore.Query) bool {
	return q.Prefix != "" && q.Until != "" && strings.HasPrefix(q.Until, q.Prefix)
}

// Where After lies, seen in the direction of the query.
const (
	before = iota // the clause: it leaves out nothing
	within
	behind // it leaves out everything
)

func position(q itemstore.Query) int {
	low := q.After < q.Prefix || q.Reverse && q.After == q.Prefix
	high := !low && !strings.HasPrefix(q.After, q.Prefix) || q.Until != "" && q.After >= q.Until
	switch {
	case q.After == "":
		return before
	case q.Reverse && q.After == q.Until && between(q):
		return within // a page may have ended with the place Until
	case low && !q.Reverse, high && q.Reverse:
		return before
	case low || high:
		return behind
	default:
		return within
	}
}
