package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
)

// period is how long a value of a metric is gathered, in seconds.
const period = 300

// oldest is an age in seconds that no message of the queue reaches as long as somebody takes messages: it
// waits for a quarter of an hour at the most, and is given up after so many tries.
const oldest = 15*60 + deployment.Receives*deployment.Hidden

// metric is one that AWS keeps by itself, so that it costs nothing.
type metric struct {
	namespace, name, statistic string
	// of is the dimension's name, and which its value. Empty is the account. One is all that they need, but for those of
	// CloudFront, which also have Region, Global.
	of    string
	which *string
}

// alarm is told of when a value is above a bound. docs/operations.md says what to do about each.
type alarm struct {
	name, about string
	metric      metric
	above       float64
}

// watched reports whether alarms and a dashboard are wanted. Both are paid for by the month, also while
// nobody uses the registry, so the default is none.
func (p Parameters) watched() bool { return p.Alarms == "true" || p.AlarmMail != "" }

// alarms are what somebody has to look at. Functions that answer requests have one for all of them,
// the faults of the API: an alarm for each of hundreds would cost more than all the rest.
func (c core) alarms() []alarm {
	list := []alarm{
		{"ApiFaults", "Requests are answered 5xx", c.apiMetric("5xx", "Sum"), 5},
		{"Throttles", "Lambda has no room for more executions in this account", account("Throttles", "Sum"), 10},
		{"QueueAge", "Work waits, and nobody takes it", queueMetric("ApproximateAgeOfOldestMessage", c.queues.work.QueueName()), float64(oldest)},
		{"DeadLetters", "Work was given up", queueMetric("ApproximateNumberOfMessagesVisible", c.queues.dead.QueueName()), 0},
		{"TableReadThrottles", "The table turns reads away", c.tableMetric("ReadThrottleEvents"), 10},
		{"TableWriteThrottles", "The table turns writes away", c.tableMetric("WriteThrottleEvents"), 10},
	}
	for _, f := range deployment.Behind() {
		list = append(list, alarm{f.Name + "Errors", f.Name + " died, or ran out of time", c.errorsOf(f), 0})
	}
	return list
}

// account is a metric of all functions of the account, which is what their common limit is about.
func account(name, statistic string) metric { return metric{"AWS/Lambda", name, statistic, "", nil} }

func (c core) apiMetric(name, statistic string) metric {
	return metric{"AWS/ApiGateway", name, statistic, "ApiId", c.api.Ref()}
}

func (c core) tableMetric(name string) metric {
	return metric{"AWS/DynamoDB", name, "Sum", "TableName", c.table.TableName()}
}

func (c core) errorsOf(f deployment.Function) metric {
	return metric{"AWS/Lambda", "Errors", "Sum", "FunctionName", jsii.String(c.Stack + "-" + f.Name)}
}

func queueMetric(name string, queue *string) metric {
	return metric{"AWS/SQS", name, "Maximum", "QueueName", queue}
}

// addAlarms makes the alarms, and the topic that they are told to.
func (c core) addAlarms() {
	scope := constructs.NewConstruct(c.stack, jsii.String("Alarms"))
	topic := c.newTopic(scope)
	for _, a := range c.alarms() {
		c.newAlarm(scope, a, topic)
	}
	c.addOutput("AlarmTopic", topic)
}

// newTopic makes a topic for alarms of the same region.
func (p Parameters) newTopic(scope constructs.Construct) *string {
	return awssns.NewCfnTopic(scope, jsii.String("Topic"), &awssns.CfnTopicProps{Subscription: p.subscriber()}).Ref()
}

func (p Parameters) newAlarm(scope constructs.Construct, a alarm, topic *string) awscloudwatch.CfnAlarm {
	return awscloudwatch.NewCfnAlarm(scope, jsii.String(a.name), &awscloudwatch.CfnAlarmProps{
		AlarmName:          jsii.String(p.Stack + "-" + a.name),
		AlarmDescription:   jsii.String(a.about + ": see docs/operations.md."),
		Namespace:          jsii.String(a.metric.namespace),
		MetricName:         jsii.String(a.metric.name),
		Dimensions:         a.metric.dimensions(),
		Statistic:          jsii.String(a.metric.statistic),
		Period:             jsii.Number(period),
		EvaluationPeriods:  jsii.Number(1),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		Threshold:          jsii.Number(a.above),
		TreatMissingData:   jsii.String("notBreaching"), // nobody asked, so nothing is wrong
		AlarmActions:       &[]any{topic},
		OkActions:          &[]any{topic},
	})
}

func (p Parameters) subscriber() any {
	if p.AlarmMail == "" {
		return nil
	}
	return &[]any{&awssns.CfnTopic_SubscriptionProperty{Protocol: jsii.String("email"), Endpoint: jsii.String(p.AlarmMail)}}
}

func (m metric) dimensions() any {
	if m.of == "" {
		return nil
	}
	list := []any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(m.of), Value: m.which}}
	if m.namespace == ofCloudFront {
		list = append(list, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String("Region"), Value: jsii.String("Global")})
	}
	return &list
}
