// Package queue sends messages to a queue of SQS.
package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// MaxDelay is how long SQS holds a message back at the most
// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
const MaxDelay = 15 * time.Minute

// Queue is one queue. It is safe for use at the same time.
//
// The role needs sqs:SendMessage on it.
type Queue struct {
	// Now is the clock that delays are counted from. Open sets it to time.Now; to be changed
	// before the first call only.
	Now func() time.Time

	client *sqs.Client
	url    string
}

// Open returns the queue with the URL given. It sends nothing.
func Open(client *sqs.Client, url string) *Queue {
	return &Queue{Now: time.Now, client: client, url: url}
}

// Send sends a message that comes at the time given, or earlier when that is more than MaxDelay
// away. It may come more than once.
func (q *Queue) Send(ctx context.Context, message string, at time.Time) error {
	_, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &q.url, MessageBody: &message, DelaySeconds: delay(at.Sub(q.Now())),
	})
	if err != nil {
		return fmt.Errorf("send to the queue: %w", err)
	}
	return nil
}

// delay counts in whole seconds, and rather one too many: what comes early has to be sent again.
func delay(left time.Duration) (seconds int32) {
	left = min(max(left, 0), MaxDelay)
	return int32((left + time.Second - 1) / time.Second)
}
