package infra

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/cost"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

const certificateOf = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

// ownName is where CloudFront has the distribution.
const ownName = "https://${BoxVaultEdge.Distribution.DomainName}"

// withEdge synthesizes a small registry behind a distribution.
func withEdge(t *testing.T, change func(*Parameters)) (s synthesized, edge cloud) {
	t.Helper()
	p := Defaults
	p.Edge = "true"
	change(&p)
	groups := []functions.Group{{Name: "files", Rows: []route.Row{
		{Name: "Download", Pattern: "GET /download/{name}", Needs: grant.ReadItems | grant.ReadBlobs | grant.SignLinks | grant.Sign},
		{Name: "List", Pattern: "GET /list", Needs: grant.ReadItems},
	}}}
	s, err := synthesize(groups, p)
	s = must(t, s, err)
	s.app.Synth(nil)
	edge = cloud{map[string]resource{}, map[string]int{}}
	edge.add(t, filepath.Join(s.dir, p.Stack+"Edge.template.json"), nil)
	return s, edge
}

type behaviour struct {
	PathPattern, TargetOriginID, ViewerProtocolPolicy, CachePolicyID, OriginRequestPolicyID, ResponseHeadersPolicyID string
	AllowedMethods, TrustedKeyGroups                                                                                 []string
	FunctionAssociations                                                                                             []struct{ EventType, FunctionARN string }
}

type distributionConfig struct {
	Aliases                 []string
	HTTPVersion, PriceClass string
	Enabled                 bool
	Logging                 any
	ViewerCertificate       map[string]any
	CustomErrorResponses    []struct{ ErrorCode, ErrorCachingMinTTL float64 }
	Origins                 []struct {
		ID, DomainName, OriginAccessControlID string
		CustomOriginConfig                    struct{ OriginProtocolPolicy string }
		OriginCustomHeaders                   []struct{ HeaderName, HeaderValue string }
	}
	DefaultCacheBehavior behaviour
	CacheBehaviors       []behaviour
}

func (c cloud) distribution() distributionConfig {
	found := all[struct{ DistributionConfig distributionConfig }](c, "AWS::CloudFront::Distribution")
	return found[c.only("AWS::CloudFront::Distribution")].DistributionConfig
}

// behaviour returns that of a path.
func (d distributionConfig) behaviour(t *testing.T, pattern string) behaviour {
	t.Helper()
	for _, b := range d.CacheBehaviors {
		if b.PathPattern == pattern {
			return b
		}
	}
	t.Fatalf("no behaviour is for %s: %+v", pattern, d.CacheBehaviors)
	return behaviour{}
}

func TestTheEdgeAnswersToItsDomain(t *testing.T) {
	s, edge := withEdge(t, func(p *Parameters) {
		p.Domain, p.Certificate, p.URL = "boxes.example.com", certificateOf, "https://boxes.example.com"
	})
	d := edge.distribution()
	if !slices.Equal(d.Aliases, []string{"boxes.example.com"}) || d.ViewerCertificate["AcmCertificateArn"] != certificateOf ||
		d.ViewerCertificate["MinimumProtocolVersion"] != "TLSv1.2_2021" || d.HTTPVersion != "http2and3" || d.PriceClass != "PriceClass_100" || !d.Enabled {
		t.Errorf("the distribution is %+v", d)
	}
	if d.Logging != nil { // CloudFront would log queries, in which tokens and signatures are
		t.Errorf("requests are logged: %v", d.Logging)
	}
	if url := edge.parameter("/BoxVault/edge/url"); url != ownName { // which is there before its DNS record
		t.Errorf("functions are told of %q", url)
	}
	// The core is as it is without, but for the rights and the setting that the inspection knows.
	for _, fault := range inspect(s.read(t), s.Parameters, deployment.PerRoute(s.groups)) {
		t.Error(fault)
	}
}

func TestTheEdgeHasANameOfItsOwn(t *testing.T) {
	_, edge := withEdge(t, func(p *Parameters) { p.PriceClass = "All" })
	d := edge.distribution()
	if len(d.Aliases) > 0 || d.ViewerCertificate["CloudFrontDefaultCertificate"] != true || d.PriceClass != "PriceClass_All" {
		t.Errorf("the distribution is %+v", d)
	}
	if url := edge.parameter("/BoxVault/edge/url"); url != ownName {
		t.Errorf("functions are told of %q", url)
	}
}

func (c cloud) parameter(name string) string {
	for _, p := range all[struct{ Name, Value string }](c, "AWS::SSM::Parameter") {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// A link is the whole permission: without one of the key group's nobody gets a file, and CloudFront alone reads
// the bucket.
func TestFilesTakeASignedURL(t *testing.T) {
	s, edge := withEdge(t, func(*Parameters) {})
	d := edge.distribution()
	group := "${" + edge.only("Custom::LinkKeys") + "}"
	b := d.behaviour(t, "/files/*")
	if b.ViewerProtocolPolicy != "https-only" || !slices.Equal(b.TrustedKeyGroups, []string{group}) ||
		!slices.Equal(b.AllowedMethods, []string{"GET", "HEAD"}) || b.OriginRequestPolicyID != "" || b.ResponseHeadersPolicyID == "" {
		t.Errorf("files are answered by %+v", b)
	}
	if edge.parameter("/BoxVault/edge/group") != group {
		t.Errorf("who rotates is told of the key group %q", edge.parameter("/BoxVault/edge/group"))
	}
	for _, o := range d.Origins {
		if o.ID == b.TargetOriginID && (o.OriginAccessControlID == "" || !strings.Contains(o.DomainName, "Bucket")) ||
			o.OriginAccessControlID == "" && o.CustomOriginConfig.OriginProtocolPolicy != "https-only" {
			t.Errorf("the origin is %+v", o)
		}
	}
	raw, err := json.Marshal(all[any](s.read(t), "AWS::S3::BucketPolicy"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"AWS:SourceArn":"arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*"`, `"Action":"s3:GetObject"`, `"Service":"cloudfront.amazonaws.com"`} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("the bucket's policy has no %s: %s", part, raw)
		}
	}
}

// What a token decided is kept for nobody else, and nothing is kept that does not say so.
func TestTheEdgeKeepsNoAnswerOfTheAPI(t *testing.T) {
	_, edge := withEdge(t, func(*Parameters) {})
	d := edge.distribution()
	policies := all[struct{ CachePolicyConfig cachePolicy }](edge, "AWS::CloudFront::CachePolicy")
	of := func(b behaviour) cachePolicy {
		return policies[strings.TrimSuffix(strings.TrimPrefix(b.CachePolicyID, "${"), ".Id}")].CachePolicyConfig
	}
	api, by := of(d.DefaultCacheBehavior), of(d.DefaultCacheBehavior).By
	if api.MinTTL != 0 || api.DefaultTTL != 0 || by.QueryStringsConfig.QueryStringBehavior != "all" ||
		!slices.Contains(by.HeadersConfig.Headers, "Authorization") || !slices.Contains(by.HeadersConfig.Headers, "X-Access-Token") {
		t.Errorf("the API's answers are kept by %+v", api)
	}
	if d.DefaultCacheBehavior.TargetOriginID != "api" || len(d.DefaultCacheBehavior.AllowedMethods) != 7 || d.DefaultCacheBehavior.TrustedKeyGroups != nil {
		t.Errorf("the API is answered by %+v", d.DefaultCacheBehavior)
	}
	for _, kept := range d.CustomErrorResponses {
		if kept.ErrorCachingMinTTL != 0 {
			t.Errorf("a refusal is kept: %+v", kept)
		}
	}
	if len(d.CustomErrorResponses) != 10 || by.EnableAcceptEncodingGzip || by.EnableAcceptEncodingBrotli {
		t.Errorf("other refusals are kept than %+v, or ETags are made weak: %+v", d.CustomErrorResponses, by)
	}
	files := of(d.behaviour(t, "/files/*"))
	if want := []string{"response-content-disposition", "response-content-type"}; !slices.Equal(files.By.QueryStringsConfig.QueryStrings, want) || files.DefaultTTL == 0 {
		t.Errorf("files are kept by %+v", files)
	}
}

type cachePolicy struct {
	MinTTL, DefaultTTL float64
	By                 struct {
		EnableAcceptEncodingGzip, EnableAcceptEncodingBrotli bool
		HeadersConfig                                        struct{ Headers []string }
		QueryStringsConfig                                   struct {
			QueryStringBehavior string
			QueryStrings        []string
		}
	} `json:"ParametersInCacheKeyAndForwardedToOrigin"`
}

// The function that makes keys has rights to nothing else, and no secret is in a template.
func TestTheKeysAreInNoTemplate(t *testing.T) {
	s, edge := withEdge(t, func(*Parameters) {})
	f := edge.functionOf(t, "BoxVault-RotateKeys")
	got := edge.rightsOf(f)
	parameter := "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/BoxVault/edge/"
	logs := strings.TrimSuffix(f.LoggingConfig.LogGroup, "}") + ".Arn}"
	want := []string{
		"cloudfront:CreateKeyGroup *", "cloudfront:CreatePublicKey *", "cloudfront:DeleteKeyGroup *", "cloudfront:DeletePublicKey *",
		"cloudfront:GetKeyGroup *", "cloudfront:GetPublicKey *", "cloudfront:UpdateKeyGroup *",
		"logs:CreateLogStream " + logs, "logs:PutLogEvents " + logs,
		"ssm:DeleteParameter " + parameter + "keys", "ssm:GetParameter " + parameter + "group", "ssm:GetParameter " + parameter + "keys",
		"ssm:PutParameter " + parameter + "keys",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the function may %q, want %q", got, want)
	}
	for _, name := range []string{s.Stack, s.Stack + "Edge"} {
		if raw, err := os.ReadFile(filepath.Join(s.dir, name+".template.json")); err != nil || strings.Contains(string(raw), "PRIVATE KEY") {
			t.Errorf("%s: a private key, %v", name, err)
		}
	}
}

func TestTheEdgeCostsNothingAtRest(t *testing.T) {
	_, edge := withEdge(t, func(*Parameters) {})
	for id, r := range edge.resources {
		if known, ok := cost.Resource(r.Type); !ok || known.USD() > 0 {
			t.Errorf("%s is a %s, which is not known to cost nothing at rest", id, r.Type)
		}
	}
}

// The function of the edge runs in CloudFront's JavaScript, of which Node's has more.
func TestTheEdgeAsksTheBucketForTheKey(t *testing.T) {
	program := stripFiles + `console.log(handler({request: {uri: "/files/abc-1", method: "GET"}}).uri)`
	if out, err := exec.CommandContext(t.Context(), "node", "-e", program).CombinedOutput(); err != nil || string(out) != "/abc-1\n" {
		t.Errorf("the bucket is asked for %s, %v", out, err)
	}
}

func TestWhatCloudFrontWouldRefuseIsRefusedBefore(t *testing.T) {
	for _, c := range []struct {
		context map[string]string
		says    string
	}{
		{map[string]string{"edge": "yes"}, "edge=yes: must be true or false"},
		{map[string]string{"priceClass": "300"}, "priceClass=300: must be 100, 200 or All"},
		{map[string]string{"edge": "true", "relay": "yes"}, "relay=yes: must be true or false"},
		{map[string]string{"relay": "true"}, "relay=true: must be given with edge=true"},
		{map[string]string{"zones": "eu-central-1a,eu-central-1b"}, "must be two zones, like eu-central-1a,eu-central-1b, and relay=true"},
		{map[string]string{"edge": "true", "relay": "true", "zones": "eu-central-1a"}, "zones=eu-central-1a: must be two zones"},
		{map[string]string{"edge": "true", "domain": "https://boxes.example.com"}, "domain=https://boxes.example.com: must be a host name alone"},
		{map[string]string{"edge": "true", "domain": "boxes"}, "domain=boxes: must be a host name alone"},
		{map[string]string{"edge": "true", "domain": "boxes.example.com"}, "--domain-name boxes.example.com --validation-method DNS, and give its ARN"},
		{map[string]string{"domain": "boxes.example.com", "certificate": certificateOf}, "must be given with edge=true"},
		{map[string]string{"edge": "true", "certificate": certificateOf}, "must be given with the domain"},
		{map[string]string{"edge": "true", "domain": "boxes.example.com", "certificate": strings.Replace(certificateOf, "us-east-1", "eu-central-1", 1)}, "has in us-east-1"},
		{map[string]string{"edge": "true", "edgeLogs": "yes"}, "edgeLogs=yes: must be true or false"},
		{map[string]string{"edgeLogs": "true"}, "edgeLogs=true: must be given with edge=true"},
		{map[string]string{"distribution": "E2EXAMPLE1ABCD"}, "given with edge=true"},
		{map[string]string{"edge": "true", "distribution": "d111111abcdef8.cloudfront.net"}, "like E2EXAMPLE1ABCD"},
	} {
		_, err := ReadParameters(func(name string) string { return c.context[name] })
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v gives %v", c.context, err)
		}
	}
	p, err := ReadParameters(func(name string) string {
		return map[string]string{"edge": "true", "domain": "boxes.example.com", "certificate": certificateOf}[name]
	})
	if err != nil || p.URL != "https://boxes.example.com" {
		t.Errorf("the registry's URL is %q, %v", p.URL, err)
	}
}
