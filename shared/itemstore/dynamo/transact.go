package dynamo

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// transaction is a Write on its way into the table.
type transaction struct {
	table string
	ops   []itemstore.Op
	rev   int64
	// anew marks the Adds that replace an expired item; the others count on or begin. DynamoDB
	// cannot choose between the two, so a wrong guess is found out by its condition.
	anew []bool
}

func (s *Store) transact(ctx context.Context, a *attempts, ops []itemstore.Op) error {
	t := &transaction{table: s.table, ops: ops, rev: itemstore.NewRev(), anew: make([]bool, len(ops))}
	for {
		input := t.input(s.Now().Unix())
		err := waitOut(ctx, func() error {
			_, err := s.client.TransactWriteItems(ctx, input, a.watch)
			return err
		})
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) {
			return err
		}
		if err := t.refusal(cancelled); err != nil {
			return err
		}
	}
}

// refusal is the reason for which a transaction was cancelled. It is nil when only Adds met an
// item in another state than they were made for: the next input is made for that one.
func (t *transaction) refusal(cancelled *types.TransactionCanceledException) error {
	refused := refusedOps(cancelled)
	if len(refused) == 0 {
		return cancelled
	}
	for _, i := range refused {
		if t.ops[i].Verb != itemstore.VerbAdd {
			return &itemstore.ConditionError{Op: i, Key: t.ops[i].Item.Key}
		}
	}
	for _, i := range refused {
		t.anew[i] = !t.anew[i]
	}
	return nil
}

// The reasons for which DynamoDB cancels a transaction, one for each operation; see also throttled.
const (
	reasonCondition = "ConditionalCheckFailed"
	reasonConflict  = "TransactionConflict"
)

func refusedOps(cancelled *types.TransactionCanceledException) (ops []int) {
	for i, reason := range cancelled.CancellationReasons {
		if aws.ToString(reason.Code) == reasonCondition {
			ops = append(ops, i)
		}
	}
	return ops
}

// cancelledFor reports whether a transaction was cancelled for one of the reasons, and not because of a
// condition.
func cancelledFor(err error, codes ...string) bool {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || len(refusedOps(cancelled)) > 0 {
		return false
	}
	return slices.ContainsFunc(cancelled.CancellationReasons, func(reason types.CancellationReason) bool {
		return slices.Contains(codes, aws.ToString(reason.Code))
	})
}
