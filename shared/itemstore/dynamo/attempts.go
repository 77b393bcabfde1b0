package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
)

// attempts are those of one Write, by the SDK and by waitOut. A Write is reported as turned away only when
// all of them were: whoever is told so does it again, and the SDK's error is that of the last one alone.
type attempts struct {
	// unsure is set once one has ended in another way, so that it may have been done.
	unsure bool
}

// watch has a call report its attempts; an option of the client's methods.
func (a *attempts) watch(o *dynamodb.Options) {
	each := middleware.FinalizeMiddlewareFunc("boxvault: each attempt",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleFinalize(ctx, in)
			a.unsure = a.unsure || !turnedAway(err)
			return out, metadata, err
		})
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(each, "Retry", middleware.After)
	})
}

// turnedAway reports whether DynamoDB says of an attempt that it has done nothing.
func turnedAway(err error) bool {
	var cancelled *types.TransactionCanceledException
	var conflict *types.TransactionConflictException
	return isBusy(err) || errors.As(err, &cancelled) || errors.As(err, &conflict)
}

// failed words the error of the Write.
func (a *attempts) failed(doing string, err error) error {
	if a.unsure {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return failed(doing, err)
}
