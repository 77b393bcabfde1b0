package main

import (
	"context"
	"log/slog"

	aws "github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
)

// events takes what Lambda sends for the service.
type events struct{ behind.Service }

// newWork takes records of the table's stream, in their order
// (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html): after the
// one that is answered, all come again.
func (on events) newWork(ctx context.Context, e aws.DynamoDBEvent) (answer aws.DynamoDBEventResponse, err error) {
	answer.BatchItemFailures = []aws.DynamoDBBatchItemFailure{} // null is as good to AWS, and breaks emulators
	for _, r := range e.Records {
		key := r.Change.Keys
		if r.EventName != string(aws.DynamoDBOperationTypeInsert) || key[dynamo.PartitionKey].String() != catalog.DuePartition {
			continue // the filter of the deployment leaves it out already
		}
		place := key[dynamo.SortKey].String()
		if err := on.Forward(ctx, place); err != nil {
			on.failed("forward", place, err)
			answer.BatchItemFailures = append(answer.BatchItemFailures, aws.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
			return answer, nil
		}
	}
	return answer, nil
}

// messages takes messages of the queue
// (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html): those that are
// answered come again.
func (on events) messages(ctx context.Context, e aws.SQSEvent) (answer aws.SQSEventResponse, err error) {
	answer.BatchItemFailures = []aws.SQSBatchItemFailure{} // as above
	for _, m := range e.Records {
		if err := on.Work(ctx, m.Body); err != nil {
			on.failed("work", m.Body, err)
			answer.BatchItemFailures = append(answer.BatchItemFailures, aws.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
	}
	return answer, nil
}

// schedule takes the event of a rule, which says nothing but that it is time.
func (on events) schedule(ctx context.Context) error {
	sent, err := on.Sweep(ctx)
	on.Log.Info("sweep", slog.Int("sent", sent))
	return err
}

func (on events) failed(what, place string, err error) {
	on.Log.Error(what, slog.String("place", place), slog.String("error", err.Error()))
}
