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
	props, logs := p.newProps(scope, f.name)
	props.Description = jsii.String(f.about)
	props.Code = awslambda.Code_FromAsset(jsii.String(p.binaries(f.group)), nil)
	props.MemorySize = jsii.Number(deployment.Memory)
	props.Timeout = awscdk.Duration_Seconds(jsii.Number(f.timeout))
	props.Environment = environment(f.told)
	props.Role = newRole(scope, append(f.rights, writeLogs(logs)))
	return awslambda.NewFunction(scope, jsii.String("Function"), props)
}
