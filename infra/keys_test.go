package infra

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Of all functions one may write the keys of tokens, and CloudFormation has it make the first one. The inspection holds that
// others may read them at the most.
func TestTheKeysOfTokensAreMadeByTheFunctionThatMay(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	c := s.read(t)
	functions := all[lambdaFunction](c, "AWS::Lambda::Function")
	id := findFunction(functions, "BoxVault-RotateTokenKeys")
	f := functions[id]
	if want := map[string]string{"BOXVAULT_SECRET_PARAMETER": "/BoxVault/token-secret"}; !maps.Equal(f.Environment.Variables, want) || f.Timeout != 60 {
		t.Errorf("the function is %+v", f)
	}
	made := all[struct{ ServiceToken string }](c, "Custom::TokenKeys")
	if by := made[c.only("Custom::TokenKeys")].ServiceToken; by != "${"+id+".Arn}" {
		t.Errorf("they are made by %s", by)
	}
	parameter := "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/BoxVault/token-secret"
	logs := strings.TrimSuffix(f.LoggingConfig.LogGroup, "}") + ".Arn}"
	want := []string{
		"logs:CreateLogStream " + logs, "logs:PutLogEvents " + logs,
		"ssm:GetParameter " + parameter, "ssm:GetParameter " + parameter + "-lock",
		"ssm:PutParameter " + parameter, "ssm:PutParameter " + parameter + "-lock",
	}
	if got := c.rightsOf(f); !slices.Equal(got, want) {
		t.Errorf("the function may %q, want %q", got, want)
	}
	if kept := all[any](c, "AWS::SSM::Parameter"); len(kept) > 0 {
		t.Errorf("keys are in the template: %v", kept)
	}
}
