package dynamo

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// The SDK sends a request again when the answer was lost, although the table may have done it.
// A Write must not be done twice then, nor be refused by what it did itself:
//
//   - a transaction carries a token by which DynamoDB knows it again;
//   - a Put alone is a PutItem, at half the price of a transaction: its new revision tells
//     whether an item is its own work. What it cannot tell apart is an answer lost and another
//     writer who replaced the item before the second attempt; that is reported as a condition
//     that did not hold;
//   - a Delete alone is a DeleteItem when it has no condition, for doing it twice is no harm;
//   - everything else is a transaction, even alone: a count or the lack of an item do not tell
//     who made them.

// Write is a PutItem, a DeleteItem or a TransactWriteItems.
func (s *Store) Write(ctx context.Context, ops ...itemstore.Op) error {
	if err := itemstore.ValidateWrite(ops); err != nil {
		return err
	}
	var a attempts
	if err := s.write(ctx, &a, ops); err != nil {
		return a.failed("write records", err)
	}
	return nil
}

func (s *Store) write(ctx context.Context, a *attempts, ops []itemstore.Op) error {
	switch {
	case len(ops) == 0:
		return ctx.Err()
	case len(ops) == 1 && ops[0].Verb == itemstore.VerbPut:
		return s.put(ctx, a, ops[0])
	case len(ops) == 1 && ops[0].Verb == itemstore.VerbDelete && ops[0].If.Any():
		return s.delete(ctx, a, ops[0].Item.Key)
	default:
		return s.transact(ctx, a, ops)
	}
}

func (s *Store) put(ctx context.Context, a *attempts, op itemstore.Op) error {
	rev := cmp.Or(op.Rev, itemstore.NewRev())
	condition := expressionOf(op.If, s.Now().Unix())
	input := &dynamodb.PutItemInput{
		TableName:                           aws.String(s.table),
		Item:                                putRecord(op.Item, rev),
		ConditionExpression:                 condition.text,
		ExpressionAttributeValues:           condition.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	err := waitOut(ctx, func() error {
		_, err := s.client.PutItem(ctx, input, a.watch)
		return err
	})
	var refused *types.ConditionalCheckFailedException
	if !errors.As(err, &refused) {
		return err
	}
	if stored, err := numberOf(refused.Item, attrRev); err == nil && stored == rev {
		return nil // an attempt before the last one did it, and its answer was lost
	}
	return &itemstore.ConditionError{Op: 0, Key: op.Item.Key}
}

func (s *Store) delete(ctx context.Context, a *attempts, key itemstore.Key) error {
	input := &dynamodb.DeleteItemInput{TableName: aws.String(s.table), Key: keyOf(key)}
	return waitOut(ctx, func() error {
		_, err := s.client.DeleteItem(ctx, input, a.watch)
		return err
	})
}

// waitOut repeats an attempt for as long as a transaction of someone else holds one of its items.
// DynamoDB does not queue the two, it turns one away, having done nothing. One that is throttled, which
// the SDK does not see, is given up after maxThrottled pauses.
// (The emulator dynoxide queues them and never answers so.)
func waitOut(ctx context.Context, attempt func() error) error {
	for wait := (backoff{}); ; {
		err := attempt()
		if !clashed(err) || wait.pauses >= maxThrottled && cancelledFor(err, throttled...) {
			return err
		}
		if err := wait.pause(ctx); err != nil {
			return err
		}
	}
}

// clashed reports whether a request was turned away because of others, having done nothing, or
// because of its own first attempt, which its token makes harmless.
func clashed(err error) bool {
	var conflict *types.TransactionConflictException
	var inProgress *types.TransactionInProgressException
	return errors.As(err, &conflict) || errors.As(err, &inProgress) ||
		cancelledFor(err, reasonConflict) || cancelledFor(err, throttled...)
}

// putRecord is what a Put writes: an item whose count starts at 0.
func putRecord(item itemstore.Item, rev int64) attributes {
	item.Count = 0
	return record(item, rev)
}
