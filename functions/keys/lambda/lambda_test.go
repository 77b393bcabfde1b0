package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/cfn"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys/linkkeystest"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/keyring"
)

// deployment is CloudFormation, with the function that is deployed: it is sent how each request ended.
type deployment struct {
	*testing.T
	*linkkeystest.Account
	f     *lambdatest.Function
	url   string
	ended cfn.Response
}

func start(t *testing.T) *deployment { return startWith(t, "BOXVAULT_EDGE=/BoxVault/edge") }

func startWith(t *testing.T, env ...string) *deployment {
	d := &deployment{T: t, Account: linkkeystest.Start(t)}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(raw, &d.ended)
		}
		if err != nil || strings.Contains(string(raw), `"secret"`) {
			t.Errorf("CloudFormation is told %s, %v", raw, err)
		}
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	d.f = lambdatest.Start(t, lambdatest.Build(t, "github.com/boxvault/boxvault/functions/keys/lambda"), append(env,
		"AWS_ENDPOINT_URL="+d.URL, "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=key"))
	return d
}

func (d *deployment) request(kind cfn.RequestType, id string) cfn.Response {
	d.Helper()
	d.ended = cfn.Response{}
	_, err := d.f.Invoke(d, cfn.Event{
		RequestType: kind, RequestID: "request", ResponseURL: d.url, StackID: "stack", LogicalResourceID: "Group",
		ResourceType: "Custom::LinkKeys", PhysicalResourceID: id,
	})
	if err != nil {
		d.Fatal(err)
	}
	return d.ended
}

func TestTheKeysComeAndGoWithTheStack(t *testing.T) {
	d := start(t)
	made := d.request(cfn.RequestCreate, "")
	group := made.PhysicalResourceID
	if made.Status != cfn.StatusSuccess || len(d.Groups[group]) != 1 {
		t.Fatalf("%+v made the groups %v", made, d.Groups)
	}
	if same := d.request(cfn.RequestUpdate, group); same.Status != cfn.StatusSuccess || same.PhysicalResourceID != group || len(d.PublicKeys) != 1 {
		t.Errorf("an update ends with %+v", same)
	}

	if _, err := d.f.Invoke(t, map[string]bool{"rotate": true}); err == nil || !strings.Contains(err.Error(), "deploy the edge first") {
		t.Errorf("without the group's parameter a rotation ends with %v", err)
	}
	d.Parameters["/BoxVault/edge/group"] = group // as the stack does
	raw, err := d.f.Invoke(t, map[string]bool{"rotate": true})
	var told keyring.Ring
	if err != nil || json.Unmarshal(raw, &told) != nil || len(told) != 2 || strings.Contains(string(raw), "secret") {
		t.Errorf("a rotation ends with %s, %v", raw, err)
	}
	if len(d.Groups[group]) != 2 || len(d.PublicKeys) != 2 {
		t.Errorf("the groups are %v", d.Groups)
	}

	if gone := d.request(cfn.RequestDelete, group); gone.Status != cfn.StatusSuccess || len(d.PublicKeys)+len(d.Groups) > 0 || d.Parameters["/BoxVault/edge/keys"] != "" {
		t.Errorf("%+v leaves %v and %v", gone, d.PublicKeys, d.Groups)
	}
	if strings.Contains(d.f.Output(), "secret") {
		t.Errorf("the log is %s", d.f.Output())
	}
}

func TestCloudFormationIsToldWhatFailed(t *testing.T) {
	d := start(t)
	d.Refuse = func(request string) string { return map[bool]string{true: "AccessDenied"}[request == "PutParameter"] }
	failed := d.request(cfn.RequestCreate, "")
	if failed.Status != cfn.StatusFailed || !strings.Contains(failed.Reason, "/BoxVault/edge/keys") {
		t.Errorf("it is told %+v", failed)
	}
	d.Refuse = func(string) string { return "AccessDenied" }
	if gone := d.request(cfn.RequestDelete, failed.PhysicalResourceID); gone.Status != cfn.StatusSuccess {
		t.Errorf("what was not made cannot be deleted: %+v", gone)
	}
	if _, err := d.f.Invoke(t, map[string]string{"what": "ever"}); err == nil {
		t.Error("an event of no kind is taken")
	}
	if _, err := d.f.Invoke(t, map[string]bool{"endAll": true}); err == nil || !strings.Contains(err.Error(), "delete the edge") {
		t.Errorf("ending all links: %v", err)
	}
}

func TestAFunctionThatIsNotToldWhichKeysDoesNotStart(t *testing.T) {
	if _, err := startWith(t).f.Init(); err == nil {
		t.Error("it started")
	}
}
