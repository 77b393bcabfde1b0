package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/settings"
)

// newProps is what all functions have in common: where they run, under which name, and where they log.
func (p Parameters) newProps(scope constructs.Construct, name string) (*awslambda.FunctionProps, awslogs.LogGroup) {
	name = p.Stack + "-" + name
	logs := newLogGroup(scope, "Logs", "/aws/lambda/"+name, p)
	return &awslambda.FunctionProps{
		FunctionName: jsii.String(name),
		Runtime:      awslambda.NewRuntime(jsii.String(deployment.Runtime), awslambda.RuntimeFamily_OTHER, nil),
		Architecture: awslambda.Architecture_Custom(jsii.String(deployment.Architecture), nil),
		Handler:      jsii.String(deployment.Handler),
		LogGroup:     logs,
	}, logs
}

func (g group) newFunction(scope constructs.Construct, f deployment.Function) awslambda.Function {
	props, logs := g.newProps(scope, f.Name)
	props.Description = jsii.String(f.Description)
	props.Code = g.code
	props.MemorySize = jsii.Number(f.Memory)
	props.Timeout = awscdk.Duration_Seconds(jsii.Number(f.Timeout))
	props.Environment = g.environment(f)
	props.Role = g.newRole(scope, f, logs)
	props.ReservedConcurrentExecutions = g.reservedFor(f.Name)
	if f.On == behind.Messages {
		// Work that is hours away goes back to the queue every 15 minutes, which after 16 times Lambda would end as a loop.
		// Source: docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html.
		props.RecursiveLoop = awslambda.RecursiveLoop_ALLOW
	}
	return awslambda.NewFunction(scope, jsii.String("Function"), props)
}

// newRole makes the function's own role. The policy is part of it, and not a managed one: those
// allow logs of every name.
func (c core) newRole(scope constructs.Construct, f deployment.Function, logs awslogs.LogGroup) awsiam.Role {
	if !c.hasEdge() {
		f.Needs &^= grant.SignLinks
	}
	rights := append(c.statements(f.Needs), writeLogs(logs))
	if c.hasEdge() && f.On == "" { // cloud.Viewers
		rights = append(rights, allow(parameterArn(c.stack, c.edgePath()+settings.EdgeMark), "ssm:GetParameter"))
	}
	return newRole(scope, rights)
}

func newRole(scope constructs.Construct, statements []awsiam.PolicyStatement) awsiam.Role {
	return newRoleFor(scope, "lambda.amazonaws.com", statements)
}

// newRoleFor makes a role that a service of AWS takes.
func newRoleFor(scope constructs.Construct, service string, statements []awsiam.PolicyStatement) awsiam.Role {
	return awsiam.NewRole(scope, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String(service), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"needs": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
		},
	})
}

func (c core) environment(f deployment.Function) *map[string]*string {
	s := c.settings()
	s.Route = f.Route
	if f.On != "" {
		s.Queue = *c.queues.work.QueueUrl()
	}
	return environment(s)
}

// settings are those that are the same for all that answer requests.
func (c core) settings() settings.Settings {
	return settings.Settings{
		Table:           *c.table.TableName(),
		Bucket:          *c.bucket.BucketName(),
		URL:             c.URL,
		SecretParameter: c.secretParameter(),
		Signup:          c.Signup,
		Limits:          c.Limits,
		S3Endpoint:      c.S3Endpoint,
		MailFrom:        c.MailFrom,
		Mirrors:         c.Mirrors,
		Edge:            c.edgePath(),
	}
}

func environment(s settings.Settings) *map[string]*string {
	env := map[string]*string{}
	for name, value := range s.Environment() {
		env[name] = jsii.String(value)
	}
	return &env
}
