package infra

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/web"
)

// The bucket is read by this distribution alone, and has gone when the stack has.
func TestThePagesAreReadByTheDistributionAlone(t *testing.T) {
	_, edge := withEdge(t, func(*Parameters) {})
	site := edge.only("AWS::S3::Bucket")
	if r := edge.resources[site]; r.DeletionPolicy != "Delete" {
		t.Errorf("the bucket of the pages is %+v", r)
	}
	policy := all[struct{ PolicyDocument policyDocument }](edge, "AWS::S3::BucketPolicy")[edge.only("AWS::S3::BucketPolicy")].PolicyDocument
	allowed := slices.DeleteFunc(policy.Statement, func(s statement) bool { return s.Effect != "Allow" })
	own := "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${" + edge.only("AWS::CloudFront::Distribution") + "}"
	if len(allowed) != 1 || !slices.Equal(allowed[0].Action, []string{"s3:GetObject"}) || !strings.Contains(onlyIf(allowed[0].Condition), "AWS:SourceArn:"+own) {
		t.Errorf("the bucket lets %+v", allowed)
	}
	d := edge.distribution()
	b := d.behaviour(t, "/ui/*")
	if b.ViewerProtocolPolicy != "redirect-to-https" || !slices.Equal(b.AllowedMethods, []string{"GET", "HEAD"}) || b.OriginRequestPolicyID != "" || b.TrustedKeyGroups != nil {
		t.Errorf("pages are answered by %+v", b)
	}
	for _, o := range d.Origins {
		if o.ID == b.TargetOriginID && (o.OriginAccessControlID == "" || !strings.HasPrefix(o.DomainName, "${"+site+".")) {
			t.Errorf("the origin is %+v", o)
		}
	}
}

// Tokens of letters are in the query: pages are not kept by it, and S3 is not told.
func TestTheQueryOfAPageStaysAtTheEdge(t *testing.T) {
	_, edge := withEdge(t, func(*Parameters) {})
	b := edge.distribution().behaviour(t, "/ui/*")
	policy := all[struct{ CachePolicyConfig cachePolicy }](edge, "AWS::CloudFront::CachePolicy")[strings.TrimSuffix(strings.TrimPrefix(b.CachePolicyID, "${"), ".Id}")].CachePolicyConfig
	if policy.By.QueryStringsConfig.QueryStringBehavior != "none" || policy.DefaultTTL != 0 || policy.MinTTL != 0 {
		t.Errorf("pages are kept by %+v", policy)
	}
}

type headersPolicy struct {
	ResponseHeadersPolicyConfig struct {
		CustomHeadersConfig struct {
			Items []struct{ Header, Value string }
		}
		SecurityHeadersConfig struct {
			ContentTypeOptions      struct{ Override bool }
			ContentSecurityPolicy   struct{ ContentSecurityPolicy string }
			ReferrerPolicy          struct{ ReferrerPolicy string }
			StrictTransportSecurity struct{ AccessControlMaxAgeSec float64 }
		}
	}
}

// headers are those that CloudFront makes of the policy.
func (p headersPolicy) headers() http.Header {
	with, security := p.ResponseHeadersPolicyConfig.CustomHeadersConfig, p.ResponseHeadersPolicyConfig.SecurityHeadersConfig
	h := http.Header{
		"Content-Security-Policy":   {security.ContentSecurityPolicy.ContentSecurityPolicy},
		"Referrer-Policy":           {security.ReferrerPolicy.ReferrerPolicy},
		"Strict-Transport-Security": {fmt.Sprintf("max-age=%.0f", security.StrictTransportSecurity.AccessControlMaxAgeSec)},
	}
	if security.ContentTypeOptions.Override {
		h.Set("X-Content-Type-Options", "nosniff")
	}
	for _, item := range with.Items {
		h.Set(item.Header, item.Value)
	}
	return h
}

// A page tells browsers the same wherever it comes from.
func TestPagesOfTheEdgeHaveTheHeadersOfTheAPI(t *testing.T) {
	_, edge := withEdge(t, func(*Parameters) {})
	id := strings.TrimSuffix(strings.TrimPrefix(edge.distribution().behaviour(t, "/ui/*").ResponseHeadersPolicyID, "${"), ".Id}")
	got := as[headersPolicy](edge.resources[id].Properties).headers()
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/ui/", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	route.Secure(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", web.Policy)
	})).ServeHTTP(w, r)
	if !reflect.DeepEqual(got, w.Header()) {
		t.Errorf("the edge says %v, the API %v", got, w.Header())
	}
}

// The function of the edge runs in CloudFront's JavaScript, of which Node's has more. CloudFront takes 10 KB of it.
func TestTheEdgeFindsThePagesThatTheAPIFinds(t *testing.T) {
	want := map[string]string{"none": "", "index.html": "", "missing": "", "ui/": "", "constructor": "", "organizations/": "", "organizations/a/b": "", "..": "", "//": ""}
	for address := range web.Addresses() {
		f, _ := web.Find(address)
		want[address] = "/" + f.Name
	}
	want["organizations/acme"], want["organizations/a%20b"] = "/organizations.html", "/organizations.html"
	addresses := slices.Sorted(maps.Keys(want))
	program := findPage() + "console.log(JSON.stringify(" + literal(addresses) + `.map(a => handler({request: {uri: "/ui/" + a, method: "GET"}}))))`
	out, err := exec.CommandContext(t.Context(), "node", "-e", program).CombinedOutput()
	var got []struct {
		URI, Body  string
		StatusCode int
		Headers    map[string]struct{ Value string }
	}
	if err != nil || json.Unmarshal(out, &got) != nil || len(got) != len(addresses) {
		t.Fatalf("%v: %s", err, out)
	}
	for i, address := range addresses {
		if missing := want[address] == ""; got[i].URI != want[address] || missing != (got[i].StatusCode == 404) || missing && got[i].Body != string(web.Missing().Body) {
			t.Errorf("%q leads to %+v, want %q", address, got[i], want[address])
		}
	}
	if n := len(findPage()); n > 10_000 {
		t.Errorf("the function has %d bytes", n)
	}
}

// What fills the bucket has rights to it and the mark, and the mark is in no template.
func TestTheMarkIsInNoTemplate(t *testing.T) {
	_, edge := withEdge(t, func(*Parameters) {})
	f := edge.functionOf(t, "BoxVault-SetUpEdge")
	site, logs := "${"+edge.only("AWS::S3::Bucket")+".Arn}", strings.TrimSuffix(f.LoggingConfig.LogGroup, "}")+".Arn}"
	mark := "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/BoxVault/edge/mark"
	want := []string{
		"logs:CreateLogStream " + logs, "logs:PutLogEvents " + logs,
		"s3:DeleteObject " + site + "/*", "s3:ListBucket " + site, "s3:PutObject " + site + "/*",
		"ssm:DeleteParameter " + mark, "ssm:GetParameter " + mark, "ssm:PutParameter " + mark,
	}
	if got := edge.rightsOf(f); !slices.Equal(got, want) {
		t.Errorf("the function may %q, want %q", got, want)
	}
	for _, o := range edge.distribution().Origins {
		var sent []string
		for _, h := range o.OriginCustomHeaders {
			sent = append(sent, h.HeaderName+": "+h.HeaderValue)
		}
		if o.ID == apiOrigin && !slices.Equal(sent, []string{"X-Boxvault-Edge: ${" + edge.only("Custom::EdgeMark") + ".Mark}"}) || o.ID != apiOrigin && sent != nil {
			t.Errorf("%s is sent %q", o.ID, sent)
		}
	}
	pages := edge.resources[edge.only("Custom::EdgePages")].Properties
	if pages["Version"] != web.Version() || pages["Bucket"] != "${"+edge.only("AWS::S3::Bucket")+"}" {
		t.Errorf("the pages are %v", pages)
	}
}
