package infra

import (
	"testing"

	"github.com/boxvault/boxvault/functions/deployment"
)

// CloudFormation takes 500 resources in a stack. A group that comes near has to be split before a
// deployment fails: its rows are then of two groups, each with a stack of its own.
const (
	maxResources = 500
	headroom     = 50
)

func TestNoStackIsFull(t *testing.T) {
	s, err := registry()
	must(t, s, err).checkSizes(t, maxResources-headroom)
}

// An account has 300 routes on an API, unless it asks for more.
func TestTheRoutesFitIntoAnAPI(t *testing.T) {
	s, err := registry()
	if n := len(all[any](must(t, s, err).read(t), "AWS::ApiGatewayV2::Route")); n > 300-headroom/2 {
		t.Errorf("there are %d routes", n)
	} else {
		t.Logf("there are %d routes", n)
	}
}

// The registry may grow to 200 rows: groups of 40, each row with a GET and a POST, fit.
func TestTwoHundredRowsFit(t *testing.T) {
	s, err := synthesize(manyGroups(5, 40), Defaults)
	s = must(t, s, err)
	s.checkSizes(t, maxResources)
	if rows := len(all[any](s.read(t), "AWS::Lambda::Function")) - len(deployment.Behind()) - 1; rows != 200 {
		t.Errorf("%d functions were made of 200 rows", rows)
	}
}

func (s synthesized) checkSizes(t *testing.T, most int) {
	t.Helper()
	for stack, n := range s.read(t).sizes {
		if n > most {
			t.Errorf("%s has %d resources, more than %d: split the group", stack, n, most)
		}
	}
}
