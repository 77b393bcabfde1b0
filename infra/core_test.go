package infra

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
)

func TestEveryRowIsDeployedAsItIsWritten(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	for _, fault := range inspect(s.read(t), s.Parameters, deployment.PerRoute(s.groups)) {
		t.Error(fault)
	}
}

func TestGroupsCanBeFolded(t *testing.T) {
	p := Defaults
	p.Stack, p.Functions, p.LogDays, p.Signup = "Small", PerGroup, 7, "open"
	p.URL, p.S3Endpoint, p.MailFrom = "https://boxes.example.com", "http://localhost:4566", "boxes@example.com"
	s, err := synthesize(manyGroups(3, 4), p)
	s = must(t, s, err)
	for _, fault := range inspect(s.read(t), s.Parameters, deployment.PerGroup(s.groups)) {
		t.Error(fault)
	}
}

// The inspection is worth something only if it sees what is wrong.
func TestTheInspectionSeesFaults(t *testing.T) {
	s, err := synthesize(manyGroups(1, 2), Defaults)
	s = must(t, s, err)
	for _, c := range []struct {
		about string
		spoil func(c cloud, want []deployment.Function) []deployment.Function
		fault string
	}{
		{"nothing", func(_ cloud, want []deployment.Function) []deployment.Function { return want }, ""},
		{"a row that needs more", func(_ cloud, want []deployment.Function) []deployment.Function {
			want[0].Needs |= grant.DeleteBlobs
			return want
		}, "Row0Of0 may not do what its row needs: s3:DeleteObject on "},
		{"a row that needs less", func(_ cloud, want []deployment.Function) []deployment.Function {
			want[1].Needs &^= grant.Sign
			return want
		}, "Row1Of0 may do more than its row needs: ssm:GetParameter on arn:"},
		{"a row with another pattern", func(_ cloud, want []deployment.Function) []deployment.Function {
			want[0].Keys[1] = "PUT /elsewhere"
			return want
		}, `the route PUT /elsewhere leads to "", not to Row0Of0`},
		{"a pattern that is gone", func(_ cloud, want []deployment.Function) []deployment.Function {
			want[0].Keys = want[0].Keys[:1]
			return want
		}, "the route POST /api/group0/row0 is in no row"},
		{"a row that is gone", func(_ cloud, want []deployment.Function) []deployment.Function { return want[1:] },
			"is the function of no row"},
		{"a row that is new", func(_ cloud, want []deployment.Function) []deployment.Function {
			return append(want, deployment.Function{Name: "New"})
		}, "New has no function"},
		{"more memory", func(_ cloud, want []deployment.Function) []deployment.Function {
			want[0].Memory = 512
			return want
		}, "Row0Of0 runs as"},
		{"a secret in the environment", spoilAll("AWS::Lambda::Function", "Environment",
			map[string]any{"Variables": map[string]any{"BOXVAULT_SECRET": "hunter2"}}), "Row0Of0 has the environment map[BOXVAULT_SECRET:hunter2]"},
		{"a shared role", spoilAll("AWS::Lambda::Function", "Role", "${x.Role.Arn}"), "shares the role"},
		{"a log of another function", spoilAll("AWS::Logs::LogGroup", "LogGroupName", "/aws/lambda/other"), `Row0Of0 logs to "/aws/lambda/other"`},
		{"logs that are kept", spoilAll("AWS::Logs::LogGroup", "RetentionInDays", 0), "keeps logs for 0 days"},
		{"a managed policy", spoilAll("AWS::IAM::Role", "ManagedPolicyArns", []any{"arn:aws:iam::aws:policy/AdministratorAccess"}), "Row1Of0 has managed policies"},
		{"a policy for everything", spoilAll("AWS::S3::BucketPolicy", "PolicyDocument",
			map[string]any{"Statement": []any{map[string]any{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}}), "has a policy for every resource there is"},
		{"a caller from elsewhere", spoilAll("AWS::Lambda::Permission", "Principal", "*"), "Row0Of0 can be called by"},
		{"a stream that starts functions for nothing", spoilAll("AWS::Lambda::EventSourceMapping", "FilterCriteria", nil), "ForwardWork is started by"},
		{"messages that are taken together", spoilAll("AWS::Lambda::EventSourceMapping", "BatchSize", 10), "DoWork is started by"},
		{"a sweep by another rule", spoilAll("AWS::Events::Rule", "Targets", []any{}), "the rule of SweepWork"},
		{"a message that comes while it is worked on", spoilAll("AWS::SQS::Queue", "VisibilityTimeout", 900), "the queue is"},
		{"reserved concurrency", spoilAll("AWS::Lambda::Function", "ReservedConcurrentExecutions", 5), "Row0Of0 has 5 executions reserved, not 0"},
		{"a network that costs", func(c cloud, want []deployment.Function) []deployment.Function {
			c.resources["BoxVault.Nat"] = resource{Type: "AWS::EC2::NatGateway"}
			return want
		}, "BoxVault.Nat is a AWS::EC2::NatGateway, which costs 32.85 USD a month at rest"},
		{"a type that nobody looked up", func(c cloud, want []deployment.Function) []deployment.Function {
			c.resources["BoxVault.New"] = resource{Type: "AWS::New::Thing"}
			return want
		}, "BoxVault.New is a AWS::New::Thing: say in functions/cost what that costs at rest"},
		{"an alarm that nobody asked for", func(c cloud, want []deployment.Function) []deployment.Function {
			c.resources["BoxVault.Alarm"] = resource{Type: "AWS::CloudWatch::Alarm"}
			return want
		}, "BoxVault.Alarm is a AWS::CloudWatch::Alarm, which costs 0.10 USD a month at rest"},
	} {
		t.Run(c.about, func(t *testing.T) {
			spoilt := s.read(t)
			want := c.spoil(spoilt, deployment.PerRoute(s.groups))
			faults := strings.Join(inspect(spoilt, s.Parameters, want), "\n")
			if c.fault == "" && faults != "" || !strings.Contains(faults, c.fault) {
				t.Errorf("the inspection says %q, want %q", faults, c.fault)
			}
		})
	}
}

// spoilAll gives every resource of a type another property.
func spoilAll(kind, property string, value any) func(cloud, []deployment.Function) []deployment.Function {
	return func(c cloud, want []deployment.Function) []deployment.Function {
		for _, r := range c.resources {
			if r.Type == kind {
				r.Properties[property] = value
			}
		}
		return want
	}
}
