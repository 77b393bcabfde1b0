package infra

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/settings"
)

// The parts of a template that the checks read.
type (
	lambdaFunction struct {
		FunctionName, Role, Runtime, Handler string
		MemorySize, Timeout                  int
		Architectures                        []string
		Environment                          struct{ Variables map[string]string }
		LoggingConfig                        struct{ LogGroup string }
		ReservedConcurrentExecutions         int
		RecursiveLoop                        string
	}
	iamRole struct {
		ManagedPolicyArns []string
		Policies          []struct{ PolicyDocument policyDocument }
	}
	policyDocument struct{ Statement []statement }
	statement      struct {
		Effect           string
		Action, Resource oneOrMore
		Condition        any
	}
	logGroup struct {
		LogGroupName    string
		RetentionInDays int
	}
	apiRoute       struct{ APIId, RouteKey, Target string }
	apiIntegration struct{ APIId, IntegrationURI, PayloadFormatVersion string }
	permission     struct{ FunctionName, Principal, SourceArn string }
)

// inspection holds what was synthesized against what the rows say.
type inspection struct {
	cloud
	Parameters
	faults []string
}

func (in *inspection) fault(format string, args ...any) {
	in.faults = append(in.faults, fmt.Sprintf(format, args...))
}

// inspect returns everything that is wrong with a deployment of the functions.
func inspect(c cloud, p Parameters, want []deployment.Function) []string {
	in := &inspection{cloud: c, Parameters: p}
	left := all[lambdaFunction](c, "AWS::Lambda::Function")
	for _, f := range slices.Concat(want, deployment.Behind()) {
		if p.MailFrom == "" {
			f.Needs &^= grant.SendMail
		}
		if !p.hasEdge() {
			f.Needs &^= grant.SignLinks
		}
		id := findFunction(left, p.Stack+"-"+f.Name)
		if id == "" {
			in.fault("%s has no function", f.Name)
			continue
		}
		in.function(f, left[id])
		in.rights(f, left[id])
		in.callers(f, id)
		delete(left, id)
	}
	delete(left, findFunction(left, p.Stack+"-"+deployment.RotateTokenKeys)) // of which keys_test.go
	for id := range left {
		in.fault("%s is the function of no row", id)
	}
	in.routes(want)
	in.queues()
	in.ownRoles()
	in.resources()
	slices.Sort(in.faults)
	return in.faults
}

func findFunction(list map[string]lambdaFunction, name string) string {
	for id, f := range list {
		if f.FunctionName == name {
			return id
		}
	}
	return ""
}

// function checks what the function is and what it is told: nothing else may be in its environment,
// a secret least of all.
func (in *inspection) function(f deployment.Function, got lambdaFunction) {
	if got.MemorySize != f.Memory || got.Timeout != f.Timeout || got.Runtime != "provided.al2023" ||
		got.Handler != "bootstrap" || !slices.Equal(got.Architectures, []string{"arm64"}) {
		in.fault("%s runs as %+v", f.Name, got)
	}
	if loops := got.RecursiveLoop == "Allow"; loops != (f.On == behind.Messages) {
		in.fault("%s is ended when it sends work back to its queue, or is not and sends none: %q", f.Name, got.RecursiveLoop)
	}
	if reserved, _ := in.reserved(); got.ReservedConcurrentExecutions != reserved[f.Name] {
		in.fault("%s has %d executions reserved, not %d", f.Name, got.ReservedConcurrentExecutions, reserved[f.Name])
	}
	s := settings.Settings{
		Route: f.Route, Table: in.ref("AWS::DynamoDB::Table"), Bucket: in.ref("AWS::S3::Bucket"),
		URL: in.URL, SecretParameter: "/" + in.Stack + "/token-secret", Signup: in.Signup, Limits: in.Limits, S3Endpoint: in.S3Endpoint, MailFrom: in.MailFrom,
	}
	if in.hasEdge() {
		s.Edge = "/" + in.Stack + "/edge"
	}
	if f.On != "" {
		s.Queue = "${" + in.workQueue() + "}"
	}
	want := s.Environment()
	if !maps.Equal(got.Environment.Variables, want) {
		in.fault("%s has the environment %v, want %v", f.Name, got.Environment.Variables, want)
	}
	logs := as[logGroup](in.cloud.resources[in.deref(got.LoggingConfig.LogGroup)].Properties)
	if logs.LogGroupName != "/aws/lambda/"+got.FunctionName {
		in.fault("%s logs to %q", f.Name, logs.LogGroupName)
	}
}

func (in *inspection) ref(kind string) string { return "${" + in.only(kind) + "}" }

// deref returns the id of the resource that a text refers to.
func (in *inspection) deref(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(text, "${"), "}"), ".Arn")
}

// rights compares what the function's role allows with what its row needs, both ways.
func (in *inspection) rights(f deployment.Function, got lambdaFunction) {
	role := as[iamRole](in.cloud.resources[in.deref(got.Role)].Properties)
	if len(role.ManagedPolicyArns) > 0 {
		in.fault("%s has managed policies: %v", f.Name, role.ManagedPolicyArns)
	}
	have := map[string]bool{}
	for _, policy := range role.Policies {
		for _, s := range policy.PolicyDocument.Statement {
			for _, action := range s.Action {
				for _, on := range s.Resource {
					have[action+" on "+on+onlyIf(s.Condition)] = true
				}
			}
		}
	}
	want := in.wanted(f.Needs, in.deref(got.LoggingConfig.LogGroup))
	if in.hasEdge() && f.On == "" {
		want["ssm:GetParameter on arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/"+in.Stack+"/edge/mark"] = true
	}
	for action := range have {
		if !want[action] {
			in.fault("%s may do more than its row needs: %s", f.Name, action)
		}
	}
	for action := range want {
		if !have[action] {
			in.fault("%s may not do what its row needs: %s", f.Name, action)
		}
	}
}

func (in *inspection) wanted(needs grant.Right, logs string) map[string]bool {
	arns := map[grant.Resource]string{
		grant.Table:        "${" + in.only("AWS::DynamoDB::Table") + ".Arn}",
		grant.Bucket:       "${" + in.only("AWS::S3::Bucket") + ".Arn}",
		grant.Objects:      "${" + in.only("AWS::S3::Bucket") + ".Arn}/*",
		grant.Secret:       "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/" + in.Stack + "/token-secret",
		grant.Links:        "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/" + in.Stack + "/edge/*",
		grant.Certificates: "arn:${AWS::Partition}:acm:${AWS::Region}:${AWS::AccountId}:certificate/*",
		grant.Stream:       "${" + in.only("AWS::DynamoDB::Table") + ".StreamArn}",
		grant.Queue:        "${" + in.workQueue() + ".Arn}",
		grant.Mail: "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*" +
			onlyIf(object{"StringEquals": object{"ses:FromAddress": in.MailFrom}}),
	}
	want := map[string]bool{
		"logs:CreateLogStream on ${" + logs + ".Arn}": true,
		"logs:PutLogEvents on ${" + logs + ".Arn}":    true,
	}
	for _, a := range needs.Allowances() {
		for _, action := range a.Actions {
			want[action+" on "+arns[a.On]] = true
		}
	}
	return want
}

// onlyIf says under which condition a statement holds.
func onlyIf(condition any) string {
	if condition == nil {
		return ""
	}
	return fmt.Sprint(" if ", condition)
}

// callers checks that the API may call a function that answers requests, what starts it one that does
// not, and nobody else either.
func (in *inspection) callers(f deployment.Function, id string) {
	want := []permission{{
		FunctionName: "${" + id + "}", Principal: "apigateway.amazonaws.com",
		SourceArn: "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:" + in.ref("AWS::ApiGatewayV2::Api") + "/*",
	}}
	if f.On != "" {
		want = in.starters(f, id)
	}
	var got []permission
	for _, p := range all[permission](in.cloud, "AWS::Lambda::Permission") {
		if p.FunctionName == "${"+id+"}" {
			got = append(got, p)
		}
	}
	if !slices.Equal(got, want) {
		in.fault("%s can be called by %+v", f.Name, got)
	}
}
