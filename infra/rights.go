package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/shared/grant"
)

// statements are the IAM statements of a right, on the stack's own resources and the certificates of
// the account.
func (c core) statements(needs grant.Right) (list []awsiam.PolicyStatement) {
	arns := map[grant.Resource]*string{
		grant.Table:   c.table.TableArn(),
		grant.Bucket:  c.bucket.BucketArn(),
		grant.Objects: c.bucket.ArnForObjects(jsii.String("*")),
		grant.Secret:  parameterArn(c.stack, c.secretParameter()),
		grant.Links:   parameterArn(c.stack, c.edgePath()+"/*"),
		grant.Certificates: c.stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("acm"), Resource: jsii.String("certificate"), ResourceName: jsii.String("*"),
			ArnFormat: awscdk.ArnFormat_SLASH_RESOURCE_NAME,
		}),
		grant.Stream: c.table.TableStreamArn(),
		grant.Queue:  c.queues.work.QueueArn(),
		grant.Mail: c.stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("ses"), Resource: jsii.String("identity"), ResourceName: jsii.String("*"),
		}),
	}
	for _, a := range needs.Allowances() {
		s := allow(arns[a.On], a.Actions...)
		if a.On == grant.Mail { // SES knows an address by itself or by its domain
			s.AddCondition(jsii.String("StringEquals"), map[string]string{"ses:FromAddress": c.MailFrom})
		}
		list = append(list, s)
	}
	return list
}

// parameterArn is the ARN of an SSM parameter, or of all that a pattern means.
func parameterArn(stack awscdk.Stack, name string) *string {
	return stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("ssm"), Resource: jsii.String("parameter"), ResourceName: jsii.String(strings.TrimPrefix(name, "/")),
	})
}

func allow(arn *string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(actions...),
		Resources: &[]*string{arn},
	})
}
