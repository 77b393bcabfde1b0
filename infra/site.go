package infra

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/web"
)

// newSite makes the bucket of the pages. It has nothing of the users, so it goes with the stack.
func (e edge) newSite() awss3.Bucket {
	return awss3.NewBucket(e.stack, jsii.String("Site"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_DESTROY,
	})
}

// openSite lets this distribution, and nobody else, read the pages.
func (e edge) openSite(site awss3.Bucket, distribution awscloudfront.CfnDistribution) {
	site.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudfront.amazonaws.com"), nil)},
		Actions:    jsii.Strings("s3:GetObject"),
		Resources:  &[]*string{site.ArnForObjects(jsii.String("*"))},
		Conditions: &map[string]any{"StringEquals": map[string]*string{"AWS:SourceArn": e.stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("cloudfront"), Region: jsii.String(""), Resource: jsii.String("distribution"), ResourceName: distribution.Ref(),
		})}},
	}))
}

// siteBehaviour answers with pages. The query, where tokens of letters are, stays with CloudFront: it is neither
// what answers are kept by nor sent on.
func (e edge) siteBehaviour() *awscloudfront.CfnDistribution_CacheBehaviorProperty {
	find := awscloudfront.NewCfnFunction(e.stack, jsii.String("FindPage"), &awscloudfront.CfnFunctionProps{
		Name: jsii.String(e.Stack + "-find-page"), AutoPublish: jsii.Bool(true), FunctionCode: jsii.String(findPage()),
		FunctionConfig: &awscloudfront.CfnFunction_FunctionConfigProperty{
			Comment: jsii.String("Finds the file at an address below " + web.Prefix), Runtime: jsii.String("cloudfront-js-2.0"),
		},
	})
	return &awscloudfront.CfnDistribution_CacheBehaviorProperty{
		PathPattern:          jsii.String(web.Prefix + "*"),
		TargetOriginId:       jsii.String(siteOrigin),
		ViewerProtocolPolicy: jsii.String("redirect-to-https"),
		AllowedMethods:       jsii.Strings("GET", "HEAD"),
		CachedMethods:        jsii.Strings("GET", "HEAD"),
		Compress:             jsii.Bool(false),
		CachePolicyId: e.cachePolicy("site", 0, day, &awscloudfront.CfnCachePolicy_QueryStringsConfigProperty{
			QueryStringBehavior: jsii.String("none"),
		}),
		ResponseHeadersPolicyId: e.pageHeaders(),
		FunctionAssociations: []any{&awscloudfront.CfnDistribution_FunctionAssociationProperty{
			EventType: jsii.String("viewer-request"), FunctionArn: find.AttrFunctionArn(),
		}},
	}
}

// resourcePolicy and strictTransport are what route.Secure says of every answer, in the same words; a test compares.
const (
	resourcePolicy  = "same-origin"
	strictTransport = year // seconds
)

// pageHeaders are those that the API gives its pages.
func (e edge) pageHeaders() *string {
	return awscloudfront.NewCfnResponseHeadersPolicy(e.stack, jsii.String("PageHeaders"), &awscloudfront.CfnResponseHeadersPolicyProps{
		ResponseHeadersPolicyConfig: &awscloudfront.CfnResponseHeadersPolicy_ResponseHeadersPolicyConfigProperty{
			Name: jsii.String(e.Stack + "-pages"),
			CustomHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_CustomHeadersConfigProperty{Items: []any{
				&awscloudfront.CfnResponseHeadersPolicy_CustomHeaderProperty{
					Header: jsii.String("Cross-Origin-Resource-Policy"), Value: jsii.String(resourcePolicy), Override: jsii.Bool(true),
				},
			}},
			SecurityHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_SecurityHeadersConfigProperty{
				ContentTypeOptions: &awscloudfront.CfnResponseHeadersPolicy_ContentTypeOptionsProperty{Override: jsii.Bool(true)},
				ContentSecurityPolicy: &awscloudfront.CfnResponseHeadersPolicy_ContentSecurityPolicyProperty{
					ContentSecurityPolicy: jsii.String(web.Policy), Override: jsii.Bool(true),
				},
				ReferrerPolicy: &awscloudfront.CfnResponseHeadersPolicy_ReferrerPolicyProperty{
					ReferrerPolicy: jsii.String("no-referrer"), Override: jsii.Bool(true),
				},
				StrictTransportSecurity: &awscloudfront.CfnResponseHeadersPolicy_StrictTransportSecurityProperty{
					AccessControlMaxAgeSec: jsii.Number(strictTransport), IncludeSubdomains: jsii.Bool(false), Override: jsii.Bool(true),
				},
			},
		},
	}).AttrId()
}

// findPage is the function of the edge that knows the addresses, as web.Find does. Where there is no page it answers
// by itself: what the bucket says then is nothing for people.
func findPage() string {
	missing := web.Missing()
	return "var names = " + literal(web.Addresses()) + `;
var missing = {statusCode: 404, statusDescription: "Not Found", body: ` + literal(string(missing.Body)) + `, headers: {
  "content-type": {value: ` + literal(missing.ContentType) + `}, "cache-control": {value: ` + literal(missing.CacheControl()) + `},
  "content-security-policy": {value: ` + literal(web.Policy) + `}, "referrer-policy": {value: "no-referrer"},
  "x-content-type-options": {value: "nosniff"}
}};
function handler(event) {
  var address = event.request.uri.slice(` + literal(len(web.Prefix)) + `);
  if (/^` + web.Organizations + `\/[^/]+$/.test(address)) address = "` + web.Organizations + `";
  if (!Object.prototype.hasOwnProperty.call(names, address)) return missing;
  event.request.uri = "/" + names[address];
  return event.request;
}
`
}

// literal is the value in JavaScript.
func literal(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // of texts and numbers
	}
	return string(raw)
}
