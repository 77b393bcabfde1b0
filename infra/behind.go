package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
)

// addBehind makes the nested stack of the functions that no request starts.
func (c core) addBehind() {
	nested := awscdk.NewNestedStack(c.stack, jsii.String(deployment.BehindGroup), nil)
	g := group{core: c, code: awslambda.Code_FromAsset(jsii.String(c.binaries(deployment.BehindGroup)), nil)}
	for _, f := range deployment.Behind() {
		if c.MailFrom == "" {
			f.Needs &^= grant.SendMail
		}
		scope := constructs.NewConstruct(nested, jsii.String(f.Name))
		g.start(scope, f.On, g.newFunction(scope, f))
	}
}

// start has the function started by what triggers it.
func (g group) start(scope constructs.Construct, on behind.Trigger, to awslambda.Function) {
	switch on {
	case behind.NewWork:
		g.onNewWork(scope, to)
	case behind.Messages:
		g.onMessages(scope, to)
	case behind.Schedule:
		g.onSchedule(scope, to)
	}
}

// reportsFailures says that the function answers which records or messages are to come again.
var reportsFailures = jsii.Strings("ReportBatchItemFailures")

func (g group) onNewWork(scope constructs.Construct, to awslambda.Function) {
	awslambda.NewCfnEventSourceMapping(scope, jsii.String("Stream"), &awslambda.CfnEventSourceMappingProps{
		EventSourceArn:             g.table.TableStreamArn(),
		FunctionName:               to.FunctionName(),
		StartingPosition:           jsii.String("TRIM_HORIZON"),
		BatchSize:                  jsii.Number(deployment.Records),
		BisectBatchOnFunctionError: jsii.Bool(true),
		MaximumRecordAgeInSeconds:  jsii.Number(deployment.RecordAge),
		FunctionResponseTypes:      reportsFailures,
		FilterCriteria: &awslambda.CfnEventSourceMapping_FilterCriteriaProperty{
			Filters: &[]any{&awslambda.CfnEventSourceMapping_FilterProperty{Pattern: jsii.String(deployment.NewWork)}},
		},
	})
}

func (g group) onMessages(scope constructs.Construct, to awslambda.Function) {
	awslambda.NewCfnEventSourceMapping(scope, jsii.String("Messages"), &awslambda.CfnEventSourceMappingProps{
		EventSourceArn:        g.queues.work.QueueArn(),
		FunctionName:          to.FunctionName(),
		BatchSize:             jsii.Number(deployment.BatchMessages),
		FunctionResponseTypes: reportsFailures,
		ScalingConfig: &awslambda.CfnEventSourceMapping_ScalingConfigProperty{
			MaximumConcurrency: jsii.Number(g.workers()),
		},
	})
}

func (g group) onSchedule(scope constructs.Construct, to awslambda.Function) {
	rule := awsevents.NewCfnRule(scope, jsii.String("Rule"), &awsevents.CfnRuleProps{
		ScheduleExpression: jsii.String(deployment.SweepRate),
		Targets:            &[]any{&awsevents.CfnRule_TargetProperty{Arn: to.FunctionArn(), Id: jsii.String("function")}},
	})
	mayCall(scope, to, "events.amazonaws.com", rule.AttrArn())
}
