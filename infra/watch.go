package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

const (
	// edgeRegion is where CloudFront has its metrics, and takes a wish for logs from. Source:
	// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html.
	edgeRegion   = "us-east-1"
	ofCloudFront = "AWS/CloudFront"
)

// edgeFields are what is logged of a request to the distribution. Neither path nor query nor Referer are: they may
// hold an access token, one that was sent by mail, or the signature of a link. The behaviour says what was asked for.
var edgeFields = []string{
	"date", "time", "x-edge-request-id", "c-ip", "cs-method", "cache-behavior-path-pattern", "x-host-header", "cs-protocol", "sc-status",
	"sc-bytes", "cs-bytes", "time-taken", "time-to-first-byte", "x-edge-location", "x-edge-result-type", "x-edge-detailed-result-type",
	"sc-content-type", "cs(User-Agent)", "ssl-protocol", "cs-protocol-version",
}

// newWatch makes the stack in edgeRegion with the logs and the alarm of the distribution, where they are asked for. It needs no
// set-up of the CDK there. CloudFormation cannot tell a stack what another has in another region, so it
// is told of the distribution by a parameter.
func newWatch(app constructs.Construct, p Parameters) {
	logged := p.EdgeLogs == "true"
	if p.Distribution == "" || !logged && !p.watched() {
		return
	}
	stack := awscdk.NewStack(app, jsii.String(p.Stack+"EdgeWatch"), &awscdk.StackProps{
		Description: jsii.String("Logs and alarm of the CloudFront distribution in front of BoxVault."),
		Env:         &awscdk.Environment{Region: jsii.String(edgeRegion)},
		Synthesizer: awscdk.NewBootstraplessSynthesizer(nil),
	})
	if logged {
		p.logEdge(stack)
	}
	if p.watched() {
		faults := alarm{"EdgeFaults", "CloudFront answers 5xx", p.edgeMetric("5xxErrorRate", "Average"), 5}
		topic := p.newTopic(stack)
		p.newAlarm(stack, faults, topic).SetEvaluationPeriods(jsii.Number(3)) // one of two requests would be half of them
		core{stack: stack}.addOutput("AlarmTopic", topic)
	}
}

func (p Parameters) edgeMetric(name, statistic string) metric {
	return metric{ofCloudFront, name, statistic, "DistributionId", jsii.String(p.Distribution)}
}

// logEdge has CloudFront write what it is asked to a group of logs.
func (p Parameters) logEdge(stack awscdk.Stack) {
	name := jsii.String(p.Stack + "-edge")
	logs := newLogGroup(stack, "Logs", "/aws/vendedlogs/"+p.Stack+"/edge", p)
	source := awslogs.NewCfnDeliverySource(stack, jsii.String("Source"), &awslogs.CfnDeliverySourceProps{
		Name: name, LogType: jsii.String("ACCESS_LOGS"), ResourceArn: stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("cloudfront"), Region: jsii.String(""), Resource: jsii.String("distribution"), ResourceName: jsii.String(p.Distribution),
		}),
	})
	destination := awslogs.NewCfnDeliveryDestination(stack, jsii.String("Destination"), &awslogs.CfnDeliveryDestinationProps{
		Name: name, OutputFormat: jsii.String("json"), DestinationResourceArn: logs.LogGroupArn(),
	})
	awslogs.NewCfnDelivery(stack, jsii.String("Delivery"), &awslogs.CfnDeliveryProps{
		DeliverySourceName: source.Ref(), DeliveryDestinationArn: destination.AttrArn(), RecordFields: jsii.Strings(edgeFields...),
	})
}
