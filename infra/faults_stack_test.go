package infra

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/functions/deployment"
)

// routes follows every route of the API to its function, and compares with the rows both ways.
func (in *inspection) routes(want []deployment.Function) {
	api := in.ref("AWS::ApiGatewayV2::Api")
	integrations := all[apiIntegration](in.cloud, "AWS::ApiGatewayV2::Integration")
	functions := all[lambdaFunction](in.cloud, "AWS::Lambda::Function")
	got := map[string]string{}
	for _, r := range all[apiRoute](in.cloud, "AWS::ApiGatewayV2::Route") {
		to := integrations[in.deref(strings.TrimPrefix(r.Target, "integrations/"))]
		if r.APIId != api || to.APIId != api || to.PayloadFormatVersion != "2.0" {
			in.fault("the route %s is %+v over %+v", r.RouteKey, r, to)
		}
		if got[r.RouteKey] != "" {
			in.fault("there are two routes %s", r.RouteKey)
		}
		got[r.RouteKey] = functions[in.deref(to.IntegrationURI)].FunctionName
	}
	for _, f := range want {
		for _, key := range f.Keys {
			if got[key] != in.Stack+"-"+f.Name {
				in.fault("the route %s leads to %q, not to %s", key, got[key], f.Name)
			}
			delete(got, key)
		}
	}
	for key := range got {
		in.fault("the route %s is in no row", key)
	}
}

// ownRoles checks that no two functions share a role.
func (in *inspection) ownRoles() {
	seen := map[string]bool{}
	for id, f := range all[lambdaFunction](in.cloud, "AWS::Lambda::Function") {
		if seen[f.Role] {
			in.fault("%s shares the role %s", id, f.Role)
		}
		seen[f.Role] = true
	}
	if roles := all[any](in.cloud, "AWS::IAM::Role"); len(roles) != len(seen) {
		in.fault("%d functions have %d roles", len(seen), len(roles))
	}
}

// resources checks what must hold for every resource, whatever it is.
func (in *inspection) resources() {
	for id, r := range in.cloud.resources {
		in.atRest(id, r.Type)
		if r.Type == "AWS::Logs::LogGroup" && as[logGroup](r.Properties).RetentionInDays != in.LogDays {
			in.fault("%s keeps logs for %v days", id, r.Properties["RetentionInDays"])
		}
		in.policies(id, r.Properties)
	}
}

// policies finds every statement below a value, of whatever kind of policy.
func (in *inspection) policies(id string, value any) {
	switch v := value.(type) {
	case map[string]any:
		if v["Effect"] != nil {
			if s := as[statement](v); slices.Contains(s.Resource, "*") {
				in.fault("%s has a policy for every resource there is: %v", id, s)
			}
		}
		for _, value := range v {
			in.policies(id, value)
		}
	case []any:
		for _, value := range v {
			in.policies(id, value)
		}
	}
}

// oneOrMore is a list that JSON may have as a single value.
type oneOrMore []string

// UnmarshalJSON takes a string or a list of strings.
func (o *oneOrMore) UnmarshalJSON(raw []byte) error {
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		*o = []string{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(o))
}
