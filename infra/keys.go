package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/settings"
)

// newTokenKeys has the first key made that tokens are signed with, unless there is one. The keys are in no template: the
// function keeps them in SSM, where they stay when the stack is deleted.
func (c core) newTokenKeys() {
	scope := constructs.NewConstruct(c.stack, jsii.String("TokenKeys"))
	keys := c.secretParameter()
	f := c.newCalled(scope, called{
		name: deployment.RotateTokenKeys, group: deployment.KeysGroup, timeout: deployment.KeysTimeout,
		about: deployment.TokenKeysSummary,
		told:  settings.Settings{SecretParameter: keys},
		rights: []awsiam.PolicyStatement{
			allow(parameterArn(c.stack, keys), "ssm:GetParameter", "ssm:PutParameter"),
			allow(parameterArn(c.stack, keys+settings.SecretLock), "ssm:GetParameter", "ssm:PutParameter"),
		},
	})
	c.addOutput(deployment.RotateTokenKeys, f.FunctionName())
	awscdk.NewCustomResource(scope, jsii.String("Keys"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::TokenKeys"),
		ServiceToken: f.FunctionArn(),
	})
}
