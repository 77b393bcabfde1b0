package dynamo

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aws/smithy-go"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// busy are the codes by which DynamoDB turns a request away because of all others. The SDK has made it
// again by then, after pauses.
// Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html.
var busy = []string{
	"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "ServiceUnavailable",
}

// throttled are the reasons of the same kind for which a transaction is cancelled.
var throttled = []string{"ThrottlingError", "ProvisionedThroughputExceeded"}

// maxThrottled is after how many pauses a request that is still held back is given up: after a second,
// more or less.
const maxThrottled = 10

// failed words the error of a call, and marks that of a table that had too much to do.
func failed(doing string, err error) error {
	if isBusy(err) || cancelledFor(err, throttled...) {
		err = fmt.Errorf("%w: %w", itemstore.ErrBusy, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func isBusy(err error) bool {
	var answer smithy.APIError
	return errors.As(err, &answer) && slices.Contains(busy, answer.ErrorCode())
}
