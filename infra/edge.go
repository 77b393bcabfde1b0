package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/settings"
)

// edge is the stack in front of the core: a distribution whose default is the API, with the box files
// below cloudfront.Path. The core does not know it but by the parameters that it leaves in SSM, so that either
// can be deployed and deleted while the other runs.
type edge struct {
	core
	relay *relay // nil where there is none
	stack awscdk.Stack
}

// The ids of the distribution's origins.
const (
	apiOrigin   = "api"
	filesOrigin = "files"
	siteOrigin  = "site"
)

func newEdge(app constructs.Construct, c core, r *relay) {
	e := edge{c, r, awscdk.NewStack(app, jsii.String(c.Stack+"Edge"), &awscdk.StackProps{
		Description: jsii.String("The CloudFront distribution in front of BoxVault."),
	})}
	keyGroup, site := e.newKeys(), e.newSite()
	distribution := awscloudfront.NewCfnDistribution(e.stack, jsii.String("Distribution"), &awscloudfront.CfnDistributionProps{
		DistributionConfig: e.distribution(keyGroup, site),
	})
	e.openSite(site, distribution)
	// Links lead to the distribution's own name: it is there before anybody made a DNS record, and what was
	// uploaded is at another host than the registry.
	own := jsii.String("https://" + *distribution.AttrDomainName())
	e.tell("Url", settings.EdgeURL, own, "Where links to box files lead to.")
	e.tell("KeyGroup", settings.EdgeGroup, keyGroup, "The key group of CloudFront that RotateKeys keeps.")
	e.addOutput("EdgeUrl", e.reachedAt(own))
	e.addOutput("Distribution", distribution.Ref())
	e.addOutput("DistributionDomain", distribution.AttrDomainName())
}

// tell leaves a parameter in SSM, for functions.
func (e edge) tell(id, name string, value *string, about string) {
	awsssm.NewCfnParameter(e.stack, jsii.String(id), &awsssm.CfnParameterProps{
		Name: jsii.String(e.edgePath() + name), Type: jsii.String("String"), Value: value, Description: jsii.String(about),
	})
}

// addOutput adds an output to the edge's own stack.
func (e edge) addOutput(name string, value *string) {
	core{stack: e.stack}.addOutput(name, value)
}

// openToEdge lets the distributions of this account read the bucket; that of one alone would make the core
// need the edge, which needs the core. Who may list is answered 404 for what is not there, and not 403.
func (c core) openToEdge() {
	add := c.bucketPolicy()
	allowed := func(action string, on *string) {
		add(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudfront.amazonaws.com"), nil)},
			Actions:    jsii.Strings(action),
			Resources:  &[]*string{on},
			Conditions: &map[string]any{"ArnLike": map[string]*string{"AWS:SourceArn": c.stack.FormatArn(&awscdk.ArnComponents{
				Service: jsii.String("cloudfront"), Region: jsii.String(""), Resource: jsii.String("distribution"), ResourceName: jsii.String("*"),
			})}},
		}))
	}
	allowed("s3:GetObject", c.bucket.ArnForObjects(jsii.String("*")))
	allowed("s3:ListBucket", c.bucket.BucketArn())
}

// bucketPolicy returns what adds to the policy of the bucket. One that is given by name has none of the stack's, as it may
// be anybody's; behind an edge it gets that of a bucket which is made here.
func (c core) bucketPolicy() (add func(awsiam.PolicyStatement)) {
	if c.Bucket == "" {
		return func(s awsiam.PolicyStatement) { c.bucket.AddToResourcePolicy(s) }
	}
	policy := awss3.NewBucketPolicy(c.stack, jsii.String("BucketPolicy"), &awss3.BucketPolicyProps{Bucket: c.bucket}).Document()
	policy.AddStatements(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Effect:     awsiam.Effect_DENY,
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions:    jsii.Strings("s3:*"),
		Resources:  &[]*string{c.bucket.BucketArn(), c.bucket.ArnForObjects(jsii.String("*"))},
		Conditions: &map[string]any{"Bool": map[string]string{"aws:SecureTransport": "false"}},
	}))
	return func(s awsiam.PolicyStatement) { policy.AddStatements(s) }
}

func (e edge) distribution(keyGroup *string, site awss3.IBucket) *awscloudfront.CfnDistribution_DistributionConfigProperty {
	return &awscloudfront.CfnDistribution_DistributionConfigProperty{
		Comment:           jsii.String(e.Stack),
		Enabled:           jsii.Bool(true),
		Aliases:           e.aliases(),
		ViewerCertificate: e.certificate(),
		HttpVersion:       jsii.String("http2and3"),
		Ipv6Enabled:       jsii.Bool(true),
		PriceClass:        jsii.String("PriceClass_" + e.PriceClass),
		Origins: append([]any{
			e.apiOrigin(e.setUp(site)), e.bucketOrigin(filesOrigin, "BucketAccess", e.bucket), e.bucketOrigin(siteOrigin, "SiteAccess", site),
		}, e.relayOrigins()...),
		DefaultCacheBehavior: e.apiBehaviour(),
		CacheBehaviors:       append([]any{e.filesBehaviour(keyGroup), e.siteBehaviour()}, e.relayBehaviours()...),
		CustomErrorResponses: refusals(),
	}
}

// reachedAt is how clients reach the registry through the distribution.
func (e edge) reachedAt(own *string) *string {
	if e.Domain == "" {
		return own
	}
	return jsii.String("https://" + e.Domain)
}

func (e edge) aliases() *[]*string {
	if e.Domain == "" {
		return nil
	}
	return jsii.Strings(e.Domain)
}

// certificate is that of the domain. Which versions of TLS a name of CloudFront's own takes is not for us
// to say.
func (e edge) certificate() *awscloudfront.CfnDistribution_ViewerCertificateProperty {
	if e.Domain == "" {
		return &awscloudfront.CfnDistribution_ViewerCertificateProperty{CloudFrontDefaultCertificate: jsii.Bool(true)}
	}
	return &awscloudfront.CfnDistribution_ViewerCertificateProperty{
		AcmCertificateArn:      jsii.String(e.Certificate),
		SslSupportMethod:       jsii.String("sni-only"),
		MinimumProtocolVersion: jsii.String("TLSv1.2_2021"),
	}
}

// apiOrigin is the API, which knows the distribution by its mark. CloudFront puts that in the place of what a viewer
// sent by the same name.
func (e edge) apiOrigin(mark *string) *awscloudfront.CfnDistribution_OriginProperty {
	return &awscloudfront.CfnDistribution_OriginProperty{
		Id:         jsii.String(apiOrigin),
		DomainName: jsii.String(*e.api.Ref() + ".execute-api." + *e.stack.Region() + "." + *e.stack.UrlSuffix()),
		CustomOriginConfig: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{
			OriginProtocolPolicy: jsii.String("https-only"), OriginSslProtocols: jsii.Strings("TLSv1.2"),
		},
		OriginCustomHeaders: []any{&awscloudfront.CfnDistribution_OriginCustomHeaderProperty{
			HeaderName: jsii.String(settings.EdgeHeader), HeaderValue: mark,
		}},
	}
}

// bucketOrigin is a bucket, which CloudFront signs its requests to. Access is the id of the resource that says so.
func (e edge) bucketOrigin(id, access string, bucket awss3.IBucket) *awscloudfront.CfnDistribution_OriginProperty {
	control := awscloudfront.NewCfnOriginAccessControl(e.stack, jsii.String(access), &awscloudfront.CfnOriginAccessControlProps{
		OriginAccessControlConfig: &awscloudfront.CfnOriginAccessControl_OriginAccessControlConfigProperty{
			Name:                          jsii.String(e.Stack + "-" + id),
			OriginAccessControlOriginType: jsii.String("s3"), SigningBehavior: jsii.String("always"), SigningProtocol: jsii.String("sigv4"),
		},
	})
	return &awscloudfront.CfnDistribution_OriginProperty{
		Id:                    jsii.String(id),
		DomainName:            bucket.BucketRegionalDomainName(),
		OriginAccessControlId: control.AttrId(),
		S3OriginConfig:        &awscloudfront.CfnDistribution_S3OriginConfigProperty{OriginAccessIdentity: jsii.String("")},
	}
}

// stripFiles takes cloudfront.Path off, since keys in the bucket have no such beginning. It runs after the signature
// was checked.
var stripFiles = `function handler(event) {
  event.request.uri = event.request.uri.slice("` + cloudfront.Path + `".length - 1);
  return event.request;
}
`
