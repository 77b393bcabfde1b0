package infra

import (
	"reflect"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/deployment"
)

type (
	sourceMapping struct {
		EventSourceArn, FunctionName, StartingPosition string
		BatchSize, MaximumRecordAgeInSeconds           int
		BisectBatchOnFunctionError                     bool
		FunctionResponseTypes                          []string
		FilterCriteria                                 struct{ Filters []struct{ Pattern string } }
		ScalingConfig                                  struct{ MaximumConcurrency int }
	}
	eventRule struct {
		ScheduleExpression string
		Targets            []struct{ Arn string }
	}
	sqsQueue struct {
		VisibilityTimeout, MessageRetentionPeriod int
		SqsManagedSseEnabled                      bool
		RedrivePolicy                             struct {
			DeadLetterTargetArn string
			MaxReceiveCount     int
		}
	}
)

// starters checks what starts a function that no request does, and returns who may call it: streams
// and queues are read with the function's own role.
func (in *inspection) starters(f deployment.Function, id string) []permission {
	var want sourceMapping
	switch f.On {
	case behind.Schedule:
		rule := in.only("AWS::Events::Rule")
		got := all[eventRule](in.cloud, "AWS::Events::Rule")[rule]
		if got.ScheduleExpression != "rate(6 hours)" || len(got.Targets) != 1 || got.Targets[0].Arn != "${"+id+".Arn}" {
			in.fault("the rule of %s is %+v", f.Name, got)
		}
		return []permission{{FunctionName: "${" + id + "}", Principal: "events.amazonaws.com", SourceArn: "${" + rule + ".Arn}"}}
	case behind.NewWork:
		want = as[sourceMapping](object{
			"EventSourceArn": "${" + in.only("AWS::DynamoDB::Table") + ".StreamArn}", "StartingPosition": "TRIM_HORIZON",
			"BatchSize": 100, "MaximumRecordAgeInSeconds": 3600, "BisectBatchOnFunctionError": true,
			"FilterCriteria": object{"Filters": []object{{"Pattern": `{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":["due"]}}}}`}}},
		})
	case behind.Messages:
		want = as[sourceMapping](object{
			"EventSourceArn": "${" + in.workQueue() + ".Arn}", "BatchSize": 1, "ScalingConfig": object{"MaximumConcurrency": in.workers()},
		})
	}
	want.FunctionName, want.FunctionResponseTypes = "${"+id+"}", []string{"ReportBatchItemFailures"}
	for _, got := range all[sourceMapping](in.cloud, "AWS::Lambda::EventSourceMapping") {
		if got.FunctionName == want.FunctionName && !reflect.DeepEqual(got, want) {
			in.fault("%s is started by %+v, not %+v", f.Name, got, want)
		}
	}
	return nil
}

// workQueue returns the id of the queue that has dead letters.
func (in *inspection) workQueue() string {
	for id, q := range all[sqsQueue](in.cloud, "AWS::SQS::Queue") {
		if q.RedrivePolicy.MaxReceiveCount > 0 {
			return id
		}
	}
	return "no queue"
}

// queues checks that a message is hidden for longer than its work may take, and is kept when it is
// given up.
func (in *inspection) queues() {
	list := all[sqsQueue](in.cloud, "AWS::SQS::Queue")
	work := list[in.workQueue()]
	dead := list[in.deref(work.RedrivePolicy.DeadLetterTargetArn)]
	if work.VisibilityTimeout != 16*60 || work.MessageRetentionPeriod != 4*24*3600 || !work.SqsManagedSseEnabled || work.RedrivePolicy.MaxReceiveCount != 3 {
		in.fault("the queue is %+v", work)
	}
	if dead.MessageRetentionPeriod != 14*24*3600 || !dead.SqsManagedSseEnabled {
		in.fault("the dead letters are %+v", dead)
	}
	if n := len(all[any](in.cloud, "AWS::Lambda::EventSourceMapping")); n != 2 || len(list) != 2 {
		in.fault("%d queues and a stream start functions %d times", len(list), n)
	}
}
