// Package cost computes what the registry costs on AWS: docs/cost.md is made by it. Every price is in
// one table (Prices), what a request takes is held by a test that counts it (functions/paid_test.go),
// and what is only estimated is named on the page.
package cost

import "github.com/boxvault/boxvault/functions/deployment"

// Meter is something that AWS counts and has a price for.
type Meter string

// The meters.
const (
	APIRequest        Meter = "HTTP API: request"
	Invocation        Meter = "Lambda: invocation"
	GBSecond          Meter = "Lambda: GB-second, arm64"
	TableRead         Meter = "DynamoDB: read unit (4 KB)"
	TableWrite        Meter = "DynamoDB: write unit (1 KB)"
	TableGB           Meter = "DynamoDB: GB stored"
	BackupGB          Meter = "DynamoDB: GB kept for point-in-time recovery"
	BucketGB          Meter = "S3: GB stored"
	BucketPut         Meter = "S3: PUT, POST, LIST"
	BucketGet         Meter = "S3: GET"
	BucketOut         Meter = "S3: GB to the internet, first 10 TB"
	EdgeOut           Meter = "CloudFront: GB to the internet, first 10 TB"
	EdgeRequest       Meter = "CloudFront: HTTPS request"
	EdgeFunction      Meter = "CloudFront: invocation of a CloudFront Function"
	QueueRequest      Meter = "SQS: request"
	LogIn             Meter = "CloudWatch: GB of logs written"
	LogGB             Meter = "CloudWatch: GB of logs kept"
	Metric            Meter = "CloudWatch: metric"
	AlarmMonth        Meter = "CloudWatch: alarm"
	DashboardMonth    Meter = "CloudWatch: dashboard"
	KeyMonth          Meter = "KMS: key"
	SecretMonth       Meter = "Secrets Manager: secret"
	ZoneMonth         Meter = "Route 53: hosted zone"
	FirewallMonth     Meter = "WAF: web ACL"
	NATMonth          Meter = "NAT gateway"
	BalancerMonth     Meter = "Load balancer"
	EndpointMonth     Meter = "VPC interface endpoint, in one zone"
	AddressMonth      Meter = "Public IPv4 address"
	TaskMonth         Meter = "Fargate: task of the relay, arm64"
	BalancerUnit      Meter = "Load balancer: capacity unit for an hour"
	EdgeIn            Meter = "CloudFront: GB to an origin"
	ScalingMonth      Meter = "CloudWatch: the two alarms of a scaling policy"
	SubscriptionMonth Meter = "CloudFront: flat-rate plan Pro"
)

// Region and AsOf are where and when the prices hold.
const (
	Region = "us-east-1"
	AsOf   = "November 2026"
)

// Price is a list price in US dollars, without tax.
type Price struct {
	Meter Meter
	USD   float64 // for Per of it
	Per   float64
	// Free is how much of it every account has free each month, for good. What is free for the first
	// year only is not counted. All that the account does shares it.
	Free float64
}

const million = 1e6

// hours are those of a month.
const hours = 730

// What a task of the relay has, in processors and GB; each is paid for by the hour.
const (
	taskCPU = deployment.RelayCPU / 1024.
	taskGB  = deployment.RelayMemory / 1024.
)

// Prices is the one table of prices. They are AWS's list prices; those of what the stacks use were compared with its public
// price pages at AsOf, but for the load balancer's, which are general knowledge. What stays on for a month is taken for its hours.
// Source: aws.amazon.com/pricing, a page for each service.
var Prices = []Price{
	{APIRequest, 1.00, million, 0},
	{Invocation, 0.20, million, 1 * million},
	{GBSecond, 13.3334, million, 400_000},
	{TableRead, 0.125, million, 0},
	{TableWrite, 0.625, million, 0},
	{TableGB, 0.25, 1, 25},
	{BackupGB, 0.20, 1, 0},
	{BucketGB, 0.023, 1, 0},
	{BucketPut, 5.00, million, 0},
	{BucketGet, 0.40, million, 0},
	{BucketOut, 0.09, 1, 100},
	{EdgeOut, 0.085, 1, 1024},
	{EdgeRequest, 1.00, million, 10 * million},
	{EdgeFunction, 0.10, million, 2 * million},
	{QueueRequest, 0.40, million, 1 * million},
	{LogIn, 0.50, 1, 5},
	{LogGB, 0.03, 1, 5},
	{Metric, 0.30, 1, 10},
	{AlarmMonth, 0.10, 1, 10},
	{DashboardMonth, 3.00, 1, 3},
	{KeyMonth, 1.00, 1, 0},
	{SecretMonth, 0.40, 1, 0},
	{ZoneMonth, 0.50, 1, 0},
	{FirewallMonth, 5.00, 1, 0},
	{NATMonth, 32.85, 1, 0},
	{BalancerMonth, 16.43, 1, 0},
	{EndpointMonth, 7.30, 1, 0},
	{AddressMonth, 3.65, 1, 0},
	{TaskMonth, hours * (taskCPU*0.03238 + taskGB*0.00356), 1, 0},
	{BalancerUnit, 0.008, 1, 0},
	{EdgeIn, 0.02, 1, 0},
	{ScalingMonth, 0.20, 1, 0},
	{SubscriptionMonth, 15.00, 1, 0},
}

// PriceOf returns the price of a meter; every meter has one.
func PriceOf(m Meter) Price {
	for _, p := range Prices {
		if p.Meter == m {
			return p
		}
	}
	panic("there is no price of " + string(m))
}

// Of is what an amount costs, in dollars, when nothing of it is free.
func (p Price) Of(amount float64) float64 { return amount * p.USD / p.Per }
