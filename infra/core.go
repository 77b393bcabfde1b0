// Package infra is the registry on AWS, as a CDK app. The functions, their rights and the routes
// come from the rows; nothing about a route is written here.
package infra

import (
	"errors"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions"
)

// core is the stack that runs the registry alone: table, bucket, API, queue and functions. It has nothing
// that an emulator cannot deploy.
type core struct {
	Parameters
	stack  awscdk.Stack
	table  awsdynamodb.ITable
	bucket awss3.IBucket
	api    awsapigatewayv2.CfnApi
	queues queues
}

// NewCore adds the core stack to an app. It returns an error when the parameters are wrong or a
// group's binary was not built.
func NewCore(app constructs.Construct, groups []functions.Group, p Parameters) (awscdk.Stack, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if err := errors.Join(p.checkReserved(groups), p.checkBuilt(groups)); err != nil {
		return nil, err
	}
	stack := awscdk.NewStack(app, jsii.String(p.Stack), &awscdk.StackProps{
		Description: jsii.String("BoxVault, a registry for Vagrant boxes that costs nothing while nobody uses it."),
	})
	c := core{
		Parameters: p,
		stack:      stack,
		table:      tableOf(stack, p),
		bucket:     bucketOf(stack, p),
		api:        newAPI(stack, p),
		queues:     newQueues(stack),
	}
	c.addGroups(groups)
	c.addBehind()
	c.newTokenKeys()
	if p.watched() {
		c.addAlarms()
		c.addDashboard()
	}
	c.addOutputs()
	if p.hasEdge() {
		c.openToEdge()
		newEdge(app, c, newRelay(app, c, groups))
		newWatch(app, p)
	}
	return stack, nil
}

func (c core) addOutputs() {
	c.addOutput("ApiUrl", c.api.AttrApiEndpoint())
	c.addOutput("Table", c.table.TableName())
	c.addOutput("Bucket", c.bucket.BucketName())
	c.addOutput("Queue", c.queues.work.QueueUrl())
	c.addOutput("DeadLetters", c.queues.dead.QueueUrl())
}

// addOutput gives the output its name: Table, Bucket and Queue are taken as ids by what they are of.
func (c core) addOutput(name string, value *string) {
	output := awscdk.NewCfnOutput(c.stack, jsii.String(name+"Output"), &awscdk.CfnOutputProps{Value: value})
	output.OverrideLogicalId(jsii.String(name))
}
