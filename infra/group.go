package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
)

// group is a nested stack with the functions of one group of rows. A group has its own from the
// start and keeps it: a route that moved from one stack to another would be made there before it
// is gone here, and API Gateway refuses a second route with the same key.
type group struct {
	core
	// routes is the scope of the routes: their logical ids come from their keys and not from the
	// function, so that a row that got another name takes its route over.
	routes constructs.Construct
	code   awslambda.Code
}

// groupsAtATime is how many groups' stacks are made at a time. API Gateway takes ten changes a second of an account, for
// which CloudFormation would else ask with all groups at once. Source: docs.aws.amazon.com/apigateway/latest/developerguide/limits.html.
const groupsAtATime = 3

func (c core) addGroups(groups []functions.Group) {
	var made []awscdk.NestedStack
	for i, g := range groups {
		made = append(made, c.addGroup(g))
		if i >= groupsAtATime {
			made[i].AddStackDependency(made[i-groupsAtATime], nil)
		}
	}
}

func (c core) addGroup(rows functions.Group) awscdk.NestedStack {
	nested := awscdk.NewNestedStack(c.stack, jsii.String(rows.Name), nil)
	g := group{
		core:   c,
		routes: constructs.NewConstruct(nested, jsii.String("Routes")),
		code:   awslambda.Code_FromAsset(jsii.String(c.binaries(rows.Name)), nil),
	}
	for _, f := range c.split(rows) {
		scope := constructs.NewConstruct(nested, jsii.String(f.Name))
		g.lead(scope, f, g.newFunction(scope, f))
	}
	return nested
}

// split returns the functions that answer a group's rows.
func (p Parameters) split(rows functions.Group) []deployment.Function {
	if p.Functions == PerGroup {
		return deployment.PerGroup([]functions.Group{rows})
	}
	return deployment.PerRoute([]functions.Group{rows})
}
