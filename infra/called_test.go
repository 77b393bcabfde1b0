package infra

import (
	"slices"
	"strings"
	"testing"
)

// functionOf returns the function of a name, which is told where the edge's parameters are and nothing else.
func (c cloud) functionOf(t *testing.T, name string) lambdaFunction {
	t.Helper()
	list := all[lambdaFunction](c, "AWS::Lambda::Function")
	f := list[findFunction(list, name)]
	if env := f.Environment.Variables; len(env) != 1 || env["BOXVAULT_EDGE"] != "/BoxVault/edge" {
		t.Errorf("the function %s is %+v", name, f)
	}
	return f
}

// rightsOf lists what a function may do, as "action resource", in order.
func (c cloud) rightsOf(f lambdaFunction) (got []string) {
	for _, p := range all[iamRole](c, "AWS::IAM::Role")[strings.TrimSuffix(strings.TrimPrefix(f.Role, "${"), ".Arn}")].Policies {
		for _, s := range p.PolicyDocument.Statement {
			for _, action := range s.Action {
				got = append(got, action+" "+s.Resource[0])
			}
		}
	}
	slices.Sort(got)
	return got
}
