package infra

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/cost"
)

const distributionID = "E2EXAMPLE1ABCD"

// withWatch synthesizes a registry whose distribution is known; watch has nothing when there is no stack of it.
func withWatch(t *testing.T, change func(*Parameters)) (s synthesized, watch cloud) {
	t.Helper()
	s, _ = withEdge(t, func(p *Parameters) {
		p.Distribution = distributionID
		change(p)
	})
	watch = cloud{map[string]resource{}, map[string]int{}}
	path := filepath.Join(s.dir, "BoxVaultEdgeWatch.template.json")
	if _, err := os.Stat(path); err == nil {
		watch.add(t, path, nil)
	}
	return s, watch
}

// Neither of a path nor of a query is anything in the logs, and none of what tells where a visitor came from.
func TestTheLogsOfTheEdgeHoldNoSecrets(t *testing.T) {
	s, watch := withWatch(t, func(p *Parameters) { p.EdgeLogs, p.LogDays = "true", 7 })
	source := all[struct{ Name, LogType, ResourceArn string }](watch, "AWS::Logs::DeliverySource")[watch.only("AWS::Logs::DeliverySource")]
	if source.LogType != "ACCESS_LOGS" || source.ResourceArn != "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/"+distributionID {
		t.Errorf("what is logged is %+v", source)
	}
	delivery := all[struct{ RecordFields []string }](watch, "AWS::Logs::Delivery")[watch.only("AWS::Logs::Delivery")]
	for _, field := range []string{"cs-uri-stem", "cs-uri-query", "cs(Referer)", "cs(Cookie)", "cs-headers"} {
		if slices.Contains(delivery.RecordFields, field) {
			t.Errorf("%s is logged", field)
		}
	}
	if !slices.Contains(delivery.RecordFields, "sc-status") || !slices.Contains(delivery.RecordFields, "cache-behavior-path-pattern") {
		t.Errorf("what is logged of a request is %q", delivery.RecordFields)
	}
	logs := all[logGroup](watch, "AWS::Logs::LogGroup")[watch.only("AWS::Logs::LogGroup")]
	if logs.LogGroupName != "/aws/vendedlogs/BoxVault/edge" || logs.RetentionInDays != 7 {
		t.Errorf("the logs are %+v", logs)
	}
	if len(watch.resources) != 4 {
		t.Errorf("there is more than logs: %v", watch.resources)
	}
	watch.wantInVirginia(t, s)
}

// wantInVirginia checks that the stack goes where CloudFront has its metrics and logs, whatever the account's region is, and
// needs no set-up there.
func (c cloud) wantInVirginia(t *testing.T, s synthesized) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.dir, "manifest.json"))
	var manifest struct {
		Artifacts map[string]struct {
			Environment string
			Properties  struct{ RequiresBootstrapStackVersion int }
		}
	}
	if err != nil || json.Unmarshal(raw, &manifest) != nil {
		t.Fatal(err)
	}
	if a := manifest.Artifacts["BoxVaultEdgeWatch"]; a.Environment != "aws://unknown-account/us-east-1" || a.Properties.RequiresBootstrapStackVersion != 0 {
		t.Errorf("the stack is of %+v", a)
	}
}

func TestTheEdgeIsWatchedWithTheRest(t *testing.T) {
	s, watch := withWatch(t, func(p *Parameters) { p.AlarmMail = "ops@example.com" })
	a := all[cfnAlarm](watch, "AWS::CloudWatch::Alarm")[watch.only("AWS::CloudWatch::Alarm")]
	var of []string
	for _, d := range a.Dimensions {
		of = append(of, d.Name+" "+d.Value)
	}
	if a.AlarmName != "BoxVault-EdgeFaults" || a.Namespace+" "+a.MetricName != "AWS/CloudFront 5xxErrorRate" || a.EvaluationPeriods != 3 ||
		!slices.Equal(of, []string{"DistributionId " + distributionID, "Region Global"}) || !slices.Equal(a.AlarmActions, []string{"${" + watch.only("AWS::SNS::Topic") + "}"}) {
		t.Errorf("the alarm is %+v", a)
	}
	usd := 0.0
	for id, r := range watch.resources {
		known, ok := cost.Resource(r.Type)
		if usd += known.USD(); !ok {
			t.Errorf("%s is a %s: what does that cost?", id, r.Type)
		}
	}
	if usd < 0.099 || usd > 0.101 { // as docs/operations.md says
		t.Errorf("it costs %v USD a month at rest", usd)
	}
	watch.wantInVirginia(t, s)
	for _, d := range all[struct{ DashboardBody string }](s.read(t), "AWS::CloudWatch::Dashboard") {
		if !strings.Contains(d.DashboardBody, `["AWS/CloudFront","5xxErrorRate","DistributionId","`+distributionID+`","Region","Global"`) || !strings.Contains(d.DashboardBody, `"region":"us-east-1"`) {
			t.Errorf("the edge is not on the dashboard: %s", d.DashboardBody)
		}
	}
	raw, err := os.ReadFile("../docs/operations.md")
	if err != nil || !strings.Contains(string(raw), "| `EdgeFaults` |") {
		t.Errorf("docs/operations.md has no row for the alarm EdgeFaults, %v", err)
	}
}

// What CloudFormation would refuse, for it has nothing in it or nothing to watch.
func TestNothingIsWatchedThatNobodyAskedFor(t *testing.T) {
	for _, change := range []func(*Parameters){
		func(*Parameters) {},
		func(p *Parameters) { p.EdgeLogs = "false" },
		func(p *Parameters) { p.Distribution, p.EdgeLogs, p.Alarms = "", "true", "true" }, // it is to be made yet
	} {
		if _, watch := withWatch(t, change); len(watch.resources) > 0 {
			t.Errorf("there is %v", watch.resources)
		}
	}
}
