package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/customresources"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
)

// newNetwork makes the network of the relay alone, in two zones: tasks have addresses of their own instead of a NAT,
// which would cost more than all else; the balancer's subnets have no way to the internet or from it. Table
// and bucket are reached by gateways, which cost nothing.
func (r relay) newNetwork() awsec2.Vpc {
	tasks := &[]*awsec2.SubnetSelection{{SubnetType: awsec2.SubnetType_PUBLIC}}
	props := &awsec2.VpcProps{
		IpAddresses: awsec2.IpAddresses_Cidr(jsii.String("10.0.0.0/24")),
		MaxAzs:      jsii.Number(2),
		NatGateways: jsii.Number(0),
		SubnetConfiguration: &[]*awsec2.SubnetConfiguration{
			{Name: jsii.String("Tasks"), SubnetType: awsec2.SubnetType_PUBLIC, CidrMask: jsii.Number(26), MapPublicIpOnLaunch: jsii.Bool(false)},
			{Name: jsii.String("Balancer"), SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED, CidrMask: jsii.Number(26)},
		},
		GatewayEndpoints: &map[string]*awsec2.GatewayVpcEndpointOptions{
			"Bucket": {Service: awsec2.GatewayVpcEndpointAwsService_S3(), Subnets: tasks},
			"Table":  {Service: awsec2.GatewayVpcEndpointAwsService_DYNAMODB(), Subnets: tasks},
		},
		RestrictDefaultSecurityGroup: jsii.Bool(false), // nothing is in it, and restricting it takes one more function
	}
	if r.Zones != "" {
		props.AvailabilityZones, props.MaxAzs = jsii.Strings(strings.Split(r.Zones, ",")...), nil
	}
	return awsec2.NewVpc(r.stack, jsii.String("Network"), props)
}

// newBalancer makes the load balancer. It has no address on the internet: CloudFront reaches it as a VPC origin, which is
// what AWS advises and takes no secret that both would know. Source:
// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html.
func (r relay) newBalancer() awselasticloadbalancingv2.ApplicationLoadBalancer {
	group := r.newSecurityGroup("FromCloudFront", "The load balancer of the relay")
	group.AddIngressRule(awsec2.Peer_PrefixList(r.cloudFrontAddresses()), awsec2.Port_Tcp(jsii.Number(80)), jsii.String("CloudFront"), nil)
	return awselasticloadbalancingv2.NewApplicationLoadBalancer(r.stack, jsii.String("Balancer"), &awselasticloadbalancingv2.ApplicationLoadBalancerProps{
		Vpc:                     r.network,
		InternetFacing:          jsii.Bool(false),
		VpcSubnets:              &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED},
		SecurityGroup:           group,
		IdleTimeout:             awscdk.Duration_Seconds(jsii.Number(deployment.RelayIdle.Seconds())),
		DropInvalidHeaderFields: jsii.Bool(true),
	})
}

func (r relay) newSecurityGroup(id, about string) awsec2.SecurityGroup {
	return awsec2.NewSecurityGroup(r.stack, jsii.String(id), &awsec2.SecurityGroupProps{
		Vpc: r.network, AllowAllOutbound: jsii.Bool(false), Description: jsii.String(about),
	})
}

// cloudFrontAddresses is the id of AWS's list of the addresses that CloudFront asks origins from. It is another in each
// region, and has to be looked for while the stack is deployed.
func (r relay) cloudFrontAddresses() *string {
	const found = "PrefixLists.0.PrefixListId"
	return customresources.NewAwsCustomResource(r.stack, jsii.String("CloudFrontAddresses"), &customresources.AwsCustomResourceProps{
		ResourceType: jsii.String("Custom::PrefixList"),
		OnUpdate: &customresources.AwsSdkCall{ // and when it is made
			Service: jsii.String("EC2"),
			Action:  jsii.String("describeManagedPrefixLists"),
			Parameters: map[string]any{"Filters": []map[string]any{{
				"Name": "prefix-list-name", "Values": []string{"com.amazonaws.global.cloudfront.origin-facing"},
			}}},
			OutputPaths:        jsii.Strings(found),
			PhysicalResourceId: customresources.PhysicalResourceId_FromResponse(jsii.String(found)),
		},
		Policy: customresources.AwsCustomResourcePolicy_FromStatements(&[]awsiam.PolicyStatement{
			allow(jsii.String("*"), "ec2:DescribeManagedPrefixLists"),
		}),
		InstallLatestAwsSdk: jsii.Bool(false),
		// The CDK's function may make a group that was deleted anew, with its last words: one of a name of ours could not
		// be made again.
		LogGroup: newLogGroup(r.stack, "CloudFrontAddressesLogs", "", r.Parameters),
	}).GetResponseField(jsii.String(found))
}

// lead has the balancer hand requests to the task that has the fewest under way.
func (r relay) lead(service awsecs.FargateService) awselasticloadbalancingv2.ApplicationListener {
	listener := r.balancer.AddListener(jsii.String("Http"), &awselasticloadbalancingv2.BaseApplicationListenerProps{
		Port: jsii.Number(80), Protocol: awselasticloadbalancingv2.ApplicationProtocol_HTTP, Open: jsii.Bool(false),
	})
	listener.AddTargets(jsii.String("Tasks"), &awselasticloadbalancingv2.AddApplicationTargetsProps{
		Port:                       jsii.Number(deployment.RelayPort),
		Protocol:                   awselasticloadbalancingv2.ApplicationProtocol_HTTP,
		Targets:                    &[]awselasticloadbalancingv2.IApplicationLoadBalancerTarget{service},
		LoadBalancingAlgorithmType: awselasticloadbalancingv2.TargetGroupLoadBalancingAlgorithmType_LEAST_OUTSTANDING_REQUESTS,
		DeregistrationDelay:        awscdk.Duration_Seconds(jsii.Number(deployment.RelayDrain.Seconds())),
		HealthCheck: &awselasticloadbalancingv2.HealthCheck{
			Path: jsii.String(deployment.RelayHealth), HealthyHttpCodes: jsii.String("204"),
			Interval: awscdk.Duration_Seconds(jsii.Number(15)), HealthyThresholdCount: jsii.Number(2),
		},
	})
	return listener
}
