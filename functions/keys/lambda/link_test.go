package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/cloudfronttest"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/settings"
)

// The whole of it as it is deployed: one function makes the key, another, which is a process of its own, signs with
// it, and the edge answers from the bucket.
func TestWhatTheDeployedFunctionSignsIsAnsweredByTheEdge(t *testing.T) {
	client, bucket := dynamotest.Client(t), s3test.Start(t)
	table := dynamotest.NewTable(t, client)
	store := s3.Open(bucket.Client, bucket.Presign, bucket.Name)
	r, ada := coretest.Acme(t, func(o *core.Options) { o.Items, o.Blobs = dynamo.Open(client, table), store })
	r.Box(t, ada, "acme", "debian", true)
	content := coretest.BoxFile(t, "virtualbox", "content")
	r.Upload(t, ada, "/api/organization/acme/box/debian/version/1.0.0/provider/virtualbox/architecture/amd64", content).Want(t, 200)

	d := start(t)
	edge := cloudfronttest.Start(t, store, time.Now)
	keys, err := bucket.Client.Options().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	env := []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + *client.Options().BaseEndpoint, "AWS_ENDPOINT_URL_S3=" + *bucket.Client.Options().BaseEndpoint,
		"AWS_ENDPOINT_URL_SSM=" + d.URL, "AWS_REGION=" + bucket.Client.Options().Region,
		"AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.SecretAccessKey, "AWS_SESSION_TOKEN=" + keys.SessionToken,
	}
	for name, value := range (settings.Settings{
		Route: "Download", Table: table, Bucket: bucket.Name, SecretParameter: "/BoxVault/token-secret", Edge: "/BoxVault/edge",
	}).Environment() {
		env = append(env, name+"="+value)
	}
	binary := lambdatest.Build(t, "github.com/boxvault/boxvault/functions/files/lambda")

	if link := download(t, lambdatest.Start(t, binary, env)); strings.HasPrefix(link, edge.URL) {
		t.Errorf("before there is an edge the link is %s", link)
	}
	group := d.request(cfn.RequestCreate, "").PhysicalResourceID
	d.Parameters["/BoxVault/edge/url"] = edge.URL // as the stack does
	for _, id := range d.Groups[group] {
		edge.AddKey(t, id, d.PublicKeys[id])
	}
	link := download(t, lambdatest.Start(t, binary, env))
	if !strings.HasPrefix(link, edge.URL+"/files/") {
		t.Fatalf("the link is %s", link)
	}
	resp, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != 200 || string(got) != string(content) {
		t.Errorf("%s is answered %d with %d other bytes, %v", link, resp.StatusCode, len(got), err)
	}
}

// download asks the function for the box, and returns where it leads.
func download(t *testing.T, f *lambdatest.Function) (link string) {
	t.Helper()
	path := "/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RouteKey: "$default", RawPath: path, Headers: map[string]string{"host": "boxes.example.com"}}
	e.RequestContext.Stage = "$default"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "GET", Path: path, SourceIP: "127.0.0.1"}
	raw, err := f.Invoke(t, e)
	var answer events.APIGatewayV2HTTPResponse
	if err != nil || json.Unmarshal(raw, &answer) != nil || answer.StatusCode != 302 {
		t.Fatalf("the function answers %s, %v", raw, err)
	}
	for name, value := range answer.Headers {
		if strings.EqualFold(name, "Location") {
			return value
		}
	}
	return ""
}
