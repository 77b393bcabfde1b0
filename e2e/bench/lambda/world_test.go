package lambda_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/settings"
)

// world is a deployment with a box in it, whose file is the smallest there is.
type world struct {
	bare     string
	binaries map[string]string // by group
	zips     map[string]int    // bytes, by group
	env      []string
	settings settings.Settings
	registry *coretest.Registry
	owner    string // the token of who owns the box
}

const (
	module       = "github.com/boxvault/boxvault/"
	architecture = "/api/organization/acme/box/debian/version/1.0.0/provider/qemu/architecture/amd64"
	secret       = "what the parameter store has, 32 bytes or more"
)

func build(b *testing.B) *world {
	b.Helper()
	table, bucket := dynamotest.Client(b), s3test.Start(b)
	w := &world{bare: lambdatest.Build(b, "./bare"), binaries: map[string]string{}, zips: map[string]int{}}
	w.settings = settings.Settings{
		Table: dynamotest.NewTable(b, table), Bucket: bucket.Name, SecretParameter: "/boxvault/token-secret",
		Queue: "http://127.0.0.1:1/queue", MailFrom: "boxvault@example.com", // which nothing that is measured asks
	}
	keys, err := bucket.Client.Options().Credentials.Retrieve(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	w.env = []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + *table.Options().BaseEndpoint, "AWS_ENDPOINT_URL_S3=" + *bucket.Client.Options().BaseEndpoint,
		"AWS_ENDPOINT_URL_SSM=" + parameterStore(b), "AWS_REGION=" + bucket.Client.Options().Region,
		"AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.SecretAccessKey,
		"AWS_SESSION_TOKEN=" + keys.SessionToken,
	}
	r, owner := coretest.Acme(b, func(o *core.Options) {
		o.Items, o.Blobs = dynamo.Open(table, w.settings.Table), s3.Open(bucket.Client, bucket.Presign, bucket.Name)
		o.Tokens = auth.Tokens{Now: time.Now, Keys: keyringtest.Fixed(keyringtest.Ring(secret))}
	})
	r.Box(b, owner, "acme", "debian", true)
	r.Upload(b, owner, architecture, coretest.BoxFile(b, "qemu", "a disk"))
	w.registry, w.owner = r, owner
	for _, g := range groups() {
		w.binaries[g] = lambdatest.Build(b, module+"functions/"+g+"/lambda")
	}
	return w
}

// groups are those that are measured.
func groups() (names []string) {
	for _, g := range functions.Groups() {
		names = append(names, g.Name)
	}
	names = append(names, deployment.BehindGroup)
	if *only != "" {
		return []string{*only}
	}
	return names
}

// rows are the functions that are measured.
func (w *world) rows() (list []row) {
	for _, f := range append(deployment.PerRoute(functions.Groups()), deployment.Behind()...) {
		if w.binaries[f.Group] != "" {
			list = append(list, row{Function: f})
		}
	}
	return list
}

// parameterStore has the keys of tokens, as SSM answers it.
func parameterStore(b *testing.B) (url string) {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]any{"Version": 1, "Value": keyringtest.Ring(secret).Text()}})
	}))
	b.Cleanup(server.Close)
	return server.URL
}

func (w *world) environment(route string) (env []string) {
	s := w.settings
	s.Route = route
	env = append(env, w.env...)
	for name, value := range s.Environment() {
		env = append(env, name+"="+value)
	}
	return env
}

// names are what is in the paths that are asked for.
var names = strings.NewReplacer("{organization}", "acme", "{box}", "debian", "{version}", "1.0.0", "{provider}", "qemu", "{architecture}", "amd64")

// event is a request for the row, or what else starts the function. What is there is read by the box's
// owner. What changes something is asked to do so by somebody new, as some rows end a session, with a
// thing that is not there or without saying what.
func (w *world) event(b *testing.B, f deployment.Function) []byte {
	b.Helper()
	switch f.On {
	case behind.NewWork, behind.Schedule:
		return []byte(`{"Records":[]}`)
	case behind.Messages:
		return []byte(`{"Records":[{"messageId":"1","body":"20270102T030405.678Z#17"}]}`)
	}
	method, path := route.Split(strings.Replace(f.Keys[0], deployment.Default, "GET /nothing", 1))
	token := w.owner
	if method == "ANY" {
		method, path = "GET", names.Replace(path)
	} else {
		token = w.registry.Person(b, strings.ToLower(rand.Text()))
	}
	for before, rest, found := strings.Cut(path, "{"); found; before, rest, found = strings.Cut(path, "{") {
		_, after, _ := strings.Cut(rest, "}")
		path = before + "none" + after
	}
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RouteKey: f.Keys[0], RawPath: path, Headers: map[string]string{
		"host": "boxes.example.com", "x-access-token": token, "content-type": "application/json",
	}}
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: path, SourceIP: "127.0.0.1"}
	raw, _ := json.Marshal(e) // strings only
	return raw
}

func rawEvent(event []byte) json.RawMessage { return event }

// fault is an answer that means that nothing was measured.
func fault(answer []byte) error {
	var got struct {
		StatusCode        int
		Body              string
		BatchItemFailures []any
	}
	_ = json.Unmarshal(answer, &got) // some answer nothing
	if got.StatusCode >= http.StatusInternalServerError || len(got.BatchItemFailures) > 0 {
		return fmt.Errorf("the function answered %s", answer)
	}
	return nil
}
