package lambda_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/settings"
)

// The functions that are deployed, as Lambda runs them: a bootstrap that is one process, told by
// its environment which row it answers, over a table of a real DynamoDB server.

// wantMetrics fails the test unless each line that a function wrote is one that CloudWatch makes
// metrics of.
func wantMetrics(t *testing.T, output, table string) {
	t.Helper()
	for line := range strings.Lines(output) {
		var o struct {
			AWS      *struct{ Timestamp int64 } `json:"_aws"`
			Registry string
			Class    string
			MS       *float64
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil || o.AWS == nil || o.Registry != table || o.Class == "" || o.MS == nil {
			t.Errorf("%v: the function wrote %s", err, line)
		}
	}
	if strings.Count(output, "\n") != 2 {
		t.Errorf("two requests were logged as\n%s", output)
	}
}

func TestFunctionsAnswer(t *testing.T) {
	client := dynamotest.Client(t)
	table := dynamotest.NewTable(t, client)
	seed(t, &catalog.Catalog{Store: dynamo.Open(client, table), Now: time.Now})
	endpoint := *client.Options().BaseEndpoint
	parameters := parameterStore(t)

	start := func(pkg, route string) *lambdatest.Function {
		env := []string{
			"AWS_ENDPOINT_URL_DYNAMODB=" + endpoint, "AWS_ENDPOINT_URL_SSM=" + parameters,
			"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		}
		for name, value := range (settings.Settings{
			Route: route, Table: table, Bucket: "none", SecretParameter: "/test/token-secret",
		}).Environment() {
			env = append(env, name+"="+value)
		}
		return lambdatest.Start(t, lambdatest.Build(t, pkg), env)
	}

	t.Run("metadata", func(t *testing.T) {
		f := start("github.com/boxvault/boxvault/functions/vagrant/lambda", "ReadVagrantMetadata")
		got := invoke(t, f, "GET", "/acme/debian12", "", nil)
		var m api.Metadata
		decode(t, got, 200, &m)
		if m.Name != "acme/debian12" || len(m.Versions) != 0 {
			t.Errorf("metadata: %+v", m)
		}
		if missing := invoke(t, f, "GET", "/acme/other", "", nil); missing.StatusCode != 404 {
			t.Errorf("a missing box: %d %s", missing.StatusCode, missing.Body)
		}
		wantMetrics(t, f.Output(), table)
	})

	t.Run("accounts", func(t *testing.T) {
		signup := start("github.com/boxvault/boxvault/functions/accounts/lambda", "SignUp")
		body := `{"username":"ada","email":"ada@example.com","password":"correct horse battery"}`
		decode(t, invoke(t, signup, "POST", "/api/auth/signup", body, nil), 201, new(api.Done))
		if second := invoke(t, signup, "POST", "/api/auth/signup", `{"username":"bob","email":"bob@example.com","password":"correct horse battery"}`, nil); second.StatusCode != 403 {
			t.Errorf("a second sign-up without an invitation: %d %s", second.StatusCode, second.Body)
		}
		if other := invoke(t, signup, "GET", "/api/user", "", nil); other.StatusCode != 404 {
			t.Errorf("a function answered a row that is not its own: %d", other.StatusCode)
		}

		// Another process must accept the session: both read the same keys.
		var session api.Session
		signin := start("github.com/boxvault/boxvault/functions/accounts/lambda", "SignIn")
		decode(t, invoke(t, signin, "POST", "/api/auth/signin", `{"username":"ada","password":"correct horse battery"}`, nil), 200, &session)
		var user api.User
		whoami := start("github.com/boxvault/boxvault/functions/accounts/lambda", "ReadUser")
		decode(t, invoke(t, whoami, "GET", "/api/user", "", map[string]string{"x-access-token": session.AccessToken}), 200, &user)
		if user.Username != "ada" || len(user.Roles) != 2 {
			t.Errorf("the first account is %+v", user)
		}
	})
}

func TestFunctionSaysWhyItCannotStart(t *testing.T) {
	f := lambdatest.Start(t, lambdatest.Build(t, "github.com/boxvault/boxvault/functions/operation/lambda"), nil)
	if _, err := f.Init(); err == nil {
		t.Error("a function started without its settings")
	}
}

// seed makes a public box.
func seed(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	ctx, now := context.Background(), time.Now()
	owner := registry.Account{ID: registry.NewID(), Username: "owner", Email: "owner@example.com", CreatedAt: now}
	o := registry.Organization{ID: registry.NewID(), Name: "acme", CreatedAt: now}
	// Not by CreateAccount: the first account that signs up is to be the admin.
	if _, err := c.CreateOrganization(ctx, o, registry.Account{ID: owner.ID, Username: "owner", Primary: "acme"}); err != nil {
		t.Fatal(err)
	}
	o, err := c.Organization(ctx, "acme")
	if err != nil {
		t.Fatal(err)
	}
	b := registry.Box{ID: registry.NewID(), Organization: "acme", OrganizationID: o.ID, Name: "debian12", Public: true, CreatedAt: now}
	if _, err := c.CreateBox(ctx, o, b); err != nil {
		t.Fatal(err)
	}
}

// invoke sends the event that the HTTP API makes of a request.
func invoke(t *testing.T, f *lambdatest.Function, method, path, body string, headers map[string]string) (resp events.APIGatewayV2HTTPResponse) {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "$default", RawPath: path, Headers: map[string]string{"host": "boxes.example.com"}, Body: body,
	}
	for name, value := range headers {
		e.Headers[name] = value
	}
	e.RequestContext.Stage = "$default"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: path, SourceIP: "127.0.0.1"}
	payload, err := f.Invoke(t, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &resp); err != nil {
		t.Fatalf("%v: %s", err, payload)
	}
	return resp
}

func decode(t *testing.T, resp events.APIGatewayV2HTTPResponse, status int, into any) {
	t.Helper()
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", resp.StatusCode, status, resp.Body)
	}
	if err := json.Unmarshal([]byte(resp.Body), into); err != nil {
		t.Fatalf("%v: %s", err, resp.Body)
	}
}

// parameterStore has the keys of tokens as SSM has them, for who asks it in AWS JSON 1.1.
func parameterStore(t *testing.T) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Name string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Name != "/test/token-secret" || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
			http.Error(w, "only the keys can be read here", http.StatusBadRequest)
			return
		}
		text := keyringtest.Ring("a secret of 32 bytes, for a test").Text()
		_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]any{"Name": in.Name, "Value": text, "Version": 1}})
	}))
	t.Cleanup(server.Close)
	return server.URL
}
