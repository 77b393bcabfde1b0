package cost

// AtRest says what a type of CloudFormation's resources costs in a month in which nobody uses it.
type AtRest struct {
	Type string
	// Meter is what is paid for as long as the resource is there; empty: nothing is.
	Meter Meter
	// Used is what is paid for when it is used, in words; empty: nothing is.
	Used string
}

// USD is the price of one such resource for a month at rest.
func (a AtRest) USD() float64 {
	if a.Meter == "" {
		return 0
	}
	return PriceOf(a.Meter).Of(1)
}

// Resources are the types that are known. The stacks may have no other (infra holds them against
// this table), and none that costs at rest but by a parameter that asks for it.
var Resources = []AtRest{
	{"AWS::ApiGatewayV2::Api", "", "requests"},
	{"AWS::ApiGatewayV2::ApiMapping", "", ""},
	{"AWS::ApiGatewayV2::DomainName", "", ""},
	{"AWS::ApiGatewayV2::Integration", "", ""},
	{"AWS::ApiGatewayV2::Route", "", ""},
	{"AWS::ApiGatewayV2::Stage", "", ""},
	{"AWS::ApplicationAutoScaling::ScalableTarget", "", ""},
	{"AWS::ApplicationAutoScaling::ScalingPolicy", ScalingMonth, ""},
	{"AWS::CDK::Metadata", "", ""},
	{"AWS::CertificateManager::Certificate", "", ""},
	{"AWS::CloudFormation::CustomResource", "", "its function, when it is deployed"},
	{"AWS::CloudFormation::Stack", "", ""},
	{"AWS::CloudFront::CachePolicy", "", ""},
	{"AWS::CloudFront::CloudFrontOriginAccessIdentity", "", ""},
	{"AWS::CloudFront::Distribution", "", "requests, bytes"},
	{"AWS::CloudFront::Function", "", "invocations"},
	{"AWS::CloudFront::KeyGroup", "", ""},
	{"AWS::CloudFront::OriginAccessControl", "", ""},
	{"AWS::CloudFront::OriginRequestPolicy", "", ""},
	{"AWS::CloudFront::PublicKey", "", ""},
	{"AWS::CloudFront::ResponseHeadersPolicy", "", ""},
	{"AWS::CloudFront::VpcOrigin", "", "bytes"},
	{"AWS::CloudWatch::Alarm", AlarmMonth, ""},
	{"AWS::CloudWatch::Dashboard", DashboardMonth, ""},
	{"AWS::DynamoDB::Table", "", "units, GB and their backups"},
	{"AWS::EC2::EIP", AddressMonth, ""},
	{"AWS::EC2::InternetGateway", "", ""},
	{"AWS::EC2::NatGateway", NATMonth, "bytes"},
	{"AWS::EC2::Route", "", ""},
	{"AWS::EC2::RouteTable", "", ""},
	{"AWS::EC2::SecurityGroup", "", ""},
	{"AWS::EC2::SecurityGroupEgress", "", ""},
	{"AWS::EC2::SecurityGroupIngress", "", ""},
	{"AWS::EC2::Subnet", "", ""},
	{"AWS::EC2::SubnetRouteTableAssociation", "", ""},
	{"AWS::EC2::VPC", "", ""},
	{"AWS::EC2::VPCEndpoint", EndpointMonth, "bytes; a gateway endpoint costs nothing"},
	{"AWS::EC2::VPCGatewayAttachment", "", ""},
	{"AWS::ECS::Cluster", "", ""},
	{"AWS::ECS::Service", TaskMonth, "more tasks; the address of each, see the relay"},
	{"AWS::ECS::TaskDefinition", "", ""},
	{"AWS::ElasticLoadBalancingV2::Listener", "", ""},
	{"AWS::ElasticLoadBalancingV2::LoadBalancer", BalancerMonth, "capacity units"},
	{"AWS::ElasticLoadBalancingV2::TargetGroup", "", ""},
	{"AWS::Events::Rule", "", ""},
	{"AWS::IAM::Policy", "", ""},
	{"AWS::IAM::Role", "", ""},
	{"AWS::KMS::Key", KeyMonth, "requests"},
	{"AWS::Lambda::EventSourceMapping", "", "requests to the queue, whether messages come or not: within what is free"},
	{"AWS::Lambda::Function", "", "invocations, GB-seconds"},
	{"AWS::Lambda::Permission", "", ""},
	{"AWS::Lambda::Version", "", ""},
	{"AWS::Logs::Delivery", "", ""},
	{"AWS::Logs::DeliveryDestination", "", ""},
	{"AWS::Logs::DeliverySource", "", ""},
	{"AWS::Logs::LogGroup", "", "GB"},
	{"AWS::PricingPlanManager::Subscription", SubscriptionMonth, ""},
	{"AWS::Route53::HostedZone", ZoneMonth, "queries"},
	{"AWS::Route53::RecordSet", "", ""},
	{"AWS::S3::Bucket", "", "requests, GB, bytes"},
	{"AWS::S3::BucketPolicy", "", ""},
	{"AWS::SNS::Subscription", "", "mails beyond 1,000 a month"},
	{"AWS::SNS::Topic", "", "messages beyond a million a month"},
	{"AWS::SNS::TopicPolicy", "", ""},
	{"AWS::SQS::Queue", "", "requests"},
	{"AWS::SQS::QueuePolicy", "", ""},
	{"AWS::SSM::Parameter", "", ""},
	{"AWS::SecretsManager::Secret", SecretMonth, "requests"},
	{"AWS::WAFv2::WebACL", FirewallMonth, "rules, requests"},
	{"Custom::EdgeMark", "", "its function, when it is deployed"},
	{"Custom::EdgePages", "", "its function, when it is deployed"},
	{"Custom::LinkKeys", "", "its function, when it is deployed"},
	{"Custom::PrefixList", "", "its function, when it is deployed"},
	{"Custom::TokenKeys", "", "its function, when it is deployed"},
}

// Resource returns what is known of a type; ok is false when nothing is.
func Resource(kind string) (known AtRest, ok bool) {
	for _, r := range Resources {
		if r.Type == kind {
			return r, true
		}
	}
	return AtRest{}, false
}
