package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/settings"
)

// newKeysFunction makes a function that makes keys and rotates them. Which ones, its environment says.
func (p Parameters) newKeysFunction(scope constructs.Construct, name, about string, told settings.Settings, rights []awsiam.PolicyStatement) awslambda.Function {
	name = p.Stack + "-" + name
	logs := newLogGroup(scope, "Logs", "/aws/lambda/"+name, p)
	env := map[string]*string{}
	for name, value := range told.Environment() {
		env[name] = jsii.String(value)
	}
	return awslambda.NewFunction(scope, jsii.String("Function"), &awslambda.FunctionProps{
		FunctionName: jsii.String(name),
		Description:  jsii.String(about),
		Runtime:      awslambda.NewRuntime(jsii.String(deployment.Runtime), awslambda.RuntimeFamily_OTHER, nil),
		Architecture: awslambda.Architecture_Custom(jsii.String(deployment.Architecture), nil),
		Handler:      jsii.String(deployment.Handler),
		Code:         awslambda.Code_FromAsset(jsii.String(p.binaries(deployment.KeysGroup)), nil),
		MemorySize:   jsii.Number(deployment.Memory),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(deployment.KeysTimeout)),
		Environment:  &env,
		LogGroup:     logs,
		Role:         newRole(scope, append(rights, writeLogs(logs))),
	})
}

// newTokenKeys has the first key made that tokens are signed with, unless there is one. The keys are in no template: the
// function keeps them in SSM, where they stay when the stack is deleted.
func (c core) newTokenKeys() {
	scope := constructs.NewConstruct(c.stack, jsii.String("TokenKeys"))
	keys := c.secretParameter()
	f := c.newKeysFunction(scope, deployment.RotateTokenKeys, deployment.TokenKeysSummary, settings.Settings{SecretParameter: keys}, []awsiam.PolicyStatement{
		allow(parameterArn(c.stack, keys), "ssm:GetParameter", "ssm:PutParameter"),
		allow(parameterArn(c.stack, keys+settings.SecretLock), "ssm:GetParameter", "ssm:PutParameter"),
	})
	c.addOutput(deployment.RotateTokenKeys, f.FunctionName())
	awscdk.NewCustomResource(scope, jsii.String("Keys"), &awscdk.CustomResourceProps{
		ResourceType: jsii.String("Custom::TokenKeys"),
		ServiceToken: f.FunctionArn(),
	})
}
