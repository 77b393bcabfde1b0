package main_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/shared/settings"
)

// maxZip is what the zip of a function may have, in bytes.
const maxZip = 4_000_000

// The function has no client of a store, so the settings may be of nothing that there is.
func TestTheFunctionAnswersAndIsSmall(t *testing.T) {
	var env []string
	for name, value := range (settings.Settings{Table: "none", Bucket: "none", SecretParameter: "/none"}).Environment() {
		env = append(env, name+"="+value)
	}
	binary := lambdatest.Build(t, ".")
	f := lambdatest.Start(t, binary, env)
	if page := invoke(t, f, "/api-docs", ""); page.StatusCode != 200 {
		t.Errorf("%d %s", page.StatusCode, page.Body)
	}
	script := invoke(t, f, "/api-docs/swagger-ui-bundle.js", "gzip")
	packed, err := base64.StdEncoding.DecodeString(script.Body)
	if err != nil || !script.IsBase64Encoded || script.Headers["Content-Encoding"] != "gzip" {
		t.Fatalf("a compressed asset is answered %d, %v, %v", script.StatusCode, script.Headers, err)
	}
	if _, err := gzip.NewReader(bytes.NewReader(packed)); err != nil {
		t.Error(err)
	}
	if size := zipped(t, binary); size > maxZip {
		t.Errorf("the zip has %d bytes, more than %d", size, maxZip)
	}
}

func invoke(t *testing.T, f *lambdatest.Function, path, accept string) (resp events.APIGatewayV2HTTPResponse) {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "$default", RawPath: path,
		Headers: map[string]string{"host": "boxes.example.com", "accept-encoding": accept},
	}
	e.RequestContext.Stage = "$default"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "GET", Path: path, SourceIP: "127.0.0.1"}
	payload, err := f.Invoke(t, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &resp); err != nil {
		t.Fatalf("%v: %s", err, payload)
	}
	return resp
}

func zipped(t *testing.T, path string) int {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	w, err := archive.Create("bootstrap")
	if err == nil {
		_, err = io.Copy(w, bytes.NewReader(raw))
	}
	if err != nil || archive.Close() != nil {
		t.Fatal(err)
	}
	return out.Len()
}
