// Package queuetest makes queues of SQS for tests.
//
// The server is the one at SQS_ENDPOINT, or else MiniStack, an emulator that `make tools` installs
// below build/tools. What a test should know of MiniStack 1.5.33: it takes a delay of any length,
// where SQS takes 15 minutes at the most.
package queuetest

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Queue is a queue with dead letters, for as long as the test runs.
type Queue struct {
	Client *sqs.Client
	// URL is the queue's, Dead that of its dead letters, Endpoint that of the server.
	URL, Dead, Endpoint string
}

// New makes a queue whose messages come again when they are not deleted in time, and go to the dead
// letters when they were received so often. Without a server it skips the test and says what to do.
func New(t testing.TB, hidden time.Duration, receives int) *Queue {
	t.Helper()
	q := &Queue{Endpoint: os.Getenv("SQS_ENDPOINT")}
	if q.Endpoint == "" {
		q.Endpoint = startServer(t)
	}
	q.Client = sqs.New(sqs.Options{
		BaseEndpoint: aws.String(q.Endpoint),
		Region:       cmp.Or(os.Getenv("AWS_REGION"), "us-east-1"),
		Credentials: credentials.NewStaticCredentialsProvider(
			cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), "test"),
			cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), "test"),
			os.Getenv("AWS_SESSION_TOKEN")),
	})
	q.Dead = q.create(t, nil)
	q.URL = q.create(t, map[string]string{
		"VisibilityTimeout": strconv.Itoa(int(hidden / time.Second)),
		"RedrivePolicy":     fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, q.arn(t, q.Dead), receives),
	})
	return q
}

func (q *Queue) create(t testing.TB, attributes map[string]string) (url string) {
	t.Helper()
	out, err := q.Client.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: aws.String("test-" + rand.Text()), Attributes: attributes,
	})
	if err != nil {
		t.Fatalf("create a queue: %v", err)
	}
	t.Cleanup(func() {
		if _, err := q.Client.DeleteQueue(context.Background(), &sqs.DeleteQueueInput{QueueUrl: out.QueueUrl}); err != nil {
			t.Errorf("delete the queue: %v", err)
		}
	})
	return *out.QueueUrl
}

func (q *Queue) arn(t testing.TB, url string) string {
	t.Helper()
	out, err := q.Client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		t.Fatalf("ask for the queue's ARN: %v", err)
	}
	return out.Attributes["QueueArn"]
}

// Take receives one message from the queue with the URL given, which is hidden from now on; nil when
// none has come within the time given, in whole seconds.
func (q *Queue) Take(t testing.TB, url string, wait time.Duration) *types.Message {
	t.Helper()
	out, err := q.Client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 1, WaitTimeSeconds: int32(wait / time.Second),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		t.Fatalf("receive a message: %v", err)
	}
	if len(out.Messages) == 0 {
		return nil
	}
	return &out.Messages[0]
}

// Delete deletes a message that was taken from the queue.
func (q *Queue) Delete(t testing.TB, m *types.Message) {
	t.Helper()
	_, err := q.Client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &q.URL, ReceiptHandle: m.ReceiptHandle})
	if err != nil {
		t.Fatalf("delete the message: %v", err)
	}
}
