package lambda_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/settings"
)

// neverWrites is a DynamoDB in which others are always at what somebody wants to write.
func neverWrites(t *testing.T, endpoint string) string {
	t.Helper()
	server, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(server)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		if r.Header.Get("X-Amz-Target") == "DynamoDB_20120810.TransactWriteItems" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","CancellationReasons":[{"Code":"TransactionConflict"}]}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// Whatever a function waits for, it answers before Lambda ends it, and API Gateway its patience.
func TestAFunctionThatWaitsInVainAnswersBeforeItIsEnded(t *testing.T) {
	client := dynamotest.Client(t)
	env := []string{
		"AWS_ENDPOINT_URL_DYNAMODB=" + neverWrites(t, *client.Options().BaseEndpoint), "AWS_ENDPOINT_URL_SSM=" + parameterStore(t),
		"BOXVAULT_ROUTE=SignUp",
	}
	for name, value := range (settings.Settings{Table: dynamotest.NewTable(t, client), Bucket: "none", SecretParameter: "/test/token-secret"}).Environment() {
		env = append(env, name+"="+value)
	}
	f := lambdatest.Start(t, lambdatest.Build(t, "github.com/boxvault/boxvault/functions/accounts/lambda"), env)
	f.Timeout = 3 * time.Second
	body := `{"username":"ada","email":"ada@example.com","password":"correct horse battery"}`
	var refused api.Error
	decode(t, invoke(t, f, "POST", "/api/auth/signup", body, nil), 500, &refused)
	if refused.Code != "INTERNAL_ERROR" || refused.Message == "" {
		t.Errorf("answered %+v", refused)
	}
}
