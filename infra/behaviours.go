package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
)

const (
	day  = 24 * 60 * 60 // seconds
	year = 365 * day
)

// apiBehaviour keeps only what the API says may be kept (max-age), and apart for everything that an answer
// may hang on: what one token was told, no other is. Where nothing is said, nothing is kept.
func (e edge) apiBehaviour() *awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty {
	return &awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty{
		TargetOriginId:       jsii.String(apiOrigin),
		ViewerProtocolPolicy: jsii.String("redirect-to-https"),
		AllowedMethods:       jsii.Strings("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"),
		CachedMethods:        jsii.Strings("GET", "HEAD"),
		Compress:             jsii.Bool(false), // it would make weak ETags, which If-Match never matches
		CachePolicyId: e.cachePolicy("api", 0, day, &awscloudfront.CfnCachePolicy_QueryStringsConfigProperty{
			QueryStringBehavior: jsii.String("all"),
		}, "Authorization", "X-Access-Token", "Origin", "Accept"),
		// API Gateway tells its APIs apart by Host, so that of the client does not go on.
		OriginRequestPolicyId: awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER().OriginRequestPolicyId(),
	}
}

// filesBehaviour answers signed URLs alone. A key has one content for ever. The policy is no managed one: those
// leave out what S3 is to answer with.
func (e edge) filesBehaviour(keyGroup *string) *awscloudfront.CfnDistribution_CacheBehaviorProperty {
	strip := awscloudfront.NewCfnFunction(e.stack, jsii.String("StripFiles"), &awscloudfront.CfnFunctionProps{
		Name: jsii.String(e.Stack + "-strip-files"), AutoPublish: jsii.Bool(true), FunctionCode: jsii.String(stripFiles),
		FunctionConfig: &awscloudfront.CfnFunction_FunctionConfigProperty{
			Comment: jsii.String("Takes " + cloudfront.Path + " off."), Runtime: jsii.String("cloudfront-js-2.0"),
		},
	})
	return &awscloudfront.CfnDistribution_CacheBehaviorProperty{
		PathPattern:          jsii.String(cloudfront.Path + "*"),
		TargetOriginId:       jsii.String(filesOrigin),
		ViewerProtocolPolicy: jsii.String("https-only"),
		AllowedMethods:       jsii.Strings("GET", "HEAD"),
		CachedMethods:        jsii.Strings("GET", "HEAD"),
		Compress:             jsii.Bool(false),
		TrustedKeyGroups:     &[]*string{keyGroup},
		CachePolicyId: e.cachePolicy("files", day, year, &awscloudfront.CfnCachePolicy_QueryStringsConfigProperty{
			QueryStringBehavior: jsii.String("whitelist"), QueryStrings: jsii.Strings(cloudfront.ContentDisposition, cloudfront.ContentType),
		}),
		ResponseHeadersPolicyId: e.harmless(),
		FunctionAssociations: []any{&awscloudfront.CfnDistribution_FunctionAssociationProperty{
			EventType: jsii.String("viewer-request"), FunctionArn: strip.AttrFunctionArn(),
		}},
	}
}

// cachePolicy says what answers are told apart by and, where they do not say it, how many seconds they are kept.
func (e edge) cachePolicy(
	name string, byDefault, most float64, query *awscloudfront.CfnCachePolicy_QueryStringsConfigProperty, headers ...string,
) *string {
	by := &awscloudfront.CfnCachePolicy_HeadersConfigProperty{HeaderBehavior: jsii.String("none")}
	if len(headers) > 0 {
		by = &awscloudfront.CfnCachePolicy_HeadersConfigProperty{HeaderBehavior: jsii.String("whitelist"), Headers: jsii.Strings(headers...)}
	}
	return awscloudfront.NewCfnCachePolicy(e.stack, jsii.String("Cache-"+name), &awscloudfront.CfnCachePolicyProps{
		CachePolicyConfig: &awscloudfront.CfnCachePolicy_CachePolicyConfigProperty{
			Name: jsii.String(e.Stack + "-" + name), MinTtl: jsii.Number(0), DefaultTtl: jsii.Number(byDefault), MaxTtl: jsii.Number(most),
			ParametersInCacheKeyAndForwardedToOrigin: &awscloudfront.CfnCachePolicy_ParametersInCacheKeyAndForwardedToOriginProperty{
				CookiesConfig:            &awscloudfront.CfnCachePolicy_CookiesConfigProperty{CookieBehavior: jsii.String("none")},
				EnableAcceptEncodingGzip: jsii.Bool(false), EnableAcceptEncodingBrotli: jsii.Bool(false),
				HeadersConfig: by, QueryStringsConfig: query,
			},
		},
	}).AttrId()
}

// refusals are the statuses that CloudFront keeps for ten seconds by itself, most of them whatever Cache-Control says.
// Who is refused, gets the right and asks again would be refused again. Source:
// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html.
func refusals() (list []any) {
	for _, status := range []float64{400, 403, 404, 405, 414, 500, 501, 502, 503, 504} {
		list = append(list, &awscloudfront.CfnDistribution_CustomErrorResponseProperty{
			ErrorCode: jsii.Number(status), ErrorCachingMinTtl: jsii.Number(0),
		})
	}
	return list
}

// harmless keeps what was uploaded from running as a page of the registry, which is at the same distribution, and its
// link, which is the whole permission, from being told to anybody. Pages of any origin may use a link that they have.
func (e edge) harmless() *string {
	return awscloudfront.NewCfnResponseHeadersPolicy(e.stack, jsii.String("Harmless"), &awscloudfront.CfnResponseHeadersPolicyProps{
		ResponseHeadersPolicyConfig: &awscloudfront.CfnResponseHeadersPolicy_ResponseHeadersPolicyConfigProperty{
			Name: jsii.String(e.Stack + "-files"),
			CorsConfig: &awscloudfront.CfnResponseHeadersPolicy_CorsConfigProperty{
				AccessControlAllowCredentials: jsii.Bool(false), OriginOverride: jsii.Bool(true),
				AccessControlAllowOrigins:  &awscloudfront.CfnResponseHeadersPolicy_AccessControlAllowOriginsProperty{Items: jsii.Strings("*")},
				AccessControlAllowMethods:  &awscloudfront.CfnResponseHeadersPolicy_AccessControlAllowMethodsProperty{Items: jsii.Strings("GET", "HEAD")},
				AccessControlAllowHeaders:  &awscloudfront.CfnResponseHeadersPolicy_AccessControlAllowHeadersProperty{Items: jsii.Strings("*")},
				AccessControlExposeHeaders: &awscloudfront.CfnResponseHeadersPolicy_AccessControlExposeHeadersProperty{Items: jsii.Strings("ETag", "Content-Length", "Content-Range", "Content-Disposition")},
			},
			SecurityHeadersConfig: &awscloudfront.CfnResponseHeadersPolicy_SecurityHeadersConfigProperty{
				ContentTypeOptions: &awscloudfront.CfnResponseHeadersPolicy_ContentTypeOptionsProperty{Override: jsii.Bool(true)},
				ContentSecurityPolicy: &awscloudfront.CfnResponseHeadersPolicy_ContentSecurityPolicyProperty{
					ContentSecurityPolicy: jsii.String("default-src 'none'; sandbox"), Override: jsii.Bool(true),
				},
				ReferrerPolicy: &awscloudfront.CfnResponseHeadersPolicy_ReferrerPolicyProperty{
					ReferrerPolicy: jsii.String("no-referrer"), Override: jsii.Bool(true),
				},
			},
		},
	}).AttrId()
}
