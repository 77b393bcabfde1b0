package main_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

const tokenKeys = "/BoxVault/token-secret"

func TestTheKeysOfTokensStayWhenTheStackGoes(t *testing.T) {
	d := startWith(t, "BOXVAULT_SECRET_PARAMETER="+tokenKeys)
	if _, err := d.f.Invoke(t, map[string]bool{"rotate": true}); err == nil || !strings.Contains(err.Error(), "there are no keys") {
		t.Errorf("without keys a rotation ends with %v", err)
	}
	made := d.request(cfn.RequestCreate, "")
	first := d.Parameters[tokenKeys]
	if made.Status != cfn.StatusSuccess || made.PhysicalResourceID != tokenKeys || first == "" {
		t.Fatalf("%+v made %v", made, d.Parameters)
	}
	for _, kind := range []cfn.RequestType{cfn.RequestUpdate, cfn.RequestDelete, cfn.RequestCreate} { // a stack that is deployed over it is new
		if same := d.request(kind, tokenKeys); same.Status != cfn.StatusSuccess || same.PhysicalResourceID != tokenKeys || d.Parameters[tokenKeys] != first {
			t.Errorf("%s ends with %+v", kind, same)
		}
	}
	if told := d.change("rotate"); len(told) != 2 {
		t.Errorf("a rotation tells %v", told)
	}
	if told := d.change("endAll"); len(told) != 1 || strings.Contains(d.Parameters[tokenKeys], first[10:20]) {
		t.Errorf("ending all sessions tells %v", told)
	}
	d.Parameters[tokenKeys] = "changeme"
	if failed := d.request(cfn.RequestCreate, ""); failed.Status != cfn.StatusFailed || !strings.Contains(failed.Reason, tokenKeys) || strings.Contains(failed.Reason, "changeme") {
		t.Errorf("CloudFormation is told %+v", failed)
	}
	if out := d.f.Output(); strings.Contains(out, "secret\":") {
		t.Errorf("the log is %s", out)
	}
}

// change has the keys changed, and returns what is told of them, in which nothing is secret.
func (d *deployment) change(how string) (told keyring.Ring) {
	d.Helper()
	raw, err := d.f.Invoke(d, map[string]bool{how: true})
	if err != nil || json.Unmarshal(raw, &told) != nil || strings.Contains(string(raw), "secret") {
		d.Errorf("%s ends with %s, %v", how, raw, err)
	}
	return told
}

// The whole of it as it is deployed: one function makes the keys, others sign and read sessions with them, each a
// process of its own.
func TestASessionIsGoodWhicheverKeySigns(t *testing.T) {
	client := dynamotest.Client(t)
	table := dynamotest.NewTable(t, client)
	coretest.Start(t, func(o *core.Options) { o.Items = dynamo.Open(client, table) }).SignUp(t, "ada")
	d := startWith(t, "BOXVAULT_SECRET_PARAMETER="+tokenKeys)
	binary := lambdatest.Build(t, "github.com/boxvault/boxvault/functions/accounts/lambda")
	start := func(route string) *lambdatest.Function {
		env := []string{
			"AWS_ENDPOINT_URL_DYNAMODB=" + *client.Options().BaseEndpoint, "AWS_ENDPOINT_URL_SSM=" + d.URL,
			"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		}
		for name, value := range (settings.Settings{Route: route, Table: table, Bucket: "none", SecretParameter: tokenKeys}).Environment() {
			env = append(env, name+"="+value)
		}
		return lambdatest.Start(t, binary, env)
	}

	if status, body := ask(t, start("SignIn"), "POST", "/api/auth/signin", signIn, ""); status != 500 || strings.Contains(body, tokenKeys) {
		t.Errorf("before there are keys it is answered %d %s", status, body)
	}
	d.request(cfn.RequestCreate, "")
	early := start("ReadUser")
	before := session(t, start("SignIn"))
	if status, body := ask(t, early, "GET", "/api/user", "", before); status != 200 {
		t.Errorf("a session is answered %d %s", status, body)
	}
	d.change("rotate")
	d.begin()
	after := session(t, start("SignIn"))
	late := start("ReadUser")
	for about, c := range map[string]struct {
		by     *lambdatest.Function
		token  string
		status int
	}{
		"an old session": {late, before, 200}, "a new one": {late, after, 200}, "an old one, where the rotation is not known": {early, before, 200},
	} {
		if status, body := ask(t, c.by, "GET", "/api/user", "", c.token); status != c.status {
			t.Errorf("%s is answered %d %s", about, status, body)
		}
	}
	d.change("endAll")
	for _, token := range []string{before, after} {
		if status, _ := ask(t, start("ReadUser"), "GET", "/api/user", "", token); status != 401 {
			t.Errorf("when all sessions have ended, one is answered %d", status)
		}
	}
}

// begin makes the time come that the last key begins to sign at.
func (d *deployment) begin() {
	d.Helper()
	ring, err := keyring.Parse(d.Parameters[tokenKeys])
	if err != nil {
		d.Fatal(err)
	}
	last := &ring[len(ring)-1]
	last.Since = last.Since.Add(-keyring.Ahead)
	d.Parameters[tokenKeys] = ring.Text()
}

var signIn = `{"username":"ada","password":"` + embeddedtest.Password + `"}`

func session(t *testing.T, f *lambdatest.Function) string {
	t.Helper()
	status, body := ask(t, f, "POST", "/api/auth/signin", signIn, "")
	var made struct{ AccessToken string }
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != 200 {
		t.Fatalf("signing in is answered %d %s", status, body)
	}
	return made.AccessToken
}

// ask has a function answer a request as API Gateway sends it.
func ask(t *testing.T, f *lambdatest.Function, method, path, body, token string) (status int, answer string) {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "$default", RawPath: path, Body: body,
		Headers: map[string]string{"host": "boxes.example.com", "content-type": "application/json", "x-access-token": token},
	}
	e.RequestContext.Stage = "$default"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: path, SourceIP: "127.0.0.1"}
	raw, err := f.Invoke(t, e)
	var response events.APIGatewayV2HTTPResponse
	if err != nil || json.Unmarshal(raw, &response) != nil {
		t.Fatalf("the function answers %s, %v", raw, err)
	}
	return response.StatusCode, response.Body
}
