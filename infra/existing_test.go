package infra

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/deployment"
)

// After a restore, or a stack that was deleted, a deployment goes on with what is there.
func TestADeploymentGoesOnWithTheTableAndTheBucketThatAreThere(t *testing.T) {
	p := Defaults
	p.Table, p.Bucket = "BoxVault-restored", "boxvault-bucket1234"
	p.Stream = "arn:aws:dynamodb:eu-central-1:123456789012:table/BoxVault-restored/stream/2026-11-22T11:00:00.000"
	s, err := synthesize(manyGroups(1, 2), p)
	c := must(t, s, err).read(t)
	for id, r := range c.resources {
		if r.Type == "AWS::DynamoDB::Table" || r.Type == "AWS::S3::Bucket" || r.Type == "AWS::S3::BucketPolicy" {
			t.Errorf("%s is made beside the one that is there", id)
		}
	}
	for id, f := range all[lambdaFunction](c, "AWS::Lambda::Function") {
		if v := f.Environment.Variables; f.FunctionName != p.Stack+"-"+deployment.RotateTokenKeys && (v["BOXVAULT_TABLE"] != p.Table || v["BOXVAULT_BUCKET"] != p.Bucket) {
			t.Errorf("%s is told of %s and %s", id, v["BOXVAULT_TABLE"], v["BOXVAULT_BUCKET"])
		}
	}
	followed := false
	for _, m := range all[sourceMapping](c, "AWS::Lambda::EventSourceMapping") {
		followed = followed || m.EventSourceArn == p.Stream
	}
	if !followed {
		t.Error("nothing follows the stream of the table")
	}
	for id, role := range all[iamRole](c, "AWS::IAM::Role") {
		for _, s := range role.Policies[0].PolicyDocument.Statement {
			if strings.HasPrefix(s.Action[0], "dynamodb:GetItem") && !strings.HasSuffix(s.Resource[0], ":table/"+p.Table) {
				t.Errorf("%s may read %s", id, s.Resource)
			}
		}
	}
}

// A registry that goes on with its bucket may have an edge again, which has to be let in.
func TestABucketThatIsThereLetsTheEdgeIn(t *testing.T) {
	s, _ := withEdge(t, func(p *Parameters) { p.Bucket = "boxvault-bucket1234" })
	c := s.read(t)
	policy := all[struct {
		Bucket         string
		PolicyDocument struct {
			Statement []struct {
				Effect    string
				Action    any
				Principal any
			}
		}
	}](c, "AWS::S3::BucketPolicy")[c.only("AWS::S3::BucketPolicy")]
	var got []string
	for _, s := range policy.PolicyDocument.Statement {
		got = append(got, fmt.Sprint(s.Effect, s.Action))
	}
	slices.Sort(got)
	if want := []string{"Allows3:GetObject", "Allows3:ListBucket", "Denys3:*"}; policy.Bucket != "boxvault-bucket1234" || !slices.Equal(got, want) {
		t.Errorf("the policy of %s is %q", policy.Bucket, got)
	}
}

// More at a time than are reserved would have messages turned away.
func TestNoMoreMessagesAreTakenThanAreReservedFor(t *testing.T) {
	p := Defaults
	for reserve, want := range map[string]int{"": 20, "DoWork=5": 5, "DoWork=50": 20, "Row0Of0=3": 20} {
		if p.Reserve = reserve; p.workers() != want {
			t.Errorf("%q: %d at a time, want %d", reserve, p.workers(), want)
		}
	}
	p.Reserve = "DoWork=1"
	if _, err := synthesize(manyGroups(1, 1), p); err == nil || !strings.Contains(err.Error(), "DoWork must have 2 at least") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsReservedIsForFunctionsThatAreThere(t *testing.T) {
	p := Defaults
	p.Reserve = "DoWork=10,Nobody=5"
	_, err := synthesize(manyGroups(1, 1), p)
	if err == nil || !strings.Contains(err.Error(), "there is no function Nobody") {
		t.Errorf("got %v", err)
	}
	p.Reserve = "Row0Of0=2,DoWork=10"
	if _, err := synthesize(manyGroups(1, 1), p); err != nil {
		t.Error(err)
	}
}
