package deployment_test

import (
	"regexp"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
)

// What AWS refuses while it deploys is found here first.
func TestEveryRowCanBeDeployed(t *testing.T) {
	name := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,39}$`)
	for _, list := range [][]deployment.Function{
		deployment.PerRoute(functions.Groups()), deployment.PerGroup(functions.Groups()),
	} {
		list = append(list, deployment.Behind()...)
		names, keys := map[string]bool{}, map[string]string{}
		for _, f := range list {
			if !name.MatchString(f.Name) || names[f.Name] {
				t.Errorf("the function name %q is taken or has more than 40 letters and digits", f.Name)
			}
			if len(f.Description) > 256 {
				t.Errorf("%s: Lambda takes a description of 256 bytes, the summary has %d", f.Name, len(f.Description))
			}
			if f.Memory < 128 || f.Memory > 10240 {
				t.Errorf("%s: %d MB is no memory size of Lambda", f.Name, f.Memory)
			}
			if f.Timeout < 1 || f.Timeout > 900 {
				t.Errorf("%s: Lambda runs no function for %d seconds", f.Name, f.Timeout)
			}
			for _, key := range f.Keys {
				if keys[key] != "" {
					t.Errorf("%s leads to %s and to %s", key, keys[key], f.Name)
				}
				keys[key] = f.Name
			}
			names[f.Name] = true
		}
	}
}

// maxRoutes is how many routes an HTTP API has, unless AWS is asked for more. Source: Amazon API
// Gateway's quotas for HTTP APIs.
const maxRoutes = 300

func TestTheHTTPAPIHasRoomForAllRows(t *testing.T) {
	n := 0
	for _, f := range deployment.PerRoute(functions.Groups()) {
		n += len(f.Keys)
	}
	if t.Logf("%d of %d routes", n, maxRoutes); n > maxRoutes {
		t.Errorf("the rows have %d route keys, and an HTTP API takes %d", n, maxRoutes)
	}
}
