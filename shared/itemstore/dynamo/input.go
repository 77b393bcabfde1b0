package dynamo

import (
	"cmp"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// input is the request as of now. It has a token of its own, by which DynamoDB tells a repetition
// from another Write.
func (t *transaction) input(now int64) *dynamodb.TransactWriteItemsInput {
	input := &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String(rand.Text())}
	for i, op := range t.ops {
		input.TransactItems = append(input.TransactItems, t.item(op, t.anew[i], now))
	}
	return input
}

func (t *transaction) item(op itemstore.Op, anew bool, now int64) types.TransactWriteItem {
	condition := expressionOf(op.If, now)
	switch {
	case op.Verb == itemstore.VerbPut:
		return t.put(putRecord(op.Item, cmp.Or(op.Rev, t.rev)), condition)
	case op.Verb == itemstore.VerbDelete:
		return t.delete(op.Item.Key, condition)
	case op.Verb == itemstore.VerbCheck:
		return t.check(op.Item.Key, condition)
	case anew:
		return t.put(record(itemstore.Item{Key: op.Item.Key, Count: op.Item.Count, Expires: op.Item.Expires}, t.rev), asOf(isStale, now))
	default:
		return t.count(op.Item, asOf(isFresh, now))
	}
}

func (t *transaction) put(r attributes, condition expression) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{
		TableName:                 aws.String(t.table),
		Item:                      r,
		ConditionExpression:       condition.text,
		ExpressionAttributeValues: condition.values,
	}}
}

func (t *transaction) delete(key itemstore.Key, condition expression) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName:                 aws.String(t.table),
		Key:                       keyOf(key),
		ConditionExpression:       condition.text,
		ExpressionAttributeValues: condition.values,
	}}
}

// check asks DynamoDB for something even when the condition always holds, as it insists.
func (t *transaction) check(key itemstore.Key, condition expression) types.TransactWriteItem {
	if condition.text == nil {
		condition.text = aws.String("attribute_exists(pk) OR attribute_not_exists(pk)")
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName:                 aws.String(t.table),
		Key:                       keyOf(key),
		ConditionExpression:       condition.text,
		ExpressionAttributeValues: condition.values,
	}}
}

// count moves the count of an item, or makes one with a revision and an expiry of its own.
func (t *transaction) count(item itemstore.Item, condition expression) types.TransactWriteItem {
	condition.values[":rev"] = number(t.rev)
	condition.values[":n"] = number(item.Count)
	set := "SET rev = if_not_exists(rev, :rev)"
	if e := itemstore.ExpiryOf(item.Expires); e != 0 {
		condition.values[":expires"] = number(int64(e))
		set += ", expires = if_not_exists(expires, :expires)"
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                 aws.String(t.table),
		Key:                       keyOf(item.Key),
		UpdateExpression:          aws.String(set + " ADD n :n"),
		ConditionExpression:       condition.text,
		ExpressionAttributeValues: condition.values,
	}}
}
