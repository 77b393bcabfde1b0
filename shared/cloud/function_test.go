package cloud

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/keyring"
)

// TestFunction runs the whole way: a built bootstrap reads its settings, opens the cloud, is
// invoked by an event of API Gateway and asks SSM for the keys.
func TestFunction(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = one.Text()
	f := lambdatest.Start(t, lambdatest.Build(t, "./internal/function"), variables(store))
	known := func() (ring keyring.Ring) {
		t.Helper()
		payload, err := f.Invoke(t, events.APIGatewayV2HTTPRequest{RouteKey: "$default", RawPath: "/"})
		if err != nil {
			t.Fatal(err)
		}
		var response events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(payload, &response); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("answered %s, %v", payload, err)
		}
		if err := json.Unmarshal([]byte(response.Body), &ring); err != nil {
			t.Fatal(err)
		}
		return ring
	}
	for range 2 {
		if ring := known(); len(ring) != 1 || ring[0].ID != "one" || ring[0].Secret != nil {
			t.Errorf("the function knows the keys %v", ring)
		}
	}
	if n := store.requests["AmazonSSM.GetParameter"]; n != 1 {
		t.Errorf("two invocations read the keys %d times", n)
	}
}

func TestFunctionWithoutSettings(t *testing.T) {
	f := lambdatest.Start(t, lambdatest.Build(t, "./internal/function"), nil)
	if _, err := f.Init(); err == nil {
		t.Error("the function started without a table")
	}
}

func variables(store *parameterStore) (env []string) {
	env = []string{
		"AWS_REGION=eu-central-1", "AWS_ENDPOINT_URL_SSM=" + store.url,
		"AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.SecretAccessKey,
		"AWS_SESSION_TOKEN=" + keys.SessionToken,
	}
	for name, value := range onAWS.Environment() {
		env = append(env, name+"="+value)
	}
	return env
}
