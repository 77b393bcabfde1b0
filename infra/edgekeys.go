package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/settings"
)

// newKeys makes the function that makes the keys, has it make the first one, and returns the id of the key
// group. The keys are in no template: the function keeps them in SSM.
func (e edge) newKeys() (keyGroup *string) {
	scope := constructs.NewConstruct(e.stack, jsii.String("Keys"))
	f := e.newCalled(scope, called{
		name: deployment.RotateKeys, group: deployment.KeysGroup, timeout: deployment.KeysTimeout,
		about: "Makes the keys that links to files are signed with, and rotates them.",
		told:  settings.Settings{Edge: e.edgePath()}, rights: e.keysRights(),
	})
	e.addOutput("RotateKeys", f.FunctionName())
	return awscdk.NewCustomResource(scope, jsii.String("Group"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::LinkKeys"),
		ServiceToken: f.FunctionArn(),
	}).Ref()
}

// keysRights are what the function needs. CloudFront has no rights to one public key or key group:
// docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html.
func (e edge) keysRights() []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		allow(parameterArn(e.stack, e.edgePath()+settings.EdgeGroup), "ssm:GetParameter"),
		allow(parameterArn(e.stack, e.edgePath()+settings.EdgeKeys), "ssm:GetParameter", "ssm:PutParameter", "ssm:DeleteParameter"),
		allow(jsii.String("*"),
			"cloudfront:CreatePublicKey", "cloudfront:GetPublicKey", "cloudfront:DeletePublicKey",
			"cloudfront:CreateKeyGroup", "cloudfront:GetKeyGroup", "cloudfront:UpdateKeyGroup", "cloudfront:DeleteKeyGroup"),
	}
}
