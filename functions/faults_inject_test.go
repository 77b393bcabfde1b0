package functions_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// fault is what the first attempt of each call meets, or all of them always. done says that the service
// did what it was asked; then is what the further attempts meet.
type fault struct {
	done   bool
	always bool
	err    func(input any) error
	then   error
}

// answered is an error as a service answers it.
func answered(status int, err error) func(any) error {
	return func(any) error {
		return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}
	}
}

// lost is an answer that does not arrive.
func lost(any) error { return &smithyhttp.RequestSendError{Err: io.ErrUnexpectedEOF} }

var tableFaults = map[string]fault{
	"a table that is throttled":    {err: answered(400, &types.ProvisionedThroughputExceededException{})},
	"an account that is throttled": {err: answered(400, &smithy.GenericAPIError{Code: "ThrottlingException"})},
	"transactions that conflict":   {err: conflicts()},
	"a server that fails":          {err: answered(500, &types.InternalServerError{})},
	"a server that fails after":    {done: true, err: answered(500, &types.InternalServerError{})},
	"answers that are lost":        {done: true, err: lost},
}

var bucketFaults = map[string]fault{
	"a bucket that is throttled":  {err: answered(503, &smithy.GenericAPIError{Code: "SlowDown"})},
	"a bucket that fails":         {err: answered(500, &smithy.GenericAPIError{Code: "InternalError"})},
	"a bucket that fails after":   {done: true, err: answered(500, &smithy.GenericAPIError{Code: "InternalError"})},
	"answers of it that are lost": {done: true, err: lost},
}

// conflicts is how DynamoDB turns a write away that met another, the first time that it comes. Reads meet
// nobody.
func conflicts() func(any) error {
	var met sync.Map
	return func(input any) error {
		if _, again := met.LoadOrStore(input, true); again {
			return nil
		}
		switch in := input.(type) {
		case *dynamodb.TransactWriteItemsInput:
			reasons := slices.Repeat([]types.CancellationReason{{Code: aws.String("None")}}, len(in.TransactItems))
			reasons[len(reasons)-1].Code = aws.String("TransactionConflict")
			return &types.TransactionCanceledException{CancellationReasons: reasons}
		case *dynamodb.PutItemInput:
			return &types.TransactionConflictException{}
		}
		return nil
	}
}

// throughout is a fault that every attempt meets while it is on, and not the first alone.
func throughout(on *atomic.Bool, f fault) fault {
	f.always = true
	met := f.err
	f.err = func(input any) error {
		if on.Load() {
			return met(input)
		}
		return nil
	}
	return f
}

// injector puts a fault between the SDK's retries and its sending.
type injector struct {
	fault
	met atomic.Int32
}

type firstAttempt struct{}

func (i *injector) install(stack *middleware.Stack) error {
	mark := middleware.InitializeMiddlewareFunc("fault: a call", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		err := i.err(in.Parameters)
		return next.HandleInitialize(context.WithValue(ctx, firstAttempt{}, &err), in)
	})
	inject := middleware.FinalizeMiddlewareFunc("fault: an attempt", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (out middleware.FinalizeOutput, m middleware.Metadata, err error) {
		planned := ctx.Value(firstAttempt{}).(*error)
		failure := *planned
		if failure != nil && !i.always {
			*planned = i.then
		}
		if failure == nil {
			return next.HandleFinalize(ctx, in)
		}
		i.met.Add(1)
		if i.done && failure != i.then {
			out, m, err = next.HandleFinalize(ctx, in)
			if err != nil { // it did nothing, and says so
				return out, m, err
			}
		}
		return out, m, failure
	})
	return errors.Join(stack.Initialize.Add(mark, middleware.Before), stack.Finalize.Insert(inject, "Retry", middleware.After))
}

// quick is the SDK's own retryer, without the waiting.
func quick() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
}
