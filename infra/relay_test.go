package infra

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// uploads is a small registry with uploads through it.
var uploads = []functions.Group{{Name: "files", Rows: []route.Row{
	{Name: "Upload", Pattern: "POST /box/{name}/file", Needs: grant.ReadItems | grant.WriteItems | grant.WriteBlobs, Relayed: true},
	{Name: "Info", Pattern: "GET /box/{name}/file", Needs: grant.ReadItems | grant.ReadBlobs},
	{Name: "Delete", Pattern: "DELETE /boxes/{name}", Needs: grant.DeleteBlobs},
}}}

// withRelay synthesizes it behind a distribution, with its relay, and returns the resources of both stacks.
func withRelay(t *testing.T, change func(*Parameters)) (s synthesized, c cloud) {
	t.Helper()
	p := Defaults
	p.Edge, p.Relay = "true", "true"
	change(&p)
	s, err := synthesize(uploads, p)
	s = must(t, s, err)
	s.app.Synth(nil)
	c = cloud{map[string]resource{}, map[string]int{}}
	for _, stack := range []string{"Edge", "Relay"} {
		c.add(t, filepath.Join(s.dir, p.Stack+stack+".template.json"), nil)
	}
	return s, c
}

// relayed is one that nothing was chosen for.
func relayed(t *testing.T) (synthesized, cloud) {
	return withRelay(t, func(*Parameters) {})
}

// The paths of the rows, and no other, with the Host that links are made of and what CloudFront knows of the client.
func TestCloudFrontLeadsUploadsToTheRelay(t *testing.T) {
	s, c := relayed(t)
	var paths []string
	for _, b := range c.distribution().CacheBehaviors {
		if b.TargetOriginID != "relay" {
			continue
		}
		paths = append(paths, b.PathPattern)
		if len(b.AllowedMethods) != 7 || b.ViewerProtocolPolicy != "redirect-to-https" || b.TrustedKeyGroups != nil ||
			b.CachePolicyID != "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" || // keeps nothing
			b.OriginRequestPolicyID != "33f36d7e-f396-46d9-90e0-52428a34d9dc" { // AllViewerAndCloudFrontHeaders-2022-06
			t.Errorf("uploads are led by %+v", b)
		}
	}
	if want := deployment.RelayOf(uploads).Paths; !slices.Equal(paths, want) {
		t.Errorf("led to the relay are %q, want %q", paths, want)
	}
	raw := c.properties(t, "AWS::CloudFront::Distribution")
	if !strings.Contains(raw, `"VpcOriginConfig":{"OriginReadTimeout":120,"VpcOriginId":"${BoxVaultRelay:`) {
		t.Errorf("the distribution has no origin in the relay's network: %s", raw)
	}
	// The core is as it is without.
	for _, fault := range inspect(s.read(t), s.Parameters, deployment.PerRoute(s.groups)) {
		t.Error(fault)
	}
}

// properties are those of all resources of a type, as one text.
func (c cloud) properties(t *testing.T, kind string) string {
	t.Helper()
	raw, err := json.Marshal(all[any](c, kind))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

type securityRule struct {
	GroupID, CidrIP, SourcePrefixListID, SourceSecurityGroupID string
	FromPort, ToPort                                           int
}

// What anybody could ask past CloudFront would be believed about who asks.
func TestNobodyButCloudFrontReachesTheRelay(t *testing.T) {
	_, c := relayed(t)
	balancer := c.properties(t, "AWS::ElasticLoadBalancingV2::LoadBalancer")
	if !strings.Contains(balancer, `"Scheme":"internal"`) || !strings.Contains(balancer, "NetworkBalancerSubnet") || strings.Contains(balancer, "NetworkTasksSubnet") {
		t.Errorf("the balancer is %s", balancer)
	}
	for id, r := range all[struct{ RouteTableID string }](c, "AWS::EC2::Route") {
		if !strings.Contains(r.RouteTableID, "NetworkTasksSubnet") {
			t.Errorf("%s leads from the balancer's subnets to the internet", id)
		}
	}
	list := "${" + c.only("Custom::PrefixList") + ".PrefixLists.0.PrefixListId}"
	rules := all[securityRule](c, "AWS::EC2::SecurityGroupIngress")
	for id, r := range rules {
		fromCloudFront := strings.Contains(r.GroupID, "FromCloudFront") && r.SourcePrefixListID == list && r.FromPort == 80 && r.ToPort == 80
		fromBalancer := strings.Contains(r.GroupID, "FromBalancer") && strings.Contains(r.SourceSecurityGroupID, "FromCloudFront") &&
			r.FromPort == deployment.RelayPort && r.ToPort == deployment.RelayPort
		if fromCloudFront == fromBalancer || r.CidrIP != "" {
			t.Errorf("%s lets in %+v", id, r)
		}
	}
	if groups := c.properties(t, "AWS::EC2::SecurityGroup"); len(rules) != 2 || strings.Contains(groups, "SecurityGroupIngress") {
		t.Errorf("%d rules let in, and groups %s", len(rules), groups)
	}
	if service := c.properties(t, "AWS::ECS::Service"); !strings.Contains(service, "NetworkTasksSubnet") || !strings.Contains(service, `"AssignPublicIp":"ENABLED"`) {
		t.Errorf("without a NAT tasks need addresses of their own: %s", service)
	}
}

// The task may do what its rows need, and nothing else; what ECS may to start it has no more either.
func TestTheRelayMayDoWhatItsRowsNeed(t *testing.T) {
	s, c := relayed(t)
	var got []string
	for _, p := range all[iamRole](c, "AWS::IAM::Role")[c.idOf("AWS::IAM::Role", "TaskRole")].Policies {
		for _, st := range p.PolicyDocument.Statement {
			got = append(got, st.Action...)
		}
	}
	want := []string{}
	for _, a := range deployment.RelayOf(uploads).Needs.Allowances() {
		want = append(want, a.Actions...)
	}
	if !slices.Equal(got, want) || slices.Contains(got, "s3:DeleteObject") {
		t.Errorf("the relay may %q, want %q", got, want)
	}
	var starts []string
	for id, p := range all[struct{ PolicyDocument policyDocument }](c, "AWS::IAM::Policy") {
		if strings.Contains(id, "ExecutionRole") {
			for _, st := range p.PolicyDocument.Statement {
				starts = append(starts, st.Action...)
			}
		}
	}
	slices.Sort(starts)
	if want := []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
		"logs:CreateLogStream", "logs:PutLogEvents"}; !slices.Equal(starts, want) {
		t.Errorf("who starts it may %q, want %q", starts, want)
	}
	raw, err := os.ReadFile(filepath.Join(s.dir, "BoxVaultRelay.template.json"))
	if err != nil || strings.Contains(string(raw), "SecretString") || strings.Contains(string(raw), "AWS::SecretsManager") {
		t.Errorf("a secret is in the template: %v", err)
	}
}

// idOf returns the id of the resource whose id says so.
func (c cloud) idOf(kind, part string) string {
	for id := range all[any](c, kind) {
		if strings.Contains(id, part) {
			return id
		}
	}
	panic("there is no " + kind + " with " + part)
}

// What a stack imports could not change as long as it is there: not the table that was restored, and not the core's
// exports when the relay is not asked for any more.
func TestTheRelayImportsNothing(t *testing.T) {
	s, c := relayed(t)
	raw, err := os.ReadFile(filepath.Join(s.dir, "BoxVaultRelay.template.json"))
	if err != nil || strings.Contains(string(raw), "Fn::ImportValue") {
		t.Errorf("it imports something, or cannot be read: %v", err)
	}
	core := s.read(t)
	for _, name := range []string{"/BoxVault/relay/RelayTable", "/BoxVault/relay/RelayBucket"} {
		if !strings.Contains(string(raw), `"Default": "`+name+`"`) {
			t.Errorf("it does not read %s", name)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(all[struct{ Name string }](core, "AWS::SSM::Parameter"))),
			func(p struct{ Name string }) bool { return p.Name == name }) {
			t.Errorf("the core does not write %s", name)
		}
	}
	if len(c.resources) == 0 {
		t.Error("there is no relay")
	}
}

var assetHash = regexp.MustCompile(`[0-9a-f]{64}`)

// A template that came out otherwise the next time would be a change to deploy, with nothing changed.
func TestTheSameComesOutEachTime(t *testing.T) {
	var first map[string]string
	for range 8 {
		s, _ := relayed(t)
		now := map[string]string{}
		for _, stack := range []string{"", "Edge", "Relay"} {
			raw, err := os.ReadFile(filepath.Join(s.dir, "BoxVault"+stack+".template.json"))
			if err != nil {
				t.Fatal(err)
			}
			now[stack] = assetHash.ReplaceAllString(string(raw), "") // the dummies of binaries are others each time
		}
		if first == nil {
			first = now
		}
		if !maps.Equal(first, now) {
			t.Fatal("the templates are others than before")
		}
	}
}
