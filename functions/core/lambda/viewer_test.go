package lambda_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys/linkkeystest"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/settings"
)

// What the log tells of a request, limits and the audit log have too.
func TestAFunctionKnowsWhoAskedTheEdge(t *testing.T) {
	account := linkkeystest.Start(t)
	account.Parameters["/test/edge/mark"] = "right"
	env := []string{"AWS_ENDPOINT_URL_SSM=" + account.URL, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"}
	for name, value := range (settings.Settings{
		Route: "ReadPage", Table: "none", Bucket: "none", SecretParameter: "/test/token-secret", Edge: "/test/edge",
	}).Environment() {
		env = append(env, name+"="+value)
	}
	f := lambdatest.Start(t, lambdatest.Build(t, "github.com/boxvault/boxvault/functions/operation/lambda"), env)
	for _, mark := range []string{"right", "wrong"} {
		got := invoke(t, f, "GET", "/ui/ui.css", "", map[string]string{"x-boxvault-edge": mark, "x-forwarded-for": "198.51.100.7, 127.0.0.1"})
		if got.StatusCode != 200 {
			t.Errorf("it is answered %d: %s", got.StatusCode, got.Body)
		}
	}
	through, direct, _ := strings.Cut(f.Output(), "\n")
	if !strings.Contains(through, `"address":"198.51.100.7"`) || !strings.Contains(direct, `"address":"127.0.0.1"`) || strings.Contains(f.Output(), "right") {
		t.Errorf("the log is\n%s", f.Output())
	}
}
