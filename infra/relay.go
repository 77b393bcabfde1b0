package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
)

// relay is the stack of the one service beside the functions, which takes uploads of any size. CloudFront leads to it
// the paths of the rows that are relayed. It is the only one that costs while nobody uses it.
type relay struct {
	core
	answers  deployment.Relay
	stack    awscdk.Stack
	network  awsec2.Vpc
	balancer awselasticloadbalancingv2.ApplicationLoadBalancer
	origin   awscloudfront.CfnVpcOrigin
}

// relayOrigin is the id of the distribution's origin.
const relayOrigin = "relay"

// relayWait is how many seconds CloudFront waits for the answer once it has sent a body, the most there is.
// RelayIdle is longer, so that it is CloudFront that gives up.
const relayWait = 120

// newRelay returns nil where none is asked for.
func newRelay(app constructs.Construct, c core, groups []functions.Group) *relay {
	if !c.hasRelay() {
		return nil
	}
	r := relay{core: c, answers: deployment.RelayOf(groups), stack: awscdk.NewStack(app, jsii.String(c.Stack+"Relay"), &awscdk.StackProps{
		Description: jsii.String("The service of BoxVault that takes uploads of any size."),
	})}
	c.tellRelay()
	r.stack.AddStackDependency(c.stack, jsii.String("it is told the table and the bucket"))
	r.table = awsdynamodb.Table_FromTableName(r.stack, jsii.String("Table"), r.told("RelayTable"))
	r.bucket = awss3.Bucket_FromBucketName(r.stack, jsii.String("Bucket"), r.told("RelayBucket"))
	r.network = r.newNetwork()
	r.balancer = r.newBalancer()
	service := r.newService()
	listener := r.lead(service)
	r.origin = awscloudfront.NewCfnVpcOrigin(r.stack, jsii.String("Origin"), &awscloudfront.CfnVpcOriginProps{
		VpcOriginEndpointConfig: &awscloudfront.CfnVpcOrigin_VpcOriginEndpointConfigProperty{
			Name: jsii.String(c.Stack + "-Relay"), Arn: r.balancer.LoadBalancerArn(),
			HttpPort: jsii.Number(80), HttpsPort: jsii.Number(443), OriginProtocolPolicy: jsii.String("http-only"),
		},
	})
	r.origin.Node().AddDependency(listener)
	for _, subnet := range *r.network.PublicSubnets() {
		r.origin.Node().AddDependency(subnet.InternetConnectivityEstablished())
		service.Node().AddDependency(subnet.InternetConnectivityEstablished())
	}
	return &r
}

// hasRelay reports whether there is a service for uploads of any size.
func (p Parameters) hasRelay() bool { return p.Relay == "true" }

// tellRelay leaves the names of table and bucket in SSM. The relay imports nothing: what it imports could not change while it
// is there, and a table that was restored has another name.
func (c core) tellRelay() {
	tell := func(id string, value *string) {
		awsssm.NewCfnParameter(c.stack, jsii.String(id), &awsssm.CfnParameterProps{
			Name: jsii.String(c.relayPath(id)), Type: jsii.String("String"), Value: value, Description: jsii.String("What the relay uses."),
		})
	}
	tell("RelayTable", c.table.TableName())
	tell("RelayBucket", c.bucket.BucketName())
}

func (p Parameters) relayPath(id string) string { return "/" + p.Stack + "/relay/" + id }

// told reads what tellRelay left, when the relay's stack is deployed.
func (r relay) told(id string) *string {
	return awsssm.StringParameter_ValueForStringParameter(r.stack, jsii.String(r.relayPath(id)), nil)
}

// relayOrigins is the balancer, which CloudFront reaches inside AWS alone.
func (e edge) relayOrigins() []any {
	if e.relay == nil {
		return nil
	}
	return []any{&awscloudfront.CfnDistribution_OriginProperty{
		Id:         jsii.String(relayOrigin),
		DomainName: e.relay.balancer.LoadBalancerDnsName(),
		VpcOriginConfig: &awscloudfront.CfnDistribution_VpcOriginConfigProperty{
			VpcOriginId: e.relay.origin.AttrId(), OriginReadTimeout: jsii.Number(relayWait),
		},
	}}
}

// relayBehaviours lead the relay's paths to it, with the Host that the client asked for and what CloudFront knows of
// the client. Nothing of it is kept.
func (e edge) relayBehaviours() (list []any) {
	if e.relay == nil {
		return nil
	}
	for _, path := range e.relay.answers.Paths {
		list = append(list, &awscloudfront.CfnDistribution_CacheBehaviorProperty{
			PathPattern:           jsii.String(path),
			TargetOriginId:        jsii.String(relayOrigin),
			ViewerProtocolPolicy:  jsii.String("redirect-to-https"),
			AllowedMethods:        jsii.Strings("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"),
			CachedMethods:         jsii.Strings("GET", "HEAD"),
			Compress:              jsii.Bool(false),
			CachePolicyId:         awscloudfront.CachePolicy_CACHING_DISABLED().CachePolicyId(),
			OriginRequestPolicyId: awscloudfront.OriginRequestPolicy_ALL_VIEWER_AND_CLOUDFRONT_2022().OriginRequestPolicyId(),
		})
	}
	return list
}
