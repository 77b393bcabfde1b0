package deployment_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/deployment"
)

func TestTheAccessLogIsJSONWithoutTheQuery(t *testing.T) {
	var fields map[string]string
	if err := json.Unmarshal([]byte(deployment.AccessLog), &fields); err != nil {
		t.Fatal(err)
	}
	for name, value := range fields {
		if strings.Contains(strings.ToLower(value), "query") || !strings.HasPrefix(value, "$context.") {
			t.Errorf("%s logs %s", name, value)
		}
	}
}
