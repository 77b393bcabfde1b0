package functions_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/webhook"
)

// cloud is a registry over a real table and a real bucket, with faults on the way to either.
type cloud struct {
	*coretest.Registry
	owner  string
	bucket s3test.Bucket
	told   *told
}

func onCloud(t *testing.T, table, bucket *injector, change ...func(*core.Options)) *cloud {
	t.Helper()
	plain := dynamotest.Client(t)
	b := s3test.Start(t)
	items := dynamodb.New(plain.Options(), func(o *dynamodb.Options) { o.Retryer = quick() }, func(o *dynamodb.Options) {
		if table != nil {
			o.APIOptions = append(o.APIOptions, table.install)
		}
	})
	blobs := awss3.New(b.Client.Options(), func(o *awss3.Options) { o.Retryer = quick() }, func(o *awss3.Options) {
		if bucket != nil {
			o.APIOptions = append(o.APIOptions, bucket.install)
		}
	})
	c := &cloud{bucket: b, told: receive(t)}
	name := dynamotest.NewTable(t, plain)
	c.Registry, c.owner = coretest.Acme(t, func(o *core.Options) {
		o.Items, o.Blobs, o.WebhooksPrivate = dynamo.Open(items, name), s3.Open(blobs, b.Presign, b.Name), true
		for _, c := range change {
			c(o)
		}
	})
	return c
}

// told is what a webhook was told.
type told struct {
	url string
	mu  sync.Mutex
	got []string
}

func receive(t *testing.T) *told {
	t.Helper()
	r := &told{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, req.Header.Get(webhook.EventHeader))
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

const (
	faultyVersion = "/api/organization/acme/box/debian/version/1.0.0"
	faultyFile    = faultyVersion + "/provider/qemu/architecture/amd64/file"
)

// journey is what people do with a registry, and what there is after it.
func (c *cloud) journey(t *testing.T) (outcome string) {
	t.Helper()
	c.Do(t, "POST", "/api/organization/acme/webhooks", c.owner, map[string]any{"url": c.told.url, "events": []string{"*"}, "secret": "webhook-secret"}).Want(t, 201)
	bob := c.Person(t, "bob")
	invited := embeddedtest.JSON[api.Invited](t, c.Do(t, "POST", "/api/auth/invite", c.owner, map[string]string{"email": "bob@example.com", "organizationName": "acme"}).Want(t, 200))
	letters := len(c.Letters(t))
	c.Do(t, "POST", "/api/auth/invitations/"+invited.Token+"/accept", bob, nil).Want(t, 200)
	box := c.Box(t, c.owner, "acme", "debian", true)
	content := coretest.BoxFile(t, "qemu", "a disk")
	c.upload(t, content)
	c.Do(t, "PUT", faultyVersion+"/release", c.owner, nil).Want(t, 200)
	link := c.Do(t, "GET", faultyFile+"/download", "", nil).Want(t, 302).Header.Get("Location")
	if got := c.Fetch(t, link); !bytes.Equal(got, content) {
		t.Errorf("downloaded %d bytes, want %d", len(got), len(content))
	}
	members := len(embeddedtest.JSON[[]any](t, c.Do(t, "GET", "/api/organization/acme/users", bob, nil).Want(t, 200)))
	c.Sweep(t)
	c.Do(t, "DELETE", box, c.owner, nil).Want(t, 200)
	c.Sweep(t)
	c.Clock.Advance(registry.UploadLife + registry.LinkLife)
	c.Sweep(t)
	c.told.mu.Lock()
	defer c.told.mu.Unlock()
	slices.Sort(c.told.got)
	return fmt.Sprintf("%d letters, %d members, %d objects; told %s; happened %s", letters, members, c.objects(t), c.told.got, c.events(t))
}

// sendParts sends a file in parts, straight to the bucket.
func (c *cloud) sendParts(t *testing.T, content []byte) api.Upload {
	t.Helper()
	u := embeddedtest.JSON[api.Upload](t, c.Do(t, "POST", faultyFile+"/multipart", c.owner, map[string]any{"size": len(content)}).Want(t, 201))
	req, err := http.NewRequestWithContext(t.Context(), u.URLs[0].Method, u.URLs[0].URL, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return u
}

// upload sends a file and has it listed.
func (c *cloud) upload(t *testing.T, content []byte) api.Upload {
	t.Helper()
	u := c.sendParts(t, content)
	answer := c.Do(t, "POST", faultyFile+"/multipart/"+u.ID+"/complete", c.owner, nil)
	if answer.Status != http.StatusOK && answer.Status != http.StatusAccepted {
		t.Fatalf("completed: %d", answer.Status)
	}
	return embeddedtest.JSON[api.Upload](t, answer)
}

// objects are how many are in the bucket.
func (c *cloud) objects(t *testing.T) int {
	t.Helper()
	out, err := c.bucket.Client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: &c.bucket.Name})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Contents)
}

// events are the types of what is in the audit log.
func (c *cloud) events(t *testing.T) string {
	t.Helper()
	list, _, err := c.Core.Catalog.AuditOfAll(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, e := range list {
		types = append(types, string(e.Type))
	}
	slices.Sort(types)
	return strings.Join(types, " ")
}
