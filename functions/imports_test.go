package functions_test

import (
	"os/exec"
	"strings"
	"testing"
)

// The functions know ports and no cloud: AWS comes in by their mains alone, in the folders lambda.
func TestFunctionsDoNotKnowAWS(t *testing.T) {
	for _, pkg := range list(t, "./...") {
		if strings.HasSuffix(pkg, "/lambda") {
			continue
		}
		for _, dep := range list(t, "-deps", pkg) {
			if strings.Contains(dep, "aws") {
				t.Errorf("%s depends on %s", pkg, dep)
			}
		}
	}
}

// What a function does not link does not have to be loaded when it starts.
func TestFunctionsLinkNoPrometheus(t *testing.T) {
	for _, pkg := range list(t, "./...") {
		if !strings.HasSuffix(pkg, "/lambda") {
			continue
		}
		for _, dep := range list(t, "-deps", pkg) {
			if strings.Contains(dep, "prometheus") {
				t.Errorf("%s depends on %s", pkg, dep)
			}
		}
	}
}

func list(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}
