package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys/linkkeystest"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
	"github.com/boxvault/boxvault/web"
)

// deployment is CloudFormation, with the function that is deployed, a bucket and SSM's parameters.
type deployment struct {
	*testing.T
	bucket     s3test.Bucket
	parameters *linkkeystest.Account
	f          *lambdatest.Function
	url        string
	ended      cfn.Response
}

func start(t *testing.T) *deployment {
	d := &deployment{T: t, bucket: s3test.Start(t), parameters: linkkeystest.Start(t)}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if raw, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(raw, &d.ended) != nil {
			t.Errorf("CloudFormation is told %s, %v", raw, err)
		}
	}))
	t.Cleanup(server.Close)
	d.url = server.URL
	keys, err := d.bucket.Client.Options().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.f = lambdatest.Start(t, lambdatest.Build(t, "github.com/boxvault/boxvault/functions/edge/lambda"), []string{
		"BOXVAULT_EDGE=/BoxVault/edge", "AWS_ENDPOINT_URL_SSM=" + d.parameters.URL, "AWS_ENDPOINT_URL_S3=" + *d.bucket.Client.Options().BaseEndpoint,
		"AWS_REGION=" + d.bucket.Client.Options().Region, "AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.SecretAccessKey, "AWS_SESSION_TOKEN=",
	})
	return d
}

func (d *deployment) request(kind cfn.RequestType, of, id string, properties map[string]any) cfn.Response {
	d.Helper()
	d.ended = cfn.Response{}
	_, err := d.f.Invoke(d, cfn.Event{
		RequestType: kind, RequestID: "request", ResponseURL: d.url, StackID: "stack", LogicalResourceID: "it",
		ResourceType: of, PhysicalResourceID: id, ResourceProperties: properties,
	})
	if err != nil {
		d.Fatal(err)
	}
	return d.ended
}

func (d *deployment) pages(kind cfn.RequestType, bucket, version string) cfn.Response {
	d.Helper()
	return d.request(kind, "Custom::EdgePages", bucket, map[string]any{"Bucket": bucket, "Version": version})
}

func (d *deployment) put(key string) {
	d.Helper()
	if _, err := d.bucket.Client.PutObject(d.Context(), &s3.PutObjectInput{Bucket: &d.bucket.Name, Key: &key, Body: strings.NewReader("old")}); err != nil {
		d.Fatal(err)
	}
}

func (d *deployment) keys() (keys []string) {
	d.Helper()
	list, err := d.bucket.Client.ListObjectsV2(d.Context(), &s3.ListObjectsV2Input{Bucket: &d.bucket.Name})
	if err != nil {
		d.Fatal(err)
	}
	for _, o := range list.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

func TestThePagesOfADeploymentTakeThePlaceOfThoseBefore(t *testing.T) {
	d := start(t)
	d.put("index.html")
	d.put("gone.html")
	made := d.pages(cfn.RequestCreate, d.bucket.Name, web.Version())
	if made.Status != cfn.StatusSuccess || made.PhysicalResourceID != d.bucket.Name || len(d.keys()) != len(web.Files()) {
		t.Fatalf("%+v put %q into the bucket", made, d.keys())
	}
	for _, f := range web.Files() {
		got, err := d.bucket.Client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &d.bucket.Name, Key: &f.Name})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(got.Body)
		if err != nil || string(body) != string(f.Body) || *got.ContentType != f.ContentType || *got.CacheControl != f.CacheControl() {
			t.Errorf("%s is a %s to be kept as %s, %d bytes, %v", f.Name, *got.ContentType, *got.CacheControl, len(body), err)
		}
	}
	d.put("gone.html")
	if same := d.pages(cfn.RequestUpdate, d.bucket.Name, web.Version()); same.Status != cfn.StatusSuccess || len(d.keys()) != len(web.Files()) {
		t.Errorf("%+v leaves %q", same, d.keys())
	}
	if gone := d.pages(cfn.RequestDelete, d.bucket.Name, web.Version()); gone.Status != cfn.StatusSuccess || len(d.keys()) > 0 {
		t.Errorf("%+v leaves %q", gone, d.keys())
	}
}

// A resource that could not be made is deleted, and so is one whose bucket somebody deleted by hand.
func TestABucketThatIsNotThereHasNothingToDelete(t *testing.T) {
	d := start(t)
	none := "boxvault-" + strings.Repeat("0", 20)
	if failed := d.pages(cfn.RequestCreate, none, web.Version()); failed.Status != cfn.StatusFailed || !strings.Contains(failed.Reason, "NoSuchBucket") || failed.PhysicalResourceID != none {
		t.Errorf("CloudFormation is told %+v", failed)
	}
	if gone := d.pages(cfn.RequestDelete, none, web.Version()); gone.Status != cfn.StatusSuccess {
		t.Errorf("CloudFormation is told %+v", gone)
	}
}

func TestAFunctionThatWasBuiltBeforeThePagesChangedSaysSo(t *testing.T) {
	d := start(t)
	if failed := d.pages(cfn.RequestUpdate, d.bucket.Name, "other"); failed.Status != cfn.StatusFailed || !strings.Contains(failed.Reason, "run make lambda") || len(d.keys()) > 0 {
		t.Errorf("CloudFormation is told %+v, and there is %q", failed, d.keys())
	}
}

// What functions compare with is what the distribution sends, and CloudFormation does not show it.
func TestTheMarkStaysUntilTheEdgeGoes(t *testing.T) {
	d := start(t)
	const name, kind = "/BoxVault/edge/mark", "Custom::EdgeMark"
	made := d.request(cfn.RequestCreate, kind, "", nil)
	mark, _ := made.Data["Mark"].(string)
	if made.Status != cfn.StatusSuccess || made.PhysicalResourceID != name || len(mark) < 26 || d.parameters.Parameters[name] != mark || !made.NoEcho {
		t.Fatalf("%+v made %q", made, d.parameters.Parameters)
	}
	if same := d.request(cfn.RequestUpdate, kind, name, nil); same.Data["Mark"] != mark || same.PhysicalResourceID != name {
		t.Errorf("an update ends with %+v", same)
	}
	if gone := d.request(cfn.RequestDelete, kind, name, nil); gone.Status != cfn.StatusSuccess || len(d.parameters.Parameters) > 0 {
		t.Errorf("%+v leaves %v", gone, d.parameters.Parameters)
	}
	d.parameters.Refuse = func(string) string { return "AccessDenied" }
	if failed := d.request(cfn.RequestCreate, kind, "", nil); failed.Status != cfn.StatusFailed || len(failed.Data) > 0 {
		t.Errorf("CloudFormation is told %+v", failed)
	}
	if strings.Contains(d.f.Output(), mark) {
		t.Errorf("the log is %s", d.f.Output())
	}
}

func TestAResourceOfAnotherTypeIsRefused(t *testing.T) {
	d := start(t)
	if failed := d.request(cfn.RequestCreate, "Custom::Other", "", nil); failed.Status != cfn.StatusFailed || failed.PhysicalResourceID == "" {
		t.Errorf("CloudFormation is told %+v", failed)
	}
}
