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

// called is a function that CloudFormation calls, or a person: of no row, and not of the janitor.
type called struct {
	name, about string
	group       string  // the folder whose binary runs
	timeout     float64 // seconds
	told        settings.Settings
	rights      []awsiam.PolicyStatement
}

func (p Parameters) newCalled(scope constructs.Construct, f called) awslambda.Function {
	name := p.Stack + "-" + f.name
	logs := newLogGroup(scope, "Logs", "/aws/lambda/"+name, p)
	env := map[string]*string{}
	for name, value := range f.told.Environment() {
		env[name] = jsii.String(value)
	}
	return awslambda.NewFunction(scope, jsii.String("Function"), &awslambda.FunctionProps{
		FunctionName: jsii.String(name),
		Description:  jsii.String(f.about),
		Runtime:      awslambda.NewRuntime(jsii.String(deployment.Runtime), awslambda.RuntimeFamily_OTHER, nil),
		Architecture: awslambda.Architecture_Custom(jsii.String(deployment.Architecture), nil),
		Handler:      jsii.String(deployment.Handler),
		Code:         awslambda.Code_FromAsset(jsii.String(p.binaries(f.group)), nil),
		MemorySize:   jsii.Number(deployment.Memory),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(f.timeout)),
		Environment:  &env,
		LogGroup:     logs,
		Role:         newRole(scope, append(f.rights, writeLogs(logs))),
	})
}
