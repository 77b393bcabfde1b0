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

func (c core) addGroup(rows functions.Group) {
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
}

// split returns the functions that answer a group's rows.
func (p Parameters) split(rows functions.Group) []deployment.Function {
	if p.Functions == PerGroup {
		return deployment.PerGroup([]functions.Group{rows})
	}
	return deployment.PerRoute([]functions.Group{rows})
}
