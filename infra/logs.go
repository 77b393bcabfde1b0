package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// retentions are the periods that CloudWatch Logs has, by days.
var retentions = map[int]awslogs.RetentionDays{
	1: awslogs.RetentionDays_ONE_DAY, 3: awslogs.RetentionDays_THREE_DAYS, 5: awslogs.RetentionDays_FIVE_DAYS,
	7: awslogs.RetentionDays_ONE_WEEK, 14: awslogs.RetentionDays_TWO_WEEKS, 30: awslogs.RetentionDays_ONE_MONTH,
	60: awslogs.RetentionDays_TWO_MONTHS, 90: awslogs.RetentionDays_THREE_MONTHS, 180: awslogs.RetentionDays_SIX_MONTHS,
	365: awslogs.RetentionDays_ONE_YEAR, 731: awslogs.RetentionDays_TWO_YEARS,
}

// newLogGroup makes a group of logs that are gone after p.LogDays, and with the stack. Without a name CloudFormation gives one.
func newLogGroup(scope constructs.Construct, id, name string, p Parameters) awslogs.LogGroup {
	props := &awslogs.LogGroupProps{Retention: retentions[p.LogDays], RemovalPolicy: awscdk.RemovalPolicy_DESTROY}
	if name != "" {
		props.LogGroupName = jsii.String(name)
	}
	return awslogs.NewLogGroup(scope, jsii.String(id), props)
}

// writeLogs allows the function to write its log; the group is there before it.
func writeLogs(logs awslogs.LogGroup) awsiam.PolicyStatement {
	return allow(logs.LogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents")
}
