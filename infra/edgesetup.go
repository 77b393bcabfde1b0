package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	edgefunction "github.com/boxvault/boxvault/functions/edge"
	"github.com/boxvault/boxvault/shared/settings"
	"github.com/boxvault/boxvault/web"
)

// setUp makes the function that fills the bucket of the pages, has it do so, and returns the mark by which the API knows
// the distribution. That is in no template: CloudFormation gets it from the function, which keeps it in SSM.
func (e edge) setUp(site awss3.IBucket) (mark *string) {
	scope := constructs.NewConstruct(e.stack, jsii.String("SetUp"))
	f := e.newCalled(scope, called{
		name: deployment.SetUpEdge, group: deployment.EdgeGroup, timeout: deployment.EdgeTimeout,
		about: "Puts the pages into their bucket, and makes the mark by which the API knows the distribution.",
		told:  settings.Settings{Edge: e.edgePath()}, rights: e.setUpRights(site),
	})
	awscdk.NewCustomResource(scope, jsii.String("Pages"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String(edgefunction.Pages), ServiceToken: f.FunctionArn(),
		Properties: &map[string]any{"Bucket": site.BucketName(), "Version": web.Version()},
	})
	return awscdk.NewCustomResource(scope, jsii.String("Mark"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String(edgefunction.Mark), ServiceToken: f.FunctionArn(),
	}).GetAttString(jsii.String("Mark"))
}

func (e edge) setUpRights(site awss3.IBucket) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		allow(site.BucketArn(), "s3:ListBucket"),
		allow(site.ArnForObjects(jsii.String("*")), "s3:PutObject", "s3:DeleteObject"),
		allow(parameterArn(e.stack, e.edgePath()+settings.EdgeMark), "ssm:GetParameter", "ssm:PutParameter", "ssm:DeleteParameter"),
	}
}
