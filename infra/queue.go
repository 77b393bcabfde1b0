package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
)

// queues are the queue of work for the janitor, and where its messages go that nobody could take.
// They hold no work but places on the list, so they go with the stack.
type queues struct{ work, dead awssqs.Queue }

func newQueues(scope constructs.Construct) queues {
	dead := awssqs.NewQueue(scope, jsii.String("DeadLetters"), &awssqs.QueueProps{
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		RetentionPeriod: awscdk.Duration_Seconds(jsii.Number(deployment.DeadRetention)),
	})
	work := awssqs.NewQueue(scope, jsii.String("Queue"), &awssqs.QueueProps{
		Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
		RetentionPeriod:   awscdk.Duration_Seconds(jsii.Number(deployment.Retention)),
		VisibilityTimeout: awscdk.Duration_Seconds(jsii.Number(deployment.Hidden)),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: jsii.Number(deployment.Receives)},
	})
	return queues{work, dead}
}
